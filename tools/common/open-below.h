/* SPDX-License-Identifier: GPL-2.0 */
/*
 * open-below.h - open directories of the image by paths that cannot escape a directory
 */
#ifndef ANYFS_OPEN_BELOW_H
#define ANYFS_OPEN_BELOW_H

/*
 * Open the directory @path of the kernel as if @base were the root directory: no "..", absolute
 * name or symbolic link can escape it.  A @path of more than 3072 bytes must not have "..".  "" is
 * @base.  Returns a descriptor of the kernel or -errno.
 */
long open_below(int base, const char *path, int flags);

#endif /* ANYFS_OPEN_BELOW_H */
