/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hfs-forks.h - find the resource forks of files in an HFS or HFS+
 */
#ifndef ANYFS_HFS_FORKS_H
#define ANYFS_HFS_FORKS_H

#include "side.h"

struct tool;

/*
 * Report an error for @path, the file @f of the image with the attributes @stx, if it has a
 * resource fork, which is not copied, or if macOS has compressed it, so that its content
 * cannot be read.  @what: "not kept", for example; @hint: text at the end of the message,
 * which may be "", or NULL to report no forks.
 */
void hfs_report_forks(struct tool *t, const struct side_file *f, const struct lkl_statx *stx,
		      const char *path, const char *what, const char *hint);

#endif /* ANYFS_HFS_FORKS_H */
