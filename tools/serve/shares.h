/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shares.h - the directories of images that a server shows, and the tree they are bound into
 */
#ifndef ANYFS_SHARES_H
#define ANYFS_SHARES_H

#include <stdbool.h>
#include <stddef.h>
#include "tool.h"

#define SHARES_MAX	64
#define SHARES_ROOT	"/export"	/* in the library kernel: one directory a share */
#define SHARE_NAME_MAX	63		/* bytes */

struct share {
	char name[SHARE_NAME_MAX + 1];
	char *origin;			/* "--share p2", or the path, for messages */
	char *path;			/* in the namespace of its image, "/p2/home" */
	char *comment;			/* "" if none was given */
	struct anyfs_image *image;
	unsigned int image_index;	/* the number in "disk0" */
	bool readonly;
	bool hidden;			/* not listed */
	bool whole;			/* the root of a file system */
	bool by_default;		/* no --share was given */
	bool bound;			/* can be used; see shares_use() */
};

struct shares {
	struct share list[SHARES_MAX];
	size_t nr;
	bool at_first_use;		/* shares by default are opened when a client comes */
};

/*
 * Add a share from "[NAME=]PATH[:OPTIONS]", the value of --share.  Only parses: the image is
 * not open yet.  Ends the program on a bad value.
 */
void shares_add(struct tool *t, struct shares *shares, const char *spec);

/*
 * Add the directory @path, which a configuration file shares as @name.  @origin is put in front
 * of messages.  Ends the program on a bad value.  The result belongs to @shares.
 */
struct share *shares_add_named(struct tool *t, struct shares *shares, const char *origin,
			       const char *name, const char *path);

/*
 * After tool_open(): find the image of each share; without any, share all file systems of
 * all images.  Ends the program if a share does not exist or there is none.
 */
void shares_find(struct tool *t, struct shares *shares);

/*
 * Bind each share to SHARES_ROOT/name, except those that are opened at first use.  Ends the
 * program if one cannot be opened.
 */
void shares_bind(struct tool *t, struct shares *shares);

/*
 * Open and bind a share that a client wants to use, unless that was done.  0, or -errno after a
 * note.  Must not be called by two threads.
 */
int shares_use(struct tool *t, struct share *s);

/*
 * Undo shares_bind(), after the server has ended.  Waits some seconds until its files are closed;
 * reports an error of @t for each share that stays in use.
 */
void shares_unbind(struct tool *t, struct shares *shares);

/* The path of the image that share paths call "disk@index", for messages. */
const char *shares_image_path(const struct tool *t, unsigned int index);

#endif /* ANYFS_SHARES_H */
