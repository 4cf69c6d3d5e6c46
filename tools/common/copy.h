/* SPDX-License-Identifier: GPL-2.0 */
/*
 * copy.h - copying files and trees between the host and the image, or inside it
 *
 * Names and links on both sides may be hostile.  Everything is made relative to
 * descriptors of directories that this program opened without following links,
 * and nothing that exists is written through: it is replaced, once the new file
 * is complete.
 */
#ifndef ANYFS_COPY_H
#define ANYFS_COPY_H

#include "name-clash.h"
#include "side.h"
#include "tool.h"

enum copy_owner {
	COPY_OWNER_MINE,		/* whoever makes the file */
	COPY_OWNER_KEEP,		/* the source's */
	COPY_OWNER_SET,			/* copy.uid and gid */
};

struct copy {
	struct tool *t;
	const struct side *from, *to;
	enum copy_owner owner;
	uint32_t uid, gid;
	bool owner_given;		/* by the user: of files that are replaced, too */
	bool keep;			/* owner, mode, attributes of what is replaced stay */
	int mode;			/* of files, -1: the source's */
	bool no_xattrs;			/* nor ACLs */
	bool no_flags;			/* of chattr(1) */
	bool no_devices;		/* leave them out */
	bool can_mknod;			/* else devices need root, and -EPERM says so */
	char *buf;			/* COPY_BUFFER */
	int base;			/* directory of @to that hard links are found from */
	void *links;			/* links.c */
	struct names names;		/* what was made in the image */
	bool refused;			/* the last file, for its name */
	uint64_t lost_modes;		/* files whose set-id bits were not kept */
	uint64_t lost_xattrs;
	uint64_t lost_owners;
};

#define COPY_BUFFER	(1u << 20)

/* One file, from where to where. */
struct copy_item {
	int from_dir;
	const char *from_name;
	int to_dir;
	const char *to_name;
	struct names_dir *names;	/* of to_dir; NULL on the host */
	const char *path;		/* the source's, for messages */
	const char *to_path;		/* relative to copy.base */
	const struct lkl_statx *stx;
	const char *target;		/* text of a symbolic link, or NULL: to be read */
};

/* copy.c */

/* Anything but a directory.  What fails is told. */
void copy_file(struct copy *c, const struct copy_item *it);
/* Standard input becomes it->to_name, with the mode of it->stx if copy.keep finds none. */
void copy_input(struct copy *c, const struct copy_item *it);
/*
 * A call at the destination failed with -errno @err: tells, and lets the run end
 * if no other file could do better.
 */
void copy_failed(struct copy *c, const char *path, long err);

/* copy-tree.c */

/*
 * from_dir/from_name, whatever it is, becomes to_name in copy.base, or copy.base
 * itself if that is "" (for a directory).
 */
void copy_path(struct copy *c, int from_dir, const char *from_name, const char *path,
	       const char *to_name);
/* The last component, to be freed; "" for the root and for "." and "..". */
char *copy_last_name(struct tool *t, const char *path);
/* Notes on what could not be kept. */
void copy_summarise(struct copy *c);

/* copy-new.c: making a file where something may stand */

struct copy_place {
	const struct side *side;
	int dir;
	const char *name;
	struct names_dir *names;	/* of @dir, or NULL: whatever has the name is replaced */
};

#define COPY_TEMP_LEN	32

struct copy_new {
	struct copy_place at;
	char temp[COPY_TEMP_LEN];	/* what it is called until it is complete, or "" */
};

/* On the host a file does not replace a device, FIFO or socket. */
#define COPY_IS_SPECIAL	(-ENXIO)

/* A descriptor to write to, COPY_IS_SPECIAL, NAMES_REFUSED or another -errno. */
long copy_new_begin(struct copy_new *n, const struct copy_place *at);
/* Take its place, or if it is not complete, go.  0 or -errno. */
long copy_new_end(struct copy_new *n, bool complete);
/* Make something at a name that must be free.  0 or more, -EEXIST or another -errno. */
typedef long copy_make_fn(void *data, int dir, const char *name);
/*
 * @make a link or device at @at.  A file that has the name is replaced once @make has
 * worked under a temporary name; if @make fails, the file stays.  0 or -errno.
 */
long copy_replace(const struct copy_place *at, copy_make_fn *make, void *data);
/* Replace what is at @at, not a directory, by a new directory; on failure it stays. */
long copy_replace_by_dir(const struct copy_place *at, unsigned int mode);
/* Find a name that nothing has in @dir, for a moment.  0 or -errno. */
long copy_free_name(const struct side *side, int dir, char name[COPY_TEMP_LEN]);
/* The directory at->name, made or there already: 0, -EEXIST or what else went wrong. */
long copy_mkdir(const struct copy_place *at, unsigned int mode);

/* links.c: names of files with several names */

/* The path that was remembered for this file, or NULL, and @path is remembered. */
const char *links_find(struct tool *t, void **links, const struct lkl_statx *stx,
		       const char *path);
/* The file was not made: its next name is the first. */
void links_forget(void **links, const struct lkl_statx *stx);

/* copy-meta.c: owner, attributes, mode, times */

/* @fd: the new file or directory, or -1 for links and devices. */
void copy_meta(struct copy *c, const struct copy_item *it, int fd);
/*
 * As copy_meta(), but owner, attributes and mode stay those of the file or directory at
 * it->to_name, unless that is of another type.  @fd is the one that will replace it, or
 * the directory itself.
 */
void copy_meta_keep(struct copy *c, const struct copy_item *it, int fd);

/* copy-flags.c */

/* Give it->to_name, which has all else, the flags of chattr(1).  What fails is told. */
void copy_flags(struct copy *c, const struct copy_item *it);

#endif /* ANYFS_COPY_H */
