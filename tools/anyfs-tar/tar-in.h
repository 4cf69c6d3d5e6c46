/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tar-in.h - interfaces between the files of anyfs tar-in
 *
 * tar-input.c reads the archive, tar-path.c finds the place of an entry in the image,
 * tar-file.c creates the file, tar-meta.c sets owner, mode and other metadata.  For layers of
 * container images, tar-layer.c deletes files.
 */
#ifndef ANYFS_TAR_IN_H
#define ANYFS_TAR_IN_H

#include <archive.h>
#include <archive_entry.h>
#include "copy-new.h"
#include "options.h"
#include "owner.h"
#include "strbuf.h"
#include "whiteout.h"

/*
 * Metadata that a directory gets after all files: its times, which new files would change,
 * and its default ACL, which new files would inherit.
 */
struct tar_dir {
	char *path;			/* NULL: the directory was removed */
	struct timespec times[2];
	void *acl;			/* or NULL */
	size_t acl_len;
};

struct tar_in {
	struct tool *t;
	struct archive *archive;
	const char *base_path;		/* the destination directory, for messages */
	int base;			/* its descriptor; entries cannot escape it */
	bool no_flags;
	struct selinux_labels *labels;	/* contexts by paths, or NULL */
	bool no_xattrs;			/* leave out extended attributes and ACLs */
	bool layers;			/* archives are layers: entries replace files of any type */
	const char *owner_text;		/* value of --owner, or NULL */
	bool sets_owner;
	struct owner owner;		/* replaces the owners in the archive, if sets_owner */
	struct strbuf parent;		/* path of the directory @parent_fd */
	int parent_fd;			/* -1: none */
	struct names_dir *parent_names;
	struct names names;		/* names created so far, by paths below the base */
	struct tar_dir *dirs;
	size_t nr_dirs;
	uint64_t lost_owners;
};

/* The place of an entry in the image. */
struct tar_place {
	char *path;			/* below the base, without "." and ".."; "" is the base */
	int dir;			/* parent directory, owned by tar_in */
	const char *name;		/* last component; "." for the base */
	struct names_dir *names;	/* of @dir */
};

/* tar-path.c */

/*
 * Find the parent directory of @given, and create it if it is missing.  Symbolic links are
 * followed as if the base were the root directory.  Returns 0 or -errno; -EXDEV for a path
 * with "..".  The caller frees place->path.
 */
long tar_place_find(struct tar_in *in, const char *given, struct tar_place *place);
/* Like tar_place_find(), but creates nothing: -ENOENT if the parent directory is missing. */
long tar_place_existing(struct tar_in *in, const char *given, struct tar_place *place);
/*
 * Create the directory @at, whose path below the base is @path.  Returns 0; -EEXIST if there
 * is a directory, or a link to one, already; or another -errno.
 */
long tar_make_dir(struct tar_in *in, const struct copy_place *at, const char *path,
		  unsigned int mode);
/* Open a directory below the base, by its path without "." and "..".  A descriptor or -errno. */
long tar_open_dir(struct tar_in *in, const char *path, int flags);

/* tar-in.c */

/* Options of the verbs that unpack archives. */
enum { OPT_OWNER = OPT_VERB, OPT_NO_OWNER, OPT_NUMERIC_OWNER, OPT_NO_XATTRS, OPT_NO_FLAGS,
       OPT_SELINUX, OPT_TAR_IN_END };
#define TAR_IN_OPTIONS \
	{ "owner", required_argument, NULL, OPT_OWNER }, \
	{ "no-flags", no_argument, NULL, OPT_NO_FLAGS }, \
	{ "no-owner", no_argument, NULL, OPT_NO_OWNER }, \
	{ "no-xattrs", no_argument, NULL, OPT_NO_XATTRS }, \
	{ "numeric-owner", no_argument, NULL, OPT_NUMERIC_OWNER }, \
	{ "selinux", required_argument, NULL, OPT_SELINUX }
#define TAR_IN_HELP \
	"  --owner USER[:GROUP]  owner of all files, instead of those in the archive\n" \
	"  --no-owner        root owns all files\n" \
	"  --no-xattrs       do not extract extended attributes and ACLs\n" \
	"  --no-flags        do not report flags of chattr, which are never set\n" \
	"  --numeric-owner   owners are always set by number; accepted for scripts\n" \
	"  --selinux FILE    SELinux contexts of all files by their paths: a file_contexts file\n"

/* Set @in from the option @c. */
void tar_in_option(struct tar_in *in, int c);
/* Open the destination @path of the image.  False after a message. */
bool tar_in_open(struct tar_in *in, const char *path);

/* tar-file.c */

/* Create the file of @entry.  Failures are reported. */
void tar_extract(struct tar_in *in, struct archive_entry *entry);
/* Report that a call for @path failed; end the run if every later one would fail too. */
void tar_failed(struct tar_in *in, const char *path, long err);

/* tar-meta.c */

/* Set the metadata of @place from @entry; @fd: the regular file or directory, else -1. */
void tar_meta(struct tar_in *in, struct archive_entry *entry, const struct tar_place *place,
	      int fd);
/* Drop the metadata of the directory @path, unless @only_below, and of all directories below it. */
void tar_meta_forget(struct tar_in *in, const char *path, bool only_below);
/* At the end of the archive: set the metadata of directories, report what was not kept. */
void tar_meta_end(struct tar_in *in);

/* tar-layer.c: files of a layer of a container image */

/* Delete the files of lower layers that the whiteout @path names.  Failures are reported. */
void tar_whiteout(struct tar_in *in, const char *path);
/*
 * Before @entry is extracted: remove the file in its place if only one of the two is a directory.
 * False after a message.
 */
bool tar_layer_replace(struct tar_in *in, struct archive_entry *entry,
		       const struct tar_place *place);

#endif /* ANYFS_TAR_IN_H */
