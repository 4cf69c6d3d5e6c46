/* SPDX-License-Identifier: GPL-2.0 */
/*
 * same-file.h - whether two names are one file, and whether a directory lies in another
 */
#ifndef ANYFS_SAME_FILE_H
#define ANYFS_SAME_FILE_H

#include "side.h"

/* True if both names exist and are the same file; symbolic links are not followed. */
bool side_same_file(const struct side *side, int dir, const char *name, int other_dir,
		    const char *other);
/* True if the open directory @dir is the directory @top/@name or lies below it. */
bool side_is_inside(const struct side *side, int dir, int top, const char *name);

#endif /* ANYFS_SAME_FILE_H */
