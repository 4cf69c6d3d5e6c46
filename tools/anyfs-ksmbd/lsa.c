// SPDX-License-Identifier: GPL-2.0
/*
 * lsa.c - the pipe lsarpc (MS-LSAD, MS-LSAT): describe the server as a domain of accounts
 *
 * Windows and macOS ask here for the names of owners, to show and edit permissions.
 */
#include "accounts.h"
#include "rpc.h"

/* Levels of questions for a policy. */
#define PRIMARY_DOMAIN	3
#define ACCOUNT_DOMAIN	5
#define SERVER_ROLE	6
#define DNS_DOMAIN	12

#define ROLE_PRIMARY	3

/* LsarOpenPolicy, LsarOpenPolicy2: every client may read, whatever access it requests. */
static void open_policy(struct rpc_call *c)
{
	handle_answer(c, HANDLE_POLICY, 0);
}

/* The work group: a domain without SID, because the server belongs to none. */
static void primary_domain(struct ndr *out)
{
	ndr_write_counted(out, WORK_GROUP);
	ndr_write32(out, 0);
	ndr_write_characters(out, WORK_GROUP);
}

static void account_domain(const struct ksmbd *k, struct ndr *out)
{
	struct sid sid = domain_sid(k, DOMAIN_SERVER);

	ndr_write_counted(out, domain_name(DOMAIN_SERVER));
	ndr_write_pointer(out);
	ndr_write_characters(out, domain_name(DOMAIN_SERVER));
	ndr_write_sid(out, &sid);
}

static void dns_domain(struct ndr *out)
{
	static const uint8_t no_id[16];

	ndr_write_counted(out, WORK_GROUP);
	ndr_write_counted(out, "");		/* name in DNS */
	ndr_write_counted(out, "");		/* forest */
	ndr_write(out, no_id, sizeof(no_id));
	ndr_write32(out, 0);			/* SID */
	ndr_write_characters(out, WORK_GROUP);
}

static bool is_level(unsigned int level)
{
	return level == PRIMARY_DOMAIN || level == ACCOUNT_DOMAIN || level == SERVER_ROLE ||
	       level == DNS_DOMAIN;
}

/* LsarQueryInformationPolicy, LsarQueryInformationPolicy2 */
static void query_policy(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_POLICY);
	unsigned int level = ndr_read16(c->in);

	if (!h || !result_begin_info(c, level, is_level(level), STATUS_INVALID_PARAMETER))
		return;
	if (level == SERVER_ROLE)
		ndr_write16(c->out, ROLE_PRIMARY);
	else if (level == PRIMARY_DOMAIN)
		primary_domain(c->out);
	else if (level == ACCOUNT_DOMAIN)
		account_domain(c->k, c->out);
	else
		dns_domain(c->out);
	ndr_write32(c->out, STATUS_OK);
}

static const struct rpc_function functions[] = {
	{ 0, handle_close },
	{ 6, open_policy },
	{ 7, query_policy },
	{ 14, lsa_lookup_names },
	{ 15, lsa_lookup_sids },
	{ 44, open_policy },
	{ 46, query_policy },
	{ 57, lsa_lookup_sids2 },
	{ 58, lsa_lookup_names2 },
	{ 68, lsa_lookup_names3 },
	{ 0, NULL },
};

const struct rpc_interface rpc_lsarpc = {
	.id = { 0x78, 0x57, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67,
		0x89, 0xab },
	.version = 0, .pipe = RPC_LSARPC, .pipe_name = "\\PIPE\\lsarpc", .functions = functions,
};
