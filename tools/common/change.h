/* SPDX-License-Identifier: GPL-2.0 */
/*
 * change.h - code shared by the verbs that change files of the image in place
 */
#ifndef ANYFS_CHANGE_H
#define ANYFS_CHANGE_H

#include "side.h"
#include "tool.h"

/* change.c: apply a change to each path of a command line */

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

/* dest.c: the destination of put, mv and ln */

/*
 * Open the destination @path of the image.  If it is a directory, open it and set *@name
 * to NULL.  Otherwise, if there is only one source (@one), open the parent directory and
 * set *@name to the new file's name; the caller frees it.  Returns a descriptor, or -errno
 * after printing a message.
 */
int dest_open(struct tool *t, const char *path, bool one, char **name);

/* remove.c */

/*
 * Remove dir/name and everything below it; @path is for messages.  Each failure is
 * reported; returns false if there was any.
 */
bool remove_tree(struct tool *t, const struct side *side, int dir, const char *name,
		 const char *path);

/* mode.c */

/*
 * Set *@mode to @old changed by @spec, a mode of chmod(1): octal digits, or
 * symbolic such as u+rwX,go-w, with a umask of 022.  False if @spec is not valid.
 */
bool mode_apply(const char *spec, unsigned int old, bool is_dir, unsigned int *mode);

/* parse.c */

/*
 * Parse "@1700000000.5", "2024-02-29 12:34:56.789", "2024-02-29T12:34Z" or "2024-02-29";
 * local time unless a zone is given.  False if @text is not a time.
 */
bool parse_time(const char *text, struct timespec *ts);

/* fattr.c: values of extended attributes as text */

/*
 * Decode text, "text" in quotes, 0x and hexadecimal digits, or 0s and base64.  Returns
 * *@len bytes, which the caller frees, or NULL if @text is not valid.
 */
char *fattr_decode(const char *text, size_t *len);
enum fattr_encoding { FATTR_AUTO, FATTR_TEXT, FATTR_HEX, FATTR_BASE64 };
/* Print in the form that fattr_decode() reads; FATTR_AUTO: as text, or else as base64. */
void fattr_print(const void *value, size_t len, enum fattr_encoding encoding);

#endif /* ANYFS_CHANGE_H */
