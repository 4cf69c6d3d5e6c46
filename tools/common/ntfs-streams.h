/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ntfs-streams.h - find the named streams of files in an NTFS
 */
#ifndef ANYFS_NTFS_STREAMS_H
#define ANYFS_NTFS_STREAMS_H

#include "side.h"

struct tool;

/*
 * Report an error for @path, the file @f of the image with the attributes @stx, if it has
 * named streams, which are not copied.  @what: "not kept", for example; @hint: text at the
 * end of the message, which may be "".
 */
void ntfs_report_streams(struct tool *t, const struct side_file *f, const struct lkl_statx *stx,
			 const char *path, const char *what, const char *hint);

#endif /* ANYFS_NTFS_STREAMS_H */
