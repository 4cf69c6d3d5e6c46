// SPDX-License-Identifier: GPL-2.0
/*
 * sam-lookup.c - samr: find the numbers of accounts by their names, and the reverse (MS-SAMR)
 */
#include <stdlib.h>
#include "accounts.h"
#include "rpc.h"

#define LOOKUP_MAX	1000u		/* most elements of an array, according to MS-SAMR */

/*
 * Read the number of elements of an array whose elements take at least @size bytes, and allocate
 * their accounts.  NULL if that fails.
 */
static struct account *read_count(struct rpc_call *c, size_t size, uint32_t *nr)
{
	struct account *list;

	*nr = ndr_read32(c->in);
	ndr_read32(c->in);			/* maximum count */
	ndr_read32(c->in);			/* offset of the first element */
	if (ndr_read32(c->in) != *nr || *nr > LOOKUP_MAX || *nr > ndr_rest(c->in) / size)
		c->in->failed = true;
	if (c->in->failed)
		return NULL;
	list = calloc(*nr + 1, sizeof(*list));
	c->out->failed |= !list;
	return list;
}

static uint32_t type_of(const struct account *a)
{
	return a->type;
}

static uint32_t rid_of(const struct account *a)
{
	return a->rid;
}

static void write_numbers(struct ndr *out, const struct account *list, uint32_t nr,
			  uint32_t (*number)(const struct account *a))
{
	ndr_begin_array(out, nr);
	for (uint32_t i = 0; i < nr; i++)
		ndr_write32(out, number(&list[i]));
}

static void write_names(struct ndr *out, const struct account *list, uint32_t nr)
{
	uint32_t i;

	ndr_begin_array(out, nr);
	for (i = 0; i < nr; i++)
		ndr_write_counted(out, list[i].name);
	for (i = 0; i < nr; i++)
		ndr_write_characters(out, list[i].name);
}

static void write_status(struct rpc_call *c, const struct account *list, uint32_t nr)
{
	uint32_t mapped = 0;

	for (uint32_t i = 0; i < nr; i++)
		mapped += list[i].type != TYPE_UNKNOWN;
	result_end_lookup(c, mapped, nr);
}

/* SamrLookupNamesInDomain */
void sam_lookup_names(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_DOMAIN);
	struct ndr fixed_parts;
	struct account *list;
	uint32_t nr;

	list = h ? read_count(c, 8, &nr) : NULL;
	if (!list)
		return;
	fixed_parts = *c->in;
	ndr_skip(c->in, 8 * (size_t)nr);
	for (uint32_t i = 0; i < nr; i++) {
		char name[RPC_NAME_SIZE];

		ndr_read_counted(&fixed_parts, c->in, name, sizeof(name));
		account_in_domain(c->k, c->guest, h->value, name, &list[i]);
	}
	write_numbers(c->out, list, nr, rid_of);
	write_numbers(c->out, list, nr, type_of);
	write_status(c, list, nr);
	free(list);
}

/* SamrLookupIdsInDomain */
void sam_lookup_rids(struct rpc_call *c)
{
	struct rpc_handle *h = handle_read(c, HANDLE_DOMAIN);
	struct account *list;
	uint32_t nr;

	list = h ? read_count(c, 4, &nr) : NULL;
	if (!list)
		return;
	for (uint32_t i = 0; i < nr; i++)
		account_of_rid(c->k, c->guest, h->value, ndr_read32(c->in), &list[i]);
	write_names(c->out, list, nr);
	write_numbers(c->out, list, nr, type_of);
	write_status(c, list, nr);
	free(list);
}
