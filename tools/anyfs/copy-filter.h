/* SPDX-License-Identifier: GPL-2.0 */
/*
 * copy-filter.h - the files that a copy leaves out: --include, --exclude, --update
 */
#ifndef ANYFS_COPY_FILTER_H
#define ANYFS_COPY_FILTER_H

#include "copy.h"

struct copy_rule {
	const char *pattern;
	bool include;
};

/* The rules in the order of the command line; initialise with zeros. */
struct copy_filter {
	struct copy_rule *rules;
	size_t nr;
};

/* Add a rule; ends the program if @pattern is empty. */
void copy_filter_add(struct tool *t, struct copy_filter *f, const char *pattern, bool include);
/*
 * Whether the file at @below, relative to the top of the tree, is copied: the first rule
 * that matches decides.  A pattern with a slash inside matches components at the end of the path;
 * with a slash at its start, the whole path; with a slash at its end, only directories.
 */
bool copy_filter_wants(const struct copy_filter *f, const char *below, bool is_dir);
/*
 * Whether the existing file at it->to_name need not be replaced: it is newer than the source,
 * or has the same time and, if it is a regular file, the same size.
 */
bool copy_is_current(const struct copy *c, const struct copy_item *it);

#endif /* ANYFS_COPY_FILTER_H */
