/* SPDX-License-Identifier: GPL-2.0 */
/*
 * diff.h - compare two files or trees, in images or on the host
 */
#ifndef ANYFS_DIFF_H
#define ANYFS_DIFF_H

#include "copy-filter.h"
#include "operand.h"
#include "side.h"
#include "tool.h"

/* One of the two ends that are compared: an image, a path in it, or a directory. */
struct diff_end {
	struct operand at;
	const struct side *side;
	size_t image;			/* its number, for tool_use_image() */
	int top;			/* host: descriptor of the parent directory */
	char *top_name;
};

struct diff {
	struct tool *t;
	struct diff_end ends[2];
	bool brief;			/* -q: do not print lines that differ */
	bool print0;			/* print only paths, once each, with NUL bytes after them */
	char *printed;			/* with print0: the last path */
	bool content_only;
	bool color;
	bool no_mode, no_owner, no_times, no_xattrs;
	unsigned int context;		/* lines */
	struct copy_filter filter;
	uint64_t found;			/* differences */
	char *buf[2];			/* of DIFF_BUFFER bytes each */
};

#define DIFF_BUFFER	(1u << 20)

/* A file of one end. */
struct diff_file {
	int dir;
	const char *name;
	struct lkl_statx stx;
};

/* diff-tree.c */

/* Compare the tops and, if both are directories, everything below. */
void diff_run(struct diff *d);

/* diff-meta.c */

/* Compare mode, owner, times and extended attributes; @path is below the tops. */
void diff_meta(struct diff *d, const struct diff_file f[2], const char *path);

/* diff-content.c */

/* Compare two regular files. */
void diff_content(struct diff *d, const struct diff_file f[2], const char *path);

/* diff-lines.c */

/* Print the lines that differ between two texts, like diff -u. */
void diff_lines(struct diff *d, const char *text[2], const size_t len[2], const char *path);

/* diff-print.c */

/* Report a difference in @what, with the values @a and @b of both ends, which may be NULL. */
void diff_found(struct diff *d, const char *path, const char *what, const char *a, const char *b);
/* Report a file that only the end number @end has. */
void diff_only(struct diff *d, int end, const char *path);
/* The path of a file of the end number @end, for messages; to be freed. */
char *diff_path(struct diff *d, int end, const char *path);
/* Report that reading a file of the end number @end failed with -errno @err. */
void diff_failed(struct diff *d, int end, const char *path, long err);

#endif /* ANYFS_DIFF_H */
