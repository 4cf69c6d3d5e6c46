// SPDX-License-Identifier: GPL-2.0
/*
 * lsa-lookup.c - lsarpc: find the names of security identifiers, and the reverse (MS-LSAT)
 *
 * Each answer has the list of the domains that occur in it, then an entry for each question,
 * with an index into that list.
 */
#include <stdlib.h>
#include "accounts.h"
#include "rpc.h"

#define NO_DOMAIN	UINT32_MAX	/* index of an entry without domain */

struct lookup {
	struct account *list;
	uint32_t nr;
	uint32_t mapped;		/* entries with a result */
	enum domain domains[DOMAINS];	/* those of the entries with a result */
	uint32_t nr_domains;
};

/* Allocate @nr entries; each takes at least @size bytes of the arguments. */
static bool lookup_begin(struct rpc_call *c, struct lookup *l, uint32_t nr, size_t size)
{
	*l = (struct lookup){ .nr = nr };
	if (nr > ndr_rest(c->in) / size)
		c->in->failed = true;
	else
		l->list = calloc(nr + 1, sizeof(*l->list));
	c->out->failed |= !c->in->failed && !l->list;
	return l->list;
}

static uint32_t domain_index(const struct lookup *l, enum domain domain)
{
	for (uint32_t i = 0; i < l->nr_domains; i++)
		if (l->domains[i] == domain)
			return i;
	return NO_DOMAIN;
}

static void count_account(struct lookup *l, const struct account *a)
{
	if (a->type == TYPE_UNKNOWN)
		return;
	l->mapped++;
	if (domain_index(l, a->domain) == NO_DOMAIN)
		l->domains[l->nr_domains++] = a->domain;
}

/* ---- Questions ---- */

/* Read an array of SIDs and find their names.  False if it is invalid. */
static bool read_sids(struct rpc_call *c, struct lookup *l)
{
	uint32_t nr = ndr_read32(c->in), target = ndr_read32(c->in), i;
	struct sid sid;

	if (nr && (!target || ndr_read32(c->in) != nr))
		c->in->failed = true;
	if (!lookup_begin(c, l, nr, 4))
		return false;
	for (i = 0; i < nr; i++)
		c->in->failed |= !ndr_read32(c->in);
	for (i = 0; i < nr && !c->in->failed; i++) {
		ndr_read_sid(c->in, &sid);
		account_of_sid(c->k, c->guest, &sid, &l->list[i]);
		count_account(l, &l->list[i]);
	}
	return !c->in->failed;
}

/* Read an array of names and find their SIDs.  False if it is invalid. */
static bool read_names(struct rpc_call *c, struct lookup *l)
{
	uint32_t nr = ndr_read32(c->in);
	struct ndr fixed_parts;
	char name[RPC_NAME_SIZE];

	if (ndr_read32(c->in) != nr)
		c->in->failed = true;
	if (!lookup_begin(c, l, nr, 8))
		return false;
	fixed_parts = *c->in;
	ndr_skip(c->in, 8 * (size_t)nr);
	for (uint32_t i = 0; i < nr && !c->in->failed; i++) {
		ndr_read_counted(&fixed_parts, c->in, name, sizeof(name));
		account_of_name(c->k, c->guest, name, &l->list[i]);
		count_account(l, &l->list[i]);
	}
	return !c->in->failed;
}

/* ---- Answers ---- */

static void write_domains(struct rpc_call *c, const struct lookup *l)
{
	struct ndr *out = c->out;
	uint32_t i;

	ndr_write_pointer(out);
	ndr_write32(out, l->nr_domains);
	ndr_write_pointer_if(out, l->nr_domains);
	ndr_write32(out, 0);			/* a maximum that is not used */
	if (l->nr_domains)
		ndr_write32(out, l->nr_domains);
	for (i = 0; i < l->nr_domains; i++) {
		ndr_write_counted(out, domain_name(l->domains[i]));
		ndr_write_pointer(out);
	}
	for (i = 0; i < l->nr_domains; i++) {
		struct sid sid = domain_sid(c->k, l->domains[i]);

		ndr_write_characters(out, domain_name(l->domains[i]));
		ndr_write_sid(out, &sid);
	}
}

/* Write the end of entry @i: the index of its domain, and flags, of which none is set. */
static void write_domain_index(struct rpc_call *c, const struct lookup *l, uint32_t i,
			       bool with_flags)
{
	ndr_write32(c->out, domain_index(l, l->list[i].domain));
	if (with_flags)
		ndr_write32(c->out, 0);
}

static void write_names(struct rpc_call *c, const struct lookup *l, bool with_flags)
{
	uint32_t i;

	for (i = 0; i < l->nr; i++) {
		ndr_write16(c->out, l->list[i].type);
		ndr_write_counted(c->out, l->list[i].name);
		write_domain_index(c, l, i, with_flags);
	}
	for (i = 0; i < l->nr; i++)
		ndr_write_characters(c->out, l->list[i].name);
}

static void write_rids(struct rpc_call *c, const struct lookup *l, bool with_flags)
{
	for (uint32_t i = 0; i < l->nr; i++) {
		ndr_write16(c->out, l->list[i].type);
		ndr_write32(c->out, l->list[i].rid);
		write_domain_index(c, l, i, with_flags);
	}
}

static void write_whole_sids(struct rpc_call *c, const struct lookup *l, bool with_flags)
{
	uint32_t i;

	for (i = 0; i < l->nr; i++) {
		ndr_write16(c->out, l->list[i].type);
		ndr_write_pointer_if(c->out, l->list[i].type != TYPE_UNKNOWN);
		write_domain_index(c, l, i, with_flags);
	}
	for (i = 0; i < l->nr; i++) {
		struct sid sid;

		if (l->list[i].type == TYPE_UNKNOWN)
			continue;
		sid = account_sid(c->k, &l->list[i]);
		ndr_write_sid(c->out, &sid);
	}
}

/* ---- Functions ---- */

typedef bool read_fn(struct rpc_call *c, struct lookup *l);
typedef void write_fn(struct rpc_call *c, const struct lookup *l, bool with_flags);

static void run_lookup(struct rpc_call *c, read_fn *read, write_fn *write, bool with_flags)
{
	struct lookup l = { 0 };

	if (handle_read(c, HANDLE_POLICY) && read(c, &l)) {
		write_domains(c, &l);
		ndr_begin_array(c->out, l.nr);
		write(c, &l, with_flags);
		ndr_write32(c->out, l.mapped);
		result_end_lookup(c, l.mapped, l.nr);
	}
	free(l.list);
}

/* LsarLookupSids */
void lsa_lookup_sids(struct rpc_call *c)
{
	run_lookup(c, read_sids, write_names, false);
}

/* LsarLookupSids2 */
void lsa_lookup_sids2(struct rpc_call *c)
{
	run_lookup(c, read_sids, write_names, true);
}

/* LsarLookupNames */
void lsa_lookup_names(struct rpc_call *c)
{
	run_lookup(c, read_names, write_rids, false);
}

/* LsarLookupNames2 */
void lsa_lookup_names2(struct rpc_call *c)
{
	run_lookup(c, read_names, write_rids, true);
}

/* LsarLookupNames3 */
void lsa_lookup_names3(struct rpc_call *c)
{
	run_lookup(c, read_names, write_whole_sids, true);
}
