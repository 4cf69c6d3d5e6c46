/* SPDX-License-Identifier: GPL-2.0 */
/*
 * btrfs-subvols.h - the subvolumes of a btrfs
 */
#ifndef ANYFS_BTRFS_SUBVOLS_H
#define ANYFS_BTRFS_SUBVOLS_H

#include <stdint.h>

struct subvol {
	uint64_t id;
	char *path;			/* from the top of the file system, "home/user" */
};

/*
 * List the subvolumes of the btrfs on which @fd is open, a descriptor of the library kernel, in
 * an array to be freed with subvols_free().  Returns how many, or -errno.
 */
int subvols_get(int fd, struct subvol **subvols);
void subvols_free(struct subvol *subvols, int nr);

#endif /* ANYFS_BTRFS_SUBVOLS_H */
