/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mtree.h - manifests: mtree(5) and the lists of sha256sum and anyfs hash
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

struct manifest_xattr {
	struct manifest_xattr *next;
	char *key, *value;
	size_t len;
};

/* One file of a manifest; members that the manifest does not mention are NULL or false. */
struct manifest_entry {
	char *path;			/* relative, without "./" */
	char *type, *link, *uname, *gname;
	struct manifest_xattr *xattrs;
	bool optional;			/* the file may be missing */
	bool has_device;
	unsigned int major, minor;
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

/* Read the host's file @path, "-": standard input; ends the program if it is malformed. */
void manifest_read(struct tool *t, const char *path, const struct nettle_hash *kind,
		   struct manifest *m);
/* Like manifest_read(), for a manifest that must be in the format of mtree. */
void manifest_read_mtree(struct tool *t, const char *path, struct manifest *m);
void manifest_free(struct manifest *m);

/* manifest-apply.c */

/*
 * Give files below the directory @base of the image, whose path is @top, the metadata in @m.
 * Devices that are missing are created.  Failures are reported.
 */
void manifest_apply(struct tool *t, const struct manifest *m, int base, const char *top);

#endif /* ANYFS_MTREE_H */
