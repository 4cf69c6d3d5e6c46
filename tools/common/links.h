/* SPDX-License-Identifier: GPL-2.0 */
/*
 * links.h - files with several hard links
 */
#ifndef ANYFS_LINKS_H
#define ANYFS_LINKS_H

#include "tool.h"

/* The first path recorded for this file; if there is none, record @path and return NULL. */
const char *links_find(struct tool *t, void **links, const struct lkl_statx *stx,
		       const char *path);
/*
 * Drop the record of a file that could not be created: its next name is then copied as a first
 * name.
 */
void links_forget(void **links, const struct lkl_statx *stx);
void links_free(void **links);

#endif /* ANYFS_LINKS_H */
