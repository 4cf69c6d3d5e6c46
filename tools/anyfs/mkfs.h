/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mkfs.h - interfaces between the files of anyfs mkfs
 *
 * cmd-mkfs.c parses the command line and checks the place, mkfs-tools.c knows and runs the
 * mkfs programs, mkfs-place.c puts the result into the image.
 */
#ifndef ANYFS_MKFS_H
#define ANYFS_MKFS_H

#include "tool.h"

/* The place in an image or device for a file system. */
struct mkfs_place {
	const char *given;		/* path given by the user, for messages */
	const char *image;		/* path of the file or device */
	int part;			/* partition number; -1: the whole image */
	uint64_t start, size;		/* bytes; before mkfs_lock(), size 0: up to the end */
	bool is_device;
	bool is_new;			/* the image is removed after a failure */
	int fd;				/* open for writing and locked */
};

/* mkfs-tools.c */

struct mkfs_tool;

/* The program that makes @type.  If none is known, prints a message and returns NULL. */
const struct mkfs_tool *mkfs_find(struct tool *t, const char *type);
/* Whether the program is installed; if not, prints a message that names its package. */
bool mkfs_exists(struct tool *t, const struct mkfs_tool *tool);

struct mkfs_job {
	const struct mkfs_tool *tool;
	const char *label, *uuid;	/* of the file system, or NULL */
	unsigned int sector_size;	/* of the volume: 4096, or 0 or 512 bytes */
	char **options;			/* the user's, NULL at the end; NULL: none */
	const char *seed;		/* of random numbers with SOURCE_DATE_EPOCH; NULL: type */
	const char *about;		/* prefix of messages, or NULL */
	bool quiet;			/* show no output of the program, unless it fails */
};

/*
 * "label", "fs-uuid" or "sectors of 4096 bytes" if the job wants to set it and the program cannot;
 * else NULL.
 */
const char *mkfs_lacks(const struct mkfs_job *job);
/* Make a file system in @path.  If that fails, prints a message and returns false. */
bool mkfs_run(struct tool *t, const struct mkfs_job *job, const char *path);

/*
 * Like mkfs_run(), but the program writes zeros instead of making holes.  If it may nevertheless
 * rely on zeros in the holes of the new file, *@zeros is true.
 */
bool mkfs_run_no_holes(struct tool *t, const struct mkfs_job *job, const char *path, bool *zeros);

/* True for a whole block device, which the mkfs program opens itself. */
bool mkfs_is_whole_device(const struct mkfs_place *place);

/* mkfs-place.c: on failure all print a message and return false (mkfs_temp(): < 0) */

/* Open and lock the image for writing, and check that it still contains the place. */
bool mkfs_lock(struct tool *t, struct mkfs_place *place);
/*
 * Create a temporary file of the place's size; returns its descriptor; *@path is for
 * mkfs_remove_temp().
 */
int mkfs_temp(struct tool *t, const struct mkfs_place *place, char **path);
/* Remove the name of the file, and free @path. */
void mkfs_remove_temp(char *path);
/* Copy the content of @temp into the place; holes become zeros. */
bool mkfs_fill(struct tool *t, const struct mkfs_place *place, int temp);

#endif /* ANYFS_MKFS_H */
