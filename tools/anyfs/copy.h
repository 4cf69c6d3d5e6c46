/* SPDX-License-Identifier: GPL-2.0 */
/*
 * copy.h - copy files and trees between the host and the image, or inside the image
 *
 * Names and links on both sides may be hostile.  Every file is created relative to the
 * descriptor of a directory that was opened without following links.  An existing file
 * is never opened for writing: it is replaced once the new file is complete.
 */
#ifndef ANYFS_COPY_H
#define ANYFS_COPY_H

#include "file-flags.h"
#include "name-clash.h"
#include "side.h"
#include "tool.h"

enum copy_reflink {
	COPY_REFLINK_AUTO,		/* share blocks if the file system can, else copy them */
	COPY_REFLINK_ALWAYS,		/* report files whose blocks cannot be shared */
	COPY_REFLINK_NEVER,
};

enum copy_owner {
	COPY_OWNER_MINE,		/* the user that runs the copy */
	COPY_OWNER_KEEP,		/* the owner of the source */
	COPY_OWNER_SET,			/* copy.uid and copy.gid */
};

struct copy {
	struct tool *t;
	const struct side *from, *to;
	enum copy_owner owner;
	uint32_t uid, gid;
	bool owner_given;		/* --owner: applies to replaced files too */
	bool keep;			/* replaced files keep their owner, mode, attributes */
	int mode;			/* of regular files; -1: that of the source */
	bool no_xattrs;			/* leave out extended attributes and ACLs */
	const char *selinux;		/* context of the copies; NULL: that of the source */
	struct selinux_labels *labels;	/* contexts of the copies by their paths, or NULL */
	bool no_flags;			/* leave out the flags of chattr(1) */
	bool no_project;		/* leave out project ids */
	bool no_devices;		/* leave out device nodes */
	bool sparse;			/* blocks of zeros become holes */
	enum copy_reflink reflink;	/* between files of one image */
	bool update;			/* skip files for which copy_is_current() is true */
	bool top;			/* of "SRC/." copy the metadata of SRC, too */
	bool delete;			/* remove files that the source does not have */
	bool dry_run;			/* only print what would be done */
	const struct copy_filter *filter;	/* or NULL */
	const char *dest;		/* path of copy.base, for messages of delete */
	bool can_mknod;			/* false: on -EPERM report that devices need root */
	char *buf;			/* COPY_BUFFER */
	int base;			/* directory of @to that to_path is relative to */
	void *links;			/* links.c */
	struct names names;		/* names that this run created in the image */
	bool refused;			/* the last file failed with NAMES_REFUSED */
	uint64_t lost_modes;		/* files that lost their set-id bits */
	uint64_t lost_xattrs;
	uint64_t lost_owners;
	struct lost_flags lost;
};

#define COPY_BUFFER	(1u << 20)

/* One file to copy: its source and destination. */
struct copy_item {
	int from_dir;
	const char *from_name;
	int to_dir;
	const char *to_name;
	const char *temp;		/* of a new link or device; NULL: @to_name */
	struct names_dir *names;	/* of to_dir; NULL if that is on the host */
	const char *path;		/* of the source, for messages */
	const char *to_path;		/* relative to copy.base */
	const struct lkl_statx *stx;
	const char *target;		/* text of a symbolic link; NULL: read it when needed */
};

/* copy.c */

/* Copy a file of any type except a directory.  Failures are reported. */
void copy_file(struct copy *c, const struct copy_item *it);
/*
 * Copy standard input to it->to_name.  Its mode is that of the replaced file if copy.keep
 * is set and there is one, else that of it->stx.
 */
void copy_input(struct copy *c, const struct copy_item *it);
/*
 * Report that a call on the destination failed with -errno @err; end the run if every
 * later copy would fail too.
 */
void copy_failed(struct copy *c, const char *path, long err);

/* copy-tree.c */

/*
 * Copy from_dir/from_name, a file or a tree, to @to_name in copy.base.  If @to_name is "",
 * copy the content of the source directory into copy.base.
 */
void copy_path(struct copy *c, int from_dir, const char *from_name, const char *path,
	       const char *to_name);
/* The last component of @path, to be freed; "" for the root and for "." and "..". */
char *copy_last_name(struct tool *t, const char *path);
/* The value of --reflink; NULL, without a value, is "always".  Ends the program on others. */
enum copy_reflink copy_parse_reflink(struct tool *t, const char *text);
/* Report the metadata that could not be kept, one line for each kind. */
void copy_summarise(struct copy *c);

/* copy-delete.c */

/*
 * Remove the files of the directory @to that @from does not have, unless copy.filter leaves
 * them out.  @below and @to_path are the path of @to relative to the top of the tree and to
 * copy.base.
 */
void copy_delete_others(struct copy *c, int from, int to, const char *below, const char *to_path);

/* copy-meta.c: owner, project id, attributes, mode, times */

/* Returns @hint, which names an option of get and put, or "" in mv, which has no such options. */
const char *copy_hint(const struct copy *c, const char *hint);

/*
 * @from and @to are the open source and the new file or directory, -1 for links and devices;
 * @from is -1 for standard input, too.
 */
void copy_meta(struct copy *c, const struct copy_item *it, int from, int to);
/*
 * Like copy_meta(), but owner, attributes and mode come from the existing file or directory
 * at it->to_name, unless its type differs.  @to is the file that will replace it, or the
 * directory itself.
 */
void copy_meta_keep(struct copy *c, const struct copy_item *it, int from, int to);
/* Set the context that copy.labels has for the path it->to_path; @fd is @to of copy_meta(). */
void copy_label(struct copy *c, const struct copy_item *it, int fd);

/* copy-flags.c */

/* The last step: set the flags of chattr(1) on it->to_name.  Failures are reported. */
void copy_flags(struct copy *c, const struct copy_item *it);

#endif /* ANYFS_COPY_H */
