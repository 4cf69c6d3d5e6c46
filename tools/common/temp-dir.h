/* SPDX-License-Identifier: GPL-2.0 */
/*
 * temp-dir.h - the directory for temporary files
 */
#ifndef ANYFS_TEMP_DIR_H
#define ANYFS_TEMP_DIR_H

/* $TMPDIR, or the system's directory if that is unset or empty.  Not to be freed. */
const char *tool_temp_dir(void);

#endif /* ANYFS_TEMP_DIR_H */
