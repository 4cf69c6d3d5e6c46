/* SPDX-License-Identifier: GPL-2.0 */
/*
 * body-file.h - print lines of a body file of the Sleuth Kit, version 3
 */
#ifndef ANYFS_BODY_FILE_H
#define ANYFS_BODY_FILE_H

#include <lkl.h>
#include <lkl/linux/stat.h>

/* Print the line of @path; @target of a symbolic link and @md5 in hexadecimal may be NULL. */
void body_file_print(const char *path, const struct lkl_statx *stx, const char *target,
		     const char *md5);

#endif /* ANYFS_BODY_FILE_H */
