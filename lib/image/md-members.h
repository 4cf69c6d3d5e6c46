/* SPDX-License-Identifier: GPL-2.0 */
/*
 * md-members.h - which devices belong to a Linux RAID array, according to their superblocks
 *
 * The superblocks decide whether members are missing or missed writes; the kernel decides
 * whether the array starts without them.
 */
#ifndef ANYFS_IMAGE_MD_MEMBERS_H
#define ANYFS_IMAGE_MD_MEMBERS_H

#include "md-super.h"

#define MD_MEMBERS_MAX	384u

struct md_member {
	void *device;			/* the caller's */
	uint64_t events;		/* of its superblock */
	uint32_t number;		/* of its superblock */
	bool is_stale;			/* the array was written to without this member */
};

/* All zeros: no members. */
struct md_members {
	struct md_super super;		/* the newest superblock */
	struct md_member list[MD_MEMBERS_MAX];
	unsigned int nr;
};

/* Whether two members belong to the same array. */
bool md_is_same_array(const struct md_super *a, const struct md_super *b);
/* Add @device with the superblock @s.  False: a copy of a member, or too many members. */
bool md_members_add(struct md_members *m, const struct md_super *s, void *device);
/*
 * Count the members that the newest superblock lists as in use but that were not added, and
 * set is_stale of all.  A stale member counts as missing.
 */
unsigned int md_members_missing(struct md_members *m);
/* The first stale member, after md_members_missing(); NULL: there is none. */
const struct md_member *md_members_stale(const struct md_members *m);

#endif /* ANYFS_IMAGE_MD_MEMBERS_H */
