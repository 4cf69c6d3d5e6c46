/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mountinfo.h - which mounts of anyfs-fuse the host has
 */
#ifndef ANYFS_MOUNTINFO_H
#define ANYFS_MOUNTINFO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A mount of type fuse.anyfs in this mount namespace. */
struct mount_info {
	char point[4096];		/* where it is mounted */
	char source[4096];		/* the first image */
	dev_t dev;			/* st_dev of its files */
	uid_t user;			/* the user that mounted it */
};

/* Call @fn for each mount of anyfs-fuse. */
void mounts_each(void (*fn)(void *data, const struct mount_info *m), void *data);
/* The mount at @path, the latest one if there are several.  Does not access @path. */
bool mount_find(const char *path, struct mount_info *found);
/*
 * The identity of the file system @dev: a number that is never used again, unlike
 * device numbers.  0 when @dev is not mounted anywhere (in any mount namespace, and not
 * in use after a lazy unmount either), or where /sys is not mounted.
 */
uint64_t mounted_fs_id(dev_t dev);

/*
 * After a mount of the file system @dev was unmounted: is there another one, in this
 * mount namespace (in *@other) or hidden from it?  @fs is mounted_fs_id() from before; if
 * that was 0, hidden ones are not found.
 */
enum mounts_left { MOUNTS_NONE, MOUNTS_HERE, MOUNTS_HIDDEN };
enum mounts_left mounts_left(dev_t dev, uint64_t fs, struct mount_info *other);

/*
 * Seconds to wait for hidden mounts.  A new mount namespace has copies of all mounts, and
 * many namespaces last no longer than a command.
 */
#define HIDDEN_MOUNTS_S	30

#endif /* ANYFS_MOUNTINFO_H */
