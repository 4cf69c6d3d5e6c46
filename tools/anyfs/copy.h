/* SPDX-License-Identifier: GPL-2.0 */
/*
 * copy.h - copying out of an image onto the host
 *
 * Names and links in the image are hostile.  On the host everything is made
 * relative to descriptors of directories that this program opened without
 * following links, and nothing that exists is written through: it is replaced.
 */
#ifndef ANYFS_COPY_H
#define ANYFS_COPY_H

#include "tool.h"

struct copy {
	struct tool *t;
	bool root;			/* may give files away */
	char *buf;			/* COPY_BUFFER */
	int base;			/* host directory that hard links are found from */
	void *links;			/* copy-links.c */
	uint64_t files, bytes;
	uint64_t lost_modes;		/* set-id bits that were not kept */
	uint64_t lost_xattrs;
	bool progress;
};

#define COPY_BUFFER	(1u << 20)

/* One file, from where to where. */
struct copy_item {
	int from_dir;
	const char *from_name;
	int to_dir;
	const char *to_name;
	const char *path;		/* of the image, for messages */
	const char *to_path;		/* relative to copy.base */
	const struct lkl_statx *stx;
};

/* copy.c */

/* Anything but a directory.  What fails is told. */
void copy_file(struct copy *c, const struct copy_item *it);
/* After a call on the host failed: tells, and ends the program if no other file could do better. */
void copy_host_error(struct copy *c, const char *path, int err);
/* Make way for to_name: what is there, if it is no directory, goes.  0 or -errno. */
int copy_make_way(const struct copy_item *it);

/* copy-links.c */

/*
 * If @it is a further name of a file that was copied before, link it: 1.
 * 0: it is the first, and remembered.  -1: failed, and told.
 */
int copy_link(struct copy *c, const struct copy_item *it);

/* copy-meta.c: owner, attributes, mode, times */

/* @fd: the file or directory on the host, or -1 for links and devices. */
void copy_meta(struct copy *c, const struct copy_item *it, int fd);

/* progress.c: a line on the terminal that is written over */

void progress_begin(struct copy *c);
void progress_show(struct copy *c);
void progress_end(struct copy *c);

#endif /* ANYFS_COPY_H */
