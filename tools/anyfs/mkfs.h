/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mkfs.h - between the files that make file systems
 *
 * cmd-mkfs.c decides what is made where, mkfs-tools.c knows and runs the programs,
 * mkfs-place.c puts the result into the image.
 */
#ifndef ANYFS_MKFS_H
#define ANYFS_MKFS_H

#include "tool.h"

/* Where a file system goes. */
struct mkfs_place {
	const char *given;		/* as the user named it, for messages */
	const char *image;		/* the file or device */
	int part;			/* -1: all of it */
	uint64_t start, size;		/* bytes; size 0: to the end, until it is locked */
	bool is_device;
	int fd;				/* open for writing and locked */
};

/* mkfs-tools.c */

struct mkfs_tool;

/* The program that makes @type; NULL, and told, if none is known. */
const struct mkfs_tool *mkfs_find(struct tool *t, const char *type);
/*
 * Run it on @path with the user's @options.  False if it is missing or fails,
 * which is told.
 */
bool mkfs_run(struct tool *t, const struct mkfs_tool *tool, const char *path, char **options);

/* Whether it is all of a block device, which mkfs itself then opens. */
bool mkfs_is_whole_device(const struct mkfs_place *place);

/* mkfs-place.c: all tell what fails and return false */

/* Open the image for writing, alone, and see that it is still as large as it was. */
bool mkfs_lock(struct tool *t, struct mkfs_place *place);
/* A file of the place's size to make the file system in; *@path to be freed. */
int mkfs_temp(struct tool *t, const struct mkfs_place *place, char **path);
/* Fill the place with what is in @temp, holes as zeros. */
bool mkfs_fill(struct tool *t, const struct mkfs_place *place, int temp);

#endif /* ANYFS_MKFS_H */
