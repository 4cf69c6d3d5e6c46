/* SPDX-License-Identifier: GPL-2.0 */
/*
 * name-clash.h - names that a run has made, where a file system takes several for one
 *
 * Many do not tell "Foo" from "foo"; some cut names, drop dots at their end or
 * normalise them.  Of two files of one run whose names are one there, the second must
 * not replace the first.  What was there before the run is replaced as everywhere.
 *
 * Nothing here knows which file system does what: only when a name is taken already
 * is the directory read, and compared with what was made in it.
 */
#ifndef ANYFS_NAMES_H
#define ANYFS_NAMES_H

#include "side.h"
#include "tool.h"

/* All directories of a run; zeroed is empty. */
struct names {
	void *dirs;
	bool by_link;			/* one was reached by a link: it may have two paths */
	const char *rival;		/* of the last refusal, NULL: unknown */
};

struct names_dir;

/* What a file system takes for the name of another file. */
#define NAMES_REFUSED	(-ENOTUNIQ)

/* The directory at @path, which only has to be the same text for the same directory. */
struct names_dir *names_dir(struct tool *t, struct names *names, const char *path);
bool names_is_known(const struct names *names, const char *path);
/* @name was made, where nothing had it. */
void names_made(struct names_dir *d, const char *name);
/*
 * @name is taken in the directory @dir: 0 if by itself or by what was there before the
 * run, which may be replaced now; NAMES_REFUSED, or -errno.
 */
long names_check(struct names_dir *d, const struct side *side, int dir, const char *name);
/* Tell of NAMES_REFUSED; @what was not done to @path. */
void names_tell(struct tool *t, const struct names *names, const char *path, const char *what);

#endif /* ANYFS_NAMES_H */
