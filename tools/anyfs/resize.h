/* SPDX-License-Identifier: GPL-2.0 */
/*
 * resize.h - grow file systems
 */
#ifndef ANYFS_RESIZE_H
#define ANYFS_RESIZE_H

#include "volume.h"

struct resize {
	struct volume v;
	const char *image, *path;
	uint64_t size;			/* bytes; 0: all space of the volume or disk */
	struct volume_program table;	/* grows the partition */
	char number[16], sectors[24], sector[16];	/* arguments of @table */
	struct volume_program program;	/* grows the file system */
	char argument[24];		/* the size, for @program */
};

/* resize-fs.c */

/* Grow the file system @node.  False after a message. */
bool resize_file_system(struct resize *r, struct anyfs_node *node);
/* The program that grows @fstype, a volume_program_fn; @data is a struct resize. */
const struct volume_program *resize_program(void *data, const char *fstype, unsigned int step);

#endif /* ANYFS_RESIZE_H */
