/* SPDX-License-Identifier: GPL-2.0 */
/*
 * members.h - select the disk image among the members of an archive
 */
#ifndef ANYFS_FORMAT_MEMBERS_H
#define ANYFS_FORMAT_MEMBERS_H

#include <errno.h>
#include <stdbool.h>
#include "blockdev.h"

/* The members that were seen, and the best one. */
struct member_choice {
	unsigned int files, images;	/* regular files, and those of them that are images */
	char name[256], second[256];	/* name of the first image (or file), name of the second */
};

/* Consider a regular file named @name; true: it is the best so far. */
bool member_consider(struct member_choice *c, const char *name);
/*
 * After the last member.  0: the image is the last member for which member_consider() returned
 * true.  -EINVAL with error text for @archive: it has no image, or more than one.
 */
int member_check(const struct member_choice *c, const struct blockdev *archive);

#endif /* ANYFS_FORMAT_MEMBERS_H */
