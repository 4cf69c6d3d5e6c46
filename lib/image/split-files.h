/* SPDX-License-Identifier: GPL-2.0 */
/*
 * split-files.h - images that consist of several files: disk.001, disk.002 ...
 */
#ifndef ANYFS_IMAGE_SPLIT_FILES_H
#define ANYFS_IMAGE_SPLIT_FILES_H

#include "blockdev.h"

#define SPLIT_MAX	14971u		/* segments: E01 ... E99, EAA ... ZZZ */

/* The files that follow the first one, in order. */
struct split_files {
	struct blockdev **files;	/* references */
	unsigned int nr;
};

/*
 * Open the files that follow the image @path, by their names; there may be none.  0, or
 * -errno with error text.  Call split_files_close() in any case.
 */
int split_files_open(const char *path, struct split_files *s);
void split_files_close(struct split_files *s);
/* True if @path ends like the first of numbered files, with .001 or .000. */
bool split_is_numbered(const char *path);
/* Replace @first by a disk of @first and all files of @s.  0, or -errno with error text. */
int split_join(struct blockdev **first, const struct split_files *s);

#endif /* ANYFS_IMAGE_SPLIT_FILES_H */
