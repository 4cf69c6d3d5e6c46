/* SPDX-License-Identifier: GPL-2.0 */
/*
 * change.h - apply a change to each path of a command line
 */
#ifndef ANYFS_CHANGE_H
#define ANYFS_CHANGE_H

#include "side.h"
#include "tool.h"

/* Change @f; @path is for messages.  change_each() reports a returned -errno. */
typedef long change_fn(void *data, const struct side_file *f, const char *path);

enum change_flags {
	CHANGE_FOLLOW = 1,		/* if the path is a symbolic link, change its target */
	CHANGE_TREE = 2,		/* recursive, contents first; follows no links */
};

/*
 * Call @fn for each path of the NULL-terminated @args, which may be patterns.  Successes
 * are counted in t->files; a failure is reported as "path: @what: reason".  Once
 * tool_stopping() is true, the remaining paths are reported as not changed.
 */
void change_each(struct tool *t, char *const *args, unsigned int flags, const char *what,
		 change_fn *fn, void *data);

/*
 * Like tool_not_done(), report that writing to the image failed with -errno @err.
 * If every later write would fail too (no space, I/O error, read-only), end the run.
 */
void change_failed(struct tool *t, const char *path, const char *what, long err);

/*
 * Like change_failed(), for a link or device: -EPERM means that the file system does not
 * support @kind.
 */
void change_special_failed(struct tool *t, const char *path, const char *what, const char *kind,
			   long err);

/* Remove trailing slashes from @path.  Do not use where "link/" means the link's target. */
void change_strip_slashes(char *path);

#endif /* ANYFS_CHANGE_H */
