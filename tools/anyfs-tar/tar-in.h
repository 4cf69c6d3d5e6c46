/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tar-in.h - between the files that unpack an archive
 *
 * tar-in.c reads the archive, tar-path.c finds where in the image an entry
 * goes, tar-file.c makes it, tar-meta.c gives it owner, mode and the like.
 */
#ifndef ANYFS_TAR_IN_H
#define ANYFS_TAR_IN_H

#include <archive.h>
#include <archive_entry.h>
#include "copy.h"
#include "owner.h"
#include "tree.h"

/*
 * What a directory gets when nothing more is made in it: times, which would change,
 * and the ACL that its files would inherit.
 */
struct tar_dir {
	char *path;
	struct timespec times[2];
	void *acl;			/* or NULL */
	size_t acl_len;
};

struct tar_in {
	struct tool *t;
	struct archive *archive;
	int base;			/* the directory that nothing leads out of */
	bool no_flags;
	bool no_xattrs;			/* nor ACLs */
	bool sets_owner;
	struct owner owner;		/* instead of the archive's */
	struct strbuf parent;		/* the path whose directory @parent_fd is */
	int parent_fd;			/* -1: none */
	struct names_dir *parent_names;
	struct names names;		/* by paths below the base */
	struct tar_dir *dirs;
	size_t nr_dirs;
	uint64_t lost_owners;
};

/* Where an entry goes. */
struct tar_place {
	char *path;			/* below the base, no "." and ".."; "" is the base */
	int dir;			/* borrowed from tar_in */
	const char *name;		/* in it; "." for the base */
	struct names_dir *names;	/* of @dir */
};

/* tar-path.c */

/*
 * Find, and make where it is missing, the directory that @given belongs into.  All
 * names are taken below the base: symbolic links are followed as if that were the
 * root.  0 or -errno; -EXDEV for a path with "..".  Free place->path.
 */
long tar_place_find(struct tar_in *in, const char *given, struct tar_place *place);
/*
 * The directory @at, whose path below the base is @path, made or there already; a link
 * to one is one.  0, -EEXIST or what else went wrong.
 */
long tar_make_dir(struct tar_in *in, const struct copy_place *at, const char *path,
		  unsigned int mode);
/* Open a directory below the base, by its path without "." and "..".  A descriptor or -errno. */
long tar_open_dir(struct tar_in *in, const char *path, int flags);

/* tar-file.c */

/* Make what @entry is.  What fails is told. */
void tar_extract(struct tar_in *in, struct archive_entry *entry);
/* A call for @path failed: tells, and lets the run end if no other file could do better. */
void tar_failed(struct tar_in *in, const char *path, long err);

/* tar-meta.c */

/* @fd: of a regular file or directory, else -1. */
void tar_meta(struct tar_in *in, struct archive_entry *entry, const struct tar_place *place,
	      int fd);
/* What is left of the directories; and what else is to be told. */
void tar_meta_end(struct tar_in *in);

#endif /* ANYFS_TAR_IN_H */
