/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel-features.h - what this build holds
 */
#ifndef ANYFS_KERNEL_FEATURES_H
#define ANYFS_KERNEL_FEATURES_H

#include "tool.h"

struct feature_list {
	char **names;			/* sorted */
	size_t nr;
};

/* Only lists. */
struct features {
	struct feature_list file_systems, partition_tables, dm_targets, md_levels;
	struct feature_list options;	/* of file systems: acl, verity ... */
	struct feature_list ciphers, modes, sums, charsets;
};

/* Ask the kernel, which runs; what cannot be asked is told and missing. */
void features_get(struct tool *t, struct features *f);
void features_free(struct features *f);

#endif /* ANYFS_KERNEL_FEATURES_H */
