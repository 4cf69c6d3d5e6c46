// SPDX-License-Identifier: GPL-2.0
/*
 * sid.c - security identifiers, such as S-1-5-32-544: read, write, compare
 */
#include "accounts.h"

bool sid_equal(const struct sid *a, const struct sid *b)
{
	if (a->authority != b->authority || a->nr != b->nr)
		return false;
	for (unsigned int i = 0; i < a->nr; i++)
		if (a->numbers[i] != b->numbers[i])
			return false;
	return true;
}

void ndr_read_sid(struct ndr *n, struct sid *sid)
{
	uint32_t nr = ndr_read32(n), head = ndr_read32(n), low = ndr_read32(n);

	*sid = (struct sid){ 0 };
	/* Byte 0 of @head is the revision, and byte 1 repeats @nr.  The authority is big endian. */
	if ((head & 0xff) != 1 || (head >> 8 & 0xff) != nr || nr > SID_NUMBERS_MAX) {
		n->failed = true;
		return;
	}
	sid->authority = (uint64_t)(head >> 16 & 0xff) << 40 | (uint64_t)(head >> 24) << 32 |
			 __builtin_bswap32(low);
	sid->nr = nr;
	for (uint32_t i = 0; i < nr; i++)
		sid->numbers[i] = ndr_read32(n);
}

void ndr_write_sid(struct ndr *n, const struct sid *sid)
{
	ndr_write32(n, sid->nr);
	ndr_write8(n, 1);
	ndr_write8(n, sid->nr);
	for (int shift = 40; shift >= 0; shift -= 8)
		ndr_write8(n, sid->authority >> shift);
	for (unsigned int i = 0; i < sid->nr; i++)
		ndr_write32(n, sid->numbers[i]);
}
