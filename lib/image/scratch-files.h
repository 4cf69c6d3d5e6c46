/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scratch-files.h - scratch files: unnamed temporary files of the host
 *
 * They are created before a program enters its sandbox, and vanish with the process.
 */
#ifndef ANYFS_IMAGE_SCRATCH_FILES_H
#define ANYFS_IMAGE_SCRATCH_FILES_H

#include "anyfs.h"
#include "scratch.h"

#define SCRATCH_FILES	2u		/* an image in an image */

struct scratch_set;

/* Create the files for the image @name with the options @opts.  0, or -errno with error text. */
int scratch_set_create(const char *name, const struct anyfs_disk_opts *opts,
		       struct scratch_set **set);
/* Implements take_scratch of struct format_options. */
struct scratch *scratch_set_take(struct scratch_set *set, const struct blockdev *of);
/* Files that a disk uses are freed with the disk.  NULL is fine. */
void scratch_set_free(struct scratch_set *set);

#endif /* ANYFS_IMAGE_SCRATCH_FILES_H */
