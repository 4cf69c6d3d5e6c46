/* SPDX-License-Identifier: GPL-2.0 */
/*
 * name-clash.h - detect two names of a run that the file system treats as one
 *
 * Many file systems do not distinguish "Foo" from "foo"; some truncate names, drop trailing
 * dots or normalise Unicode.  If a run creates two files whose names are equal there, the
 * second must not replace the first.  Files older than the run are replaced as usual.
 *
 * The code does not know the rules of any file system: if a name is taken, it lists the
 * directory and compares the entries with the names that the run created.
 */
#ifndef ANYFS_NAME_CLASH_H
#define ANYFS_NAME_CLASH_H

#include "side.h"
#include "tool.h"

/* All directories of a run.  Zero it before the first use. */
struct names {
	void *dirs;
	bool by_link;			/* a directory was reached by a link: it has two paths */
	const char *rival;		/* the other name in the last refusal; NULL: unknown */
};

struct names_dir;

/* The file system treats the name as that of another file of this run. */
#define NAMES_REFUSED	(-ENOTUNIQ)

/* The record of the directory @path; the same directory must be given as the same text. */
struct names_dir *names_dir(struct tool *t, struct names *names, const char *path);
/* Whether there is a record of the directory @path. */
bool names_is_known(const struct names *names, const char *path);
/* Record that the run created @name, which was free. */
void names_made(struct names_dir *d, const char *name);
/*
 * Called when @name is taken in the directory @dir.  0 if the existing file is older than
 * the run or has exactly this name, so it may be replaced; NAMES_REFUSED, or -errno.
 */
long names_check(struct names_dir *d, const struct side *side, int dir, const char *name);
/* Report NAMES_REFUSED for @path; @what was not done, such as "not copied". */
void names_report(struct tool *t, const struct names *names, const char *path, const char *what);

#endif /* ANYFS_NAME_CLASH_H */
