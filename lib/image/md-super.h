/* SPDX-License-Identifier: GPL-2.0 */
/*
 * md-super.h - superblocks of Linux RAID arrays (MD)
 *
 * Versions 0.90, 1.0, 1.1 and 1.2.  What is read here decides which devices belong to an
 * array and whether enough of them are there; the kernel reads the superblocks itself.
 */
#ifndef ANYFS_IMAGE_MD_SUPER_H
#define ANYFS_IMAGE_MD_SUPER_H

#include <stdbool.h>
#include <stdint.h>
#include "device.h"

#define MD_NUMBERS_MAX	1920u	/* as many as the 4096 bytes of a superblock can name */
#define MD_ROLE_MAX	0xff00u	/* roles from here on are no slots of the array */

struct md_super {
	int major, minor;		/* version: 0 and 90, or 1 and 0 ... 2 */
	uint8_t uuid[16];		/* of the array */
	char name[33];			/* "host:name", or "" */
	int32_t level;			/* -1: linear */
	uint32_t raid_disks;		/* slots */
	uint64_t events;		/* how often it was written */
	uint64_t created;		/* seconds */
	uint32_t number;		/* of this member */
	uint32_t nr_roles;
	/* The slot of each member, by its number; MD_ROLE_MAX and above: it has none. */
	uint16_t roles[MD_NUMBERS_MAX];
	bool reshaping;			/* the array is being changed to another shape */
};

/*
 * The superblock of @d, the one that was created last if there are several.  0;
 * -ENOENT: there is none; -EUCLEAN: it is damaged, or the device is cut off, with a text
 * that begins with @object; -errno.
 */
int md_super_read(const struct device *d, const char *object, struct md_super *s);

#endif /* ANYFS_IMAGE_MD_SUPER_H */
