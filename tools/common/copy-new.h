/* SPDX-License-Identifier: GPL-2.0 */
/*
 * copy-new.h - create a file, replacing an existing one of that name
 */
#ifndef ANYFS_COPY_NEW_H
#define ANYFS_COPY_NEW_H

#include "name-clash.h"
#include "side.h"
#include "tool.h"

struct copy_place {
	const struct side *side;
	int dir;
	const char *name;
	struct names_dir *names;	/* of @dir; NULL: replace without a clash check */
};

#define COPY_TEMP_LEN	32

struct copy_new {
	struct copy_place at;
	char temp[COPY_TEMP_LEN];	/* temporary name, "" if the final name was free */
	int fd;				/* of the new file */
};

/* The destination is a device, FIFO or socket of the host, which is never replaced. */
#define COPY_IS_SPECIAL	(-ENXIO)

/*
 * Returns a descriptor to write to, which copy_new_end() closes, COPY_IS_SPECIAL,
 * NAMES_REFUSED or another -errno.
 */
long copy_new_begin(struct copy_new *n, const struct copy_place *at);
/*
 * Close the file and rename it to its final name, or remove it if it is not complete or its
 * data cannot be stored.  0 or -errno.
 */
long copy_new_end(struct copy_new *n, bool complete);
/* Create dir/name, which must not exist.  Returns >= 0, -EEXIST or another -errno. */
typedef long copy_make_fn(void *data, int dir, const char *name);
/*
 * Create a link or device at @at by calling @make.  If the name is taken, @make gets a
 * temporary name, and its result replaces the existing file; if @make fails, that file
 * stays.  0 or -errno.
 */
long copy_replace(const struct copy_place *at, copy_make_fn *make, void *data);
/* Replace the file at @at (not a directory) by a new directory; on failure the file stays. */
long copy_replace_by_dir(const struct copy_place *at, unsigned int mode);
/* Find a name that is free in @dir at the moment.  0 or -errno. */
long copy_free_name(const struct side *side, int dir, char name[COPY_TEMP_LEN]);
/* Create the directory at->name.  0, -EEXIST if there is one already, or another -errno. */
long copy_mkdir(const struct copy_place *at, unsigned int mode);

#endif /* ANYFS_COPY_NEW_H */
