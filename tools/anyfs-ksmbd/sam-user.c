// SPDX-License-Identifier: GPL-2.0
/*
 * sam-user.c - samr: describe one user (MS-SAMR)
 */
#include <string.h>
#include "accounts.h"
#include "rpc.h"

/* Levels of questions for a user. */
#define ACCOUNT_NAME	7
#define PRIMARY_GROUP	9
#define CONTROL		16
#define ALL		21

#define CONTROL_FLAGS	0x210u		/* a normal account, whose password does not expire */
#define GROUP_FLAGS	7u		/* mandatory, enabled by default, enabled */
#define NEVER		0x7fffffffffffffffull
#define NR_STRINGS	8		/* texts about a user, after the two names; all empty */
#define HOURS_OF_WEEK	168
/* The members of the answer that have a value: both names, both numbers, and the flags. */
#define FIELDS		(0x1u | 0x2u | 0x4u | 0x8u | 0x100000u)

/* SamrOpenUser */
void sam_open_user(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_DOMAIN);
	uint32_t rid;

	ndr_read32(c->in);			/* requested access */
	rid = ndr_read32(c->in);
	if (!h)
		return;
	if (h->value == DOMAIN_SERVER && rid >= RID_USERS && rid - RID_USERS < c->k->nr_users)
		handle_answer(c, HANDLE_USER, rid);
	else
		handle_refuse(c, STATUS_NO_SUCH_USER);
}

static void write_all(struct ndr *out, const char *name, uint32_t rid)
{
	int i;

	for (i = 0; i < 3; i++)
		ndr_write_halves(out, 0);	/* last logon and logoff, password set */
	ndr_write_halves(out, NEVER);		/* the account expires */
	ndr_write_halves(out, 0);		/* the password can be changed */
	ndr_write_halves(out, NEVER);		/* the password must be changed */
	ndr_write_counted(out, name);
	ndr_write_counted(out, name);		/* full name */
	for (i = 0; i < NR_STRINGS; i++)
		ndr_write_counted(out, "");
	for (i = 0; i < 2; i++)
		ndr_write_counted(out, "");	/* hashes of the password */
	ndr_write_counted(out, "");		/* private data */
	ndr_write32(out, 0);			/* security descriptor: length and pointer */
	ndr_write32(out, 0);
	ndr_write32(out, rid);
	ndr_write32(out, RID_GROUP);
	ndr_write32(out, CONTROL_FLAGS);
	ndr_write32(out, FIELDS);
	ndr_write16(out, HOURS_OF_WEEK);
	ndr_write32(out, 0);			/* hours: always */
	for (i = 0; i < 4; i++)
		ndr_write16(out, 0);		/* counts of logons, country, code page */
	ndr_write32(out, 0);			/* four flags of passwords */
	ndr_write_characters(out, name);
	ndr_write_characters(out, name);
}

static void write_user(struct ndr *out, unsigned int level, const char *name, uint32_t rid)
{
	if (level == ALL) {
		write_all(out, name, rid);
	} else if (level == ACCOUNT_NAME) {
		ndr_write_counted(out, name);
		ndr_write_characters(out, name);
	} else {
		ndr_write32(out, level == CONTROL ? CONTROL_FLAGS : RID_GROUP);
	}
}

/* SamrQueryInformationUser, SamrQueryInformationUser2 */
void sam_query_user(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_USER);
	unsigned int level = ndr_read16(c->in);
	bool known = level == ACCOUNT_NAME || level == PRIMARY_GROUP || level == CONTROL ||
		     level == ALL;

	if (!h || !result_begin_info(c, level, known, STATUS_INVALID_INFO_CLASS))
		return;
	ndr_align(c->out, 4);
	write_user(c->out, level, c->k->users[h->value - RID_USERS].name, h->value);
	ndr_write32(c->out, STATUS_OK);
}

/* SamrGetGroupsForUser */
void sam_groups_of_user(struct rpc_call *c)
{
	if (!handle_read(c, HANDLE_USER))
		return;
	ndr_write_pointer(c->out);
	ndr_begin_array(c->out, 1);
	ndr_write32(c->out, RID_GROUP);
	ndr_write32(c->out, GROUP_FLAGS);
	ndr_write32(c->out, STATUS_OK);
}

/* SamrQuerySecurityObject: everyone may read the user. */
void sam_query_security(struct rpc_call *c)
{
	static const uint8_t descriptor[] = {
		1, 0, 0x04, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0,
		/* ACL of one entry: S-1-1-0 is allowed the access 0x2035b. */
		2, 0, 28, 0, 1, 0, 0, 0,
		0, 0, 20, 0, 0x5b, 0x03, 0x02, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
	};

	if (!handle_read(c, HANDLE_USER))
		return;
	ndr_write_pointer(c->out);
	ndr_begin_array(c->out, sizeof(descriptor));
	ndr_write(c->out, descriptor, sizeof(descriptor));
	ndr_write32(c->out, STATUS_OK);
}
