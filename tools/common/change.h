/* SPDX-License-Identifier: GPL-2.0 */
/*
 * change.h - what the verbs share that change files in place
 */
#ifndef ANYFS_CHANGE_H
#define ANYFS_CHANGE_H

#include "side.h"
#include "tool.h"

/* change.c: going through the paths of a command line */

/* Do something to @f; @path is for messages.  0, or -errno to be told. */
typedef long change_fn(void *data, const struct side_file *f, const char *path);

enum change_flags {
	CHANGE_FOLLOW = 1,		/* a path that names a symbolic link means its target */
	CHANGE_TREE = 2,		/* everything below too, never following; contents first */
};

/*
 * @fn for each path; what it returns is told with @what was not done, and counted
 * if it went well.  Once the run is to end, the rest is told as not done.
 */
void change_each(struct tool *t, char **paths, int nr, unsigned int flags, const char *what,
		 change_fn *fn, void *data);

/*
 * Writing to the image failed with -errno @err: as tool_not_done(), and if no other
 * file could do better, the run ends.
 */
void change_failed(struct tool *t, const char *path, const char *what, long err);

/* As change_failed() for a link or device: -EPERM means that there are none of @kind there. */
void change_special_failed(struct tool *t, const char *path, const char *what, const char *kind,
			   long err);

/* "dir/" names what "dir" does; not for paths that may name a symbolic link's target. */
void change_strip_slashes(char *path);

/* dest.c: where files are put, moved or linked to */

/*
 * Open @path of the image as the directory that takes files: *@name is NULL.  If
 * it is none and only one file is to go there (@one), then the directory it is in;
 * *@name is what the file becomes, to be freed.  -errno with the message printed.
 */
int dest_open(struct tool *t, const char *path, bool one, char **name);

/* remove.c */

/* Remove dir/name and all below; @path is for messages.  False if something stayed, told. */
bool remove_tree(struct tool *t, int dir, const char *name, const char *path);

/* mode.c */

/*
 * @old changed by @spec, as chmod(1): octal digits, or clauses like u+rwX,go-w with
 * a umask of 022.  False if @spec is none.
 */
bool mode_apply(const char *spec, unsigned int old, bool is_dir, unsigned int *mode);

/* parse.c */

/*
 * "@1700000000.5", "2024-02-29 12:34:56.789", "2024-02-29T12:34Z", "2024-02-29":
 * local time unless it says otherwise.  False if it is none.
 */
bool parse_time(const char *text, struct timespec *ts);

/* fattr.c: values of attributes as text */

/* "text", "\"text\"", 0x48656c, 0sSGVs; *@len bytes to be freed, or NULL if it is wrong. */
char *fattr_decode(const char *text, size_t *len);
enum fattr_encoding { FATTR_AUTO, FATTR_TEXT, FATTR_HEX, FATTR_BASE64 };
/* Print as fattr_decode() reads it; FATTR_AUTO: as text if it is text. */
void fattr_print(const void *value, size_t len, enum fattr_encoding encoding);

#endif /* ANYFS_CHANGE_H */
