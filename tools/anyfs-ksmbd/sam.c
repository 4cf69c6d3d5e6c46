// SPDX-License-Identifier: GPL-2.0
/*
 * sam.c - the pipe samr (MS-SAMR): describe the server as a domain of accounts, and its users
 *
 * There are two domains: that of the server, with the users of --user and one group, and BUILTIN,
 * which has no members.  Guests are refused, because the names of users help to guess passwords.
 */
#include <strings.h>
#include "accounts.h"
#include "rpc.h"

#define NO_TIME		0x8000000000000000ull	/* "never", as a duration */

/* Levels of questions for the domain. */
#define PASSWORDS	1
#define GENERAL		2
#define LOGOFF		3
#define NAME		5

#define SERVER_ENABLED	1
#define ROLE_PRIMARY	3

/* SamrConnect, SamrConnect2, SamrConnect4 */
static void sam_connect(struct rpc_call *c)
{
	if (c->guest)
		handle_refuse(c, STATUS_ACCESS_DENIED);
	else
		handle_answer(c, HANDLE_SAM, 0);
}

/* SamrConnect5 agrees on a revision first. */
static void sam_connect5(struct rpc_call *c)
{
	ndr_write32(c->out, 1);			/* version of the next two */
	ndr_write32(c->out, 1);
	ndr_write32(c->out, 3);			/* revision */
	ndr_write32(c->out, 0);			/* features */
	sam_connect(c);
}

/* ---- Domains ---- */

static const enum domain domains[] = { DOMAIN_SERVER, DOMAIN_BUILTIN };
#define NR_DOMAINS	2u

/* SamrLookupDomainInSamServer */
static void lookup_domain(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_SAM);
	char name[RPC_NAME_SIZE];

	if (!h)
		return;
	ndr_read_counted(c->in, c->in, name, sizeof(name));
	for (size_t i = 0; i < NR_DOMAINS; i++) {
		struct sid sid = domain_sid(c->k, domains[i]);

		if (strcasecmp(domain_name(domains[i]), name))
			continue;
		ndr_write_pointer(c->out);
		ndr_write_sid(c->out, &sid);
		ndr_write32(c->out, STATUS_OK);
		return;
	}
	ndr_write32(c->out, 0);
	ndr_write32(c->out, STATUS_NO_SUCH_DOMAIN);
}

/* Write a list of @nr names with numbers, and that it is complete. */
static void write_list(struct ndr *out, uint32_t nr, const char *const names[],
		       uint32_t first_number)
{
	ndr_write32(out, nr);			/* where the next call continues */
	ndr_write_pointer(out);
	ndr_write32(out, nr);
	ndr_write_pointer(out);
	ndr_write32(out, nr);
	for (uint32_t i = 0; i < nr; i++) {
		ndr_write32(out, first_number + i);
		ndr_write_counted(out, names[i]);
	}
	for (uint32_t i = 0; i < nr; i++)
		ndr_write_characters(out, names[i]);
	ndr_write32(out, nr);
	ndr_write32(out, STATUS_OK);
}

/* SamrEnumerateDomainsInSamServer */
static void list_domains(struct rpc_call *c)
{
	const char *const names[] = { domain_name(DOMAIN_SERVER), domain_name(DOMAIN_BUILTIN) };

	if (handle_read(c, HANDLE_SAM))
		write_list(c->out, ndr_read32(c->in) ? 0 : NR_DOMAINS, names, 0);
}

/* SamrOpenDomain */
static void open_domain(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_SAM);
	struct sid sid;

	ndr_read32(c->in);			/* requested access */
	ndr_read_sid(c->in, &sid);
	if (!h)
		return;
	for (size_t i = 0; i < NR_DOMAINS; i++) {
		struct sid of_domain = domain_sid(c->k, domains[i]);

		if (!sid_equal(&sid, &of_domain))
			continue;
		handle_answer(c, HANDLE_DOMAIN, domains[i]);
		return;
	}
	handle_refuse(c, STATUS_NO_SUCH_DOMAIN);
}

static uint32_t users_of(const struct rpc_call *c, enum domain domain)
{
	return domain == DOMAIN_SERVER ? c->k->nr_users : 0;
}

static void write_general(struct rpc_call *c, enum domain domain)
{
	struct ndr *out = c->out;

	ndr_write_halves(out, NO_TIME);		/* until users are logged off */
	ndr_write_counted(out, "");		/* comment */
	ndr_write_counted(out, domain_name(domain));
	ndr_write_counted(out, "");		/* primary server */
	ndr_write_halves(out, 1);		/* number of changes */
	ndr_write32(out, SERVER_ENABLED);
	ndr_write32(out, ROLE_PRIMARY);
	ndr_write32(out, 1);			/* required by the format */
	ndr_write32(out, users_of(c, domain));
	ndr_write32(out, domain == DOMAIN_SERVER);	/* groups */
	ndr_write32(out, 0);			/* aliases */
	ndr_write_characters(out, domain_name(domain));
}

static void write_passwords(struct ndr *out)
{
	ndr_write16(out, 1);			/* least number of characters */
	ndr_write16(out, 0);			/* old passwords that are refused */
	ndr_write32(out, 0);			/* properties */
	ndr_write_halves(out, NO_TIME);		/* greatest age */
	ndr_write_halves(out, 0);		/* least age */
}

static void write_domain_info(struct rpc_call *c, unsigned int level, enum domain domain)
{
	switch (level) {
	case PASSWORDS:
		write_passwords(c->out);
		break;
	case GENERAL:
		write_general(c, domain);
		break;
	case LOGOFF:
		ndr_write_halves(c->out, NO_TIME);
		break;
	default:
		ndr_write_counted(c->out, domain_name(domain));
		ndr_write_characters(c->out, domain_name(domain));
	}
}

/* SamrQueryInformationDomain, SamrQueryInformationDomain2 */
static void query_domain(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_DOMAIN);
	unsigned int level = ndr_read16(c->in);
	bool known = level == PASSWORDS || level == GENERAL || level == LOGOFF || level == NAME;

	if (!h || !result_begin_info(c, level, known, STATUS_INVALID_INFO_CLASS))
		return;
	ndr_align(c->out, 4);
	write_domain_info(c, level, h->value);
	ndr_write32(c->out, STATUS_OK);
}

/* ---- Lists ---- */

/* SamrEnumerateUsersInDomain */
static void list_users(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_DOMAIN);
	const char *names[USERS_MAX];
	uint32_t nr;

	if (!h)
		return;
	nr = ndr_read32(c->in) ? 0 : users_of(c, h->value);
	for (uint32_t i = 0; i < nr; i++)
		names[i] = c->k->users[i].name;
	write_list(c->out, nr, names, RID_USERS);
}

/* SamrEnumerateGroupsInDomain */
static void list_groups(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_DOMAIN);
	const char *const names[] = { "None" };

	if (h)
		write_list(c->out, h->value == DOMAIN_SERVER && !ndr_read32(c->in), names,
			   RID_GROUP);
}

/* SamrEnumerateAliasesInDomain */
static void list_aliases(struct rpc_call *c)
{
	if (handle_read(c, HANDLE_DOMAIN))
		write_list(c->out, 0, NULL, 0);
}

/* SamrGetAliasMembership: no user is member of an alias. */
static void list_memberships(struct rpc_call *c)
{
	if (!handle_read(c, HANDLE_DOMAIN))
		return;
	ndr_write32(c->out, 0);
	ndr_write32(c->out, 0);
	ndr_write32(c->out, STATUS_OK);
}

static const struct rpc_function functions[] = {
	{ 0, sam_connect },
	{ 1, handle_close },
	{ 3, sam_query_security },
	{ 5, lookup_domain },
	{ 6, list_domains },
	{ 7, open_domain },
	{ 8, query_domain },
	{ 11, list_groups },
	{ 13, list_users },
	{ 15, list_aliases },
	{ 16, list_memberships },
	{ 17, sam_lookup_names },
	{ 18, sam_lookup_rids },
	{ 34, sam_open_user },
	{ 36, sam_query_user },
	{ 39, sam_groups_of_user },
	{ 46, query_domain },
	{ 47, sam_query_user },
	{ 57, sam_connect },
	{ 62, sam_connect },
	{ 64, sam_connect5 },
	{ 0, NULL },
};

const struct rpc_interface rpc_samr = {
	.id = { 0x78, 0x57, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67,
		0x89, 0xac },
	.version = 1, .pipe = RPC_SAMR, .pipe_name = "\\PIPE\\samr", .functions = functions,
};
