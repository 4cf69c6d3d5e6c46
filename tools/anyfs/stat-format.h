/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stat-format.h - the output of stat --format
 */
#ifndef ANYFS_STAT_FORMAT_H
#define ANYFS_STAT_FORMAT_H

#include "owner.h"

#define STAT_DIRECTIVES		"aAbBFgGhinNsuUwWxXyYzZ%"

/* False if @format has a directive that is not in STAT_DIRECTIVES, which is stored in *@bad. */
bool stat_format_check(const char *format, char *bad);
/* Print @format for a file; @target is the text of a symbolic link or NULL. */
void stat_format_print(struct tool *t, const char *format, const char *path,
		       const struct lkl_statx *stx, const char *target,
		       struct owner_names *names);

#endif /* ANYFS_STAT_FORMAT_H */
