/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ntfs-special.h - symbolic links and devices that ntfs-3g stores as regular files
 */
#ifndef ANYFS_NTFS_SPECIAL_H
#define ANYFS_NTFS_SPECIAL_H

#include <errno.h>
#include "side.h"

/* A reparse point that the kernel's driver cannot read: a WSL link, FIFO or device. */
#define NTFS_UNREADABLE		(-EOPNOTSUPP)
#define NTFS_UNREADABLE_WHY	"a reparse point that cannot be read, such as a WSL link"

/*
 * Check whether the regular file @dir/@name represents a link or device.  If so, returns
 * 1, sets type and device number in @stx, and sets *@target to the text of a link, which
 * the caller frees.  Returns 0 for an ordinary file, NTFS_UNREADABLE, or -errno.
 */
long ntfs_special(const struct side *side, int dir, const char *name, struct lkl_statx *stx,
		  char **target);

/* Whether the file with the attributes @stx, in the directory @dir of the image, is in an NTFS. */
bool ntfs_is(int dir, const struct lkl_statx *stx);

/*
 * Convert @nr units of UTF-16, little endian, to UTF-8.  The caller frees the text.  NULL
 * and errno on failure: EILSEQ for a zero or half of a surrogate pair.
 */
char *ntfs_decode_name(const char *text, size_t nr);

#endif /* ANYFS_NTFS_SPECIAL_H */
