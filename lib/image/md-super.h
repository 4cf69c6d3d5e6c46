/* SPDX-License-Identifier: GPL-2.0 */
/*
 * md-super.h - superblocks of Linux RAID arrays (MD)
 *
 * Versions 0.90, 1.0, 1.1 and 1.2.  These data decide which devices belong to an array and
 * whether enough of them were found; the kernel reads the superblocks again itself.
 */
#ifndef ANYFS_IMAGE_MD_SUPER_H
#define ANYFS_IMAGE_MD_SUPER_H

#include <stdbool.h>
#include <stdint.h>
#include "device.h"

#define MD_NUMBERS_MAX	1920u	/* the most that a superblock of 4096 bytes can list */
#define MD_ROLE_MAX	0xff00u	/* this and larger roles are not slots of the array */

struct md_super {
	int major, minor;		/* version: 0 and 90, or 1 and 0 ... 2 */
	uint8_t uuid[16];		/* of the array */
	char name[33];			/* of the array: "host:name", or "" */
	int32_t level;			/* RAID level; -1: linear */
	uint32_t raid_disks;		/* number of slots of the array */
	uint64_t events;		/* number of updates of the superblock */
	uint64_t created;		/* when the array was created, seconds since 1970 */
	uint32_t number;		/* of this member: index in roles */
	uint32_t nr_roles;		/* entries of roles in use */
	/* The slot of each member, by its number; MD_ROLE_MAX and above: no slot. */
	uint16_t roles[MD_NUMBERS_MAX];
	bool reshaping;			/* the array is being changed to another shape */
};

/*
 * Read the superblock of @d; if there are several, the one that was created last.  0;
 * -ENOENT: no superblock; -EUCLEAN, with error text that begins with @object: damaged, or the
 * device is truncated; other -errno.
 */
int md_super_read(const struct device *d, const char *object, struct md_super *s);

#endif /* ANYFS_IMAGE_MD_SUPER_H */
