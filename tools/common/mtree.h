/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mtree.h - manifests of anyfs hash and verify: mtree(5) and the lists of sha256sum
 */
#ifndef ANYFS_MTREE_H
#define ANYFS_MTREE_H

#include "digest.h"
#include "tool.h"

/* mtree-print.c */

/* The word of mtree for the type of a file: "file", "dir" ... */
const char *mtree_type(unsigned int mode);
/* Print the line of the file @path; @sum is the text of its checksum of @kind, or NULL. */
void mtree_print(const char *path, const struct lkl_statx *stx, const char *target,
		 const struct nettle_hash *kind, const char *sum);

/* manifest.c */

/* One file of a manifest; members that the manifest does not mention are NULL or false. */
struct manifest_entry {
	char *path;			/* relative, without "./" */
	char *type, *link;
	const struct nettle_hash *kind;
	char *sum;
	bool has_mode, has_uid, has_gid, has_size, has_time;
	unsigned int mode;
	uint32_t uid, gid;
	uint64_t size;
	int64_t time;			/* seconds */
	uint32_t time_nsec;
	bool has_nsec;
};

struct manifest {
	bool is_mtree;
	struct manifest_entry *entries;	/* sorted by path */
	size_t nr;
};

/* Read the host's file @path, "-" is standard input; ends the program on a mistake in it. */
void manifest_read(struct tool *t, const char *path, const struct nettle_hash *kind,
		   struct manifest *m);
void manifest_free(struct manifest *m);

#endif /* ANYFS_MTREE_H */
