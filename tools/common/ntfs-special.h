/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ntfs-special.h - links and devices that ntfs-3g stores as files of NTFS
 */
#ifndef ANYFS_NTFS_SPECIAL_H
#define ANYFS_NTFS_SPECIAL_H

#include <errno.h>
#include "side.h"

/* It is a reparse point that the kernel's driver cannot read: a link, FIFO or device of WSL. */
#define NTFS_UNREADABLE		(-EOPNOTSUPP)
#define NTFS_UNREADABLE_WHY	"a reparse point that cannot be read, such as a link of WSL"

/*
 * The regular file @dir/@name of @stx, if it stands for a link or device: 1, and its type
 * and device number are put into @stx, and the text of a link, to be freed, into *@target.
 * 0 if it is an ordinary file, NTFS_UNREADABLE, or -errno.
 */
long ntfs_special(const struct side *side, int dir, const char *name, struct lkl_statx *stx,
		  char **target);

#endif /* ANYFS_NTFS_SPECIAL_H */
