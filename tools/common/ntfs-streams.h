/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ntfs-streams.h - find the named streams of files in an NTFS
 */
#ifndef ANYFS_NTFS_STREAMS_H
#define ANYFS_NTFS_STREAMS_H

#include "side.h"

struct tool;

/*
 * Report an error for @path, the file @f with the attributes @stx, if it has named
 * streams, which are not copied.  @what: "not kept", for example.
 */
void ntfs_report_streams(struct tool *t, const struct side *side, const struct side_file *f,
			 const struct lkl_statx *stx, const char *path, const char *what);

#endif /* ANYFS_NTFS_STREAMS_H */
