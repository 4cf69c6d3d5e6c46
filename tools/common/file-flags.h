/* SPDX-License-Identifier: GPL-2.0 */
/*
 * file-flags.h - flags and project ids of files in an image, and reports of their loss
 */
#ifndef ANYFS_FILE_FLAGS_H
#define ANYFS_FILE_FLAGS_H

#include "side.h"

struct tool;

struct file_flags {
	unsigned int flags;		/* LKL_FS_*_FL, without those of copy-flags.c */
	uint32_t project;		/* the id that quotas of projects count; 0: none */
	bool inherits;			/* a directory that gives its project id to new files */
};

/* The flags that a run did not keep.  Zero it before the first use. */
struct lost_flags {
	uint64_t projects;		/* files that lost their project id */
	char *first;			/* the first of them */
	uint64_t files;			/* files that lost flags */
	unsigned int flags;		/* all flags that were lost */
};

/*
 * Read the flags of @f, which has the attributes @stx, into @ff.  It stays zero for files
 * other than regular files and directories of the image, and where the file system has no
 * flags.  Thread-safety: one thread only.
 */
void file_flags_get(const struct side *side, const struct side_file *f,
		    const struct lkl_statx *stx, struct file_flags *ff);
/*
 * Give the project id in @ff to the open file @fd of the image.  A file that has got an id
 * from its directory keeps that.  0 or -errno.
 */
long file_flags_set_project(int fd, const struct file_flags *ff);
/* Set @flags on the open file @fd of the image.  Returns those that the file did not get. */
unsigned int file_flags_set(int fd, unsigned int flags);

/* Record that the file @path did not keep its project id. */
void lost_project(struct tool *t, struct lost_flags *lost, const char *path);
/* Record that a file did not keep @flags; 0: no loss. */
void lost_set_flags(struct lost_flags *lost, unsigned int flags);
/*
 * Report losses: an error for project ids, which ends with @hint, and a note for flags.
 * Frees the members of @lost, but keeps the numbers.
 */
void lost_report(struct tool *t, struct lost_flags *lost, const char *hint);

#endif /* ANYFS_FILE_FLAGS_H */
