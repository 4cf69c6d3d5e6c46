/* SPDX-License-Identifier: GPL-2.0 */
/*
 * source.h - open the file of an image in its format
 *
 * Opening has two steps.  source_open() opens files and reads only the signature of the
 * format; source_finish() parses the image's metadata, which a tool does in its sandbox.
 */
#ifndef ANYFS_IMAGE_SOURCE_H
#define ANYFS_IMAGE_SOURCE_H

#include "format.h"
#include "image.h"
#include "scratch-files.h"
#include "split-files.h"

/* An image, given by its path, or by a descriptor or a blockdev that the caller keeps. */
struct disk_source {
	struct blockdev *bd;		/* NULL: path or fd */
	const char *path;		/* NULL: fd */
	int fd;
	const char *name;		/* name of the descriptor in messages */
};

struct anyfs_source {
	struct blockdev *bd;		/* the file, or the disk if there is no format */
	const struct format *format;	/* to be opened over bd; NULL: none */
	struct scratch_set *scratch;	/* files for unpacking, or NULL */
	struct split_files parts;	/* following files of a split image */
	char *snapshot;			/* snapshot name, or NULL */
	unsigned int flags, replay_mb, sector_size;	/* of struct anyfs_disk_opts */
};

/*
 * Open @src with @opts (NULL: defaults).  If @opts name an overlay or a directory of backing
 * files, this includes the second step, which opens these files.
 */
int source_open(const struct disk_source *src, const struct anyfs_disk_opts *opts,
		struct anyfs_source **source);
/* The image's name for messages. */
const char *source_name(const struct anyfs_source *source);
/* Get the disk of @source; frees @source, also on failure.  0 or -errno with error text. */
int source_finish(struct anyfs_source *source, struct blockdev **bd);

/* The directory below which files may be opened, to be freed; or NULL with error text. */
char *source_find_root(const struct anyfs_source *source, const char *dir);

/* source-files.c: files to which an image refers */

/* Limits for files to which an image refers. */
struct source_files {
	const char *root;		/* real path of the directory, "/" at its end */
	struct scratch_set *scratch;	/* or NULL */
	unsigned int depth;		/* nesting depth of images */
};
/* Implements open_other of struct format_options; @data is a struct source_files. */
int source_open_other(void *data, const struct blockdev *of, const char *name,
		      const char *format, struct blockdev **bd);
/* Implements find_other; searches the directory of the image and the one above it. */
int source_find_other(void *data, const struct blockdev *of, format_wanted wanted,
		      const void *key, const char *text, const char *format,
		      struct blockdev **bd);
/* Detect the format of @bd and load its codecs; *@format is NULL if there is none. */
int source_probe(struct blockdev *bd, const char *name, const struct format **format);

/* source-qemu.c */

/*
 * If @source is to be written in a format that only QEMU writes, or is encrypted, replace its
 * file by its disk, which QEMU's daemon serves.  0, or -errno with error text.
 */
int source_open_by_qemu(struct anyfs_source *source, const struct disk_source *src,
			const struct anyfs_disk_opts *opts);

/* source-foreign.c: formats that only QEMU reads */

bool foreign_format(const char *name);
/* The names of these formats, for messages. */
const char *foreign_names(void);
/*
 * Replace the file *@bd, an image in the foreign format that @opts name, by its disk.  0, or
 * -errno with error text.
 */
int foreign_open(struct blockdev **bd, const struct disk_source *src,
		 const struct anyfs_disk_opts *opts);

#endif /* ANYFS_IMAGE_SOURCE_H */
