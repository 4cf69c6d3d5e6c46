/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xattr.h - read extended attributes; symbolic links are not followed
 */
#ifndef ANYFS_XATTR_H
#define ANYFS_XATTR_H

#include "side.h"

typedef long xattr_fn(void *data, const char *key, const void *value, size_t len);
/*
 * Call @fn for each extended attribute of @f until it returns a value other than 0; returns
 * that value, 0, or -errno.
 */
long xattr_each(const struct side *side, const struct side_file *f, xattr_fn *fn, void *data);

#endif /* ANYFS_XATTR_H */
