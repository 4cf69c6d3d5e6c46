/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel-features.h - the features of this build
 */
#ifndef ANYFS_KERNEL_FEATURES_H
#define ANYFS_KERNEL_FEATURES_H

#include "tool.h"

struct feature_list {
	char **names;			/* sorted */
	size_t nr;
};

/* All members must be struct feature_list. */
struct features {
	struct feature_list file_systems, partition_tables, dm_targets, md_levels;
	struct feature_list options;	/* of file systems: acl, verity ... */
	struct feature_list ciphers, modes, sums, charsets;
};

/* Query the running kernel.  If a query fails, that is reported and its list is empty. */
void features_get(struct tool *t, struct features *f);
void features_free(struct features *f);

#endif /* ANYFS_KERNEL_FEATURES_H */
