/* SPDX-License-Identifier: GPL-2.0 */
/*
 * source.h - what an image is read from: a file, and the format it has
 *
 * Opened in two steps.  source_open() opens files and looks at nothing but the
 * signature of a format; source_finish() reads what the image says of itself,
 * which a tool does in its sandbox.
 */
#ifndef ANYFS_IMAGE_SOURCE_H
#define ANYFS_IMAGE_SOURCE_H

#include "format.h"
#include "image.h"

/* An image by its path, or by a descriptor that stays the caller's. */
struct disk_source {
	const char *path;		/* NULL: fd */
	int fd;
	const char *name;		/* of fd, for messages */
};

/*
 * Open @src as @opts (NULL: defaults) say.  An overlay and files that the image
 * names need the second step now, since they are opened by it.
 */
int source_open(const struct disk_source *src, const AnyfsDiskOpts *opts,
		struct anyfs_source **source);
/* For messages. */
const char *source_name(const struct anyfs_source *source);
/* The disk in @source, which is freed, on failure too.  0 or -errno with a text. */
int source_finish(struct anyfs_source *source, struct blockdev **bd);

/* source-files.c: files that an image names */

/* Where the files are that an image may name. */
struct source_files {
	const char *root;		/* real path of the directory, "/" at its end */
	unsigned int depth;		/* of images that name each other */
};
/* As open_other of struct format_options, for @data a struct source_files. */
int source_open_other(void *data, const struct blockdev *of, const char *name,
		      const char *format, struct blockdev **bd);
/* The format of @bd by its content, with its codecs loaded, or NULL in *@format. */
int source_probe(struct blockdev *bd, const char *name, const struct format **format);

#endif /* ANYFS_IMAGE_SOURCE_H */
