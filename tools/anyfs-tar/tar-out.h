/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tar-out.h - write files of the image as a tar archive
 */
#ifndef ANYFS_TAR_OUT_H
#define ANYFS_TAR_OUT_H

#include <archive.h>
#include "file-flags.h"
#include "options.h"
#include "tool.h"

#define TAR_OUT_BUFFER	(1u << 20)	/* bytes written at once */
#define TAR_RECORD	10240		/* bytes; the length of an archive is a multiple of it */

/* The caller sets the members up to @abandon; the others begin as zeros. */
struct tar_out {
	struct tool *t;
	const char *name;		/* of the output, for messages */
	bool no_owner, no_xattrs;
	bool layer;			/* of a container image: without whiteouts and atime */
	int64_t latest;			/* seconds; later times of files become this one */
	/* Called before the program ends because the output failed; or NULL. */
	void (*abandon)(struct tar_out *out);

	struct archive *archive;	/* set by tar_out_begin() */
	char *buf;
	void *links;
	struct lost_flags lost;
};

/* Options of the verbs that write archives. */
enum { OPT_NO_OWNER = OPT_VERB, OPT_NUMERIC_OWNER, OPT_NO_XATTRS, OPT_TAR_OUT_END };
#define TAR_OUT_OPTIONS \
	{ "no-owner", no_argument, NULL, OPT_NO_OWNER }, \
	{ "no-xattrs", no_argument, NULL, OPT_NO_XATTRS }, \
	{ "numeric-owner", no_argument, NULL, OPT_NUMERIC_OWNER }
#define TAR_OUT_HELP \
	"  --no-owner        root owns all files in the archive; project ids are left out\n" \
	"  --no-xattrs       do not archive extended attributes and ACLs\n" \
	"  --numeric-owner   owners are always written as numbers; accepted for scripts\n"

/* Set @out from the option @c. */
void tar_out_option(struct tar_out *out, int c);
/* Make out->archive, which the caller opens. */
void tar_out_begin(struct tar_out *out);
/* Add the file or tree @path.  Failures are reported. */
void tar_out_path(struct tar_out *out, const char *path);
/* Write the end, unless there was no file. */
void tar_out_end(struct tar_out *out);
/* The reason of the last failure of @a: the text for its errno, or that of libarchive. */
const char *tar_out_reason(struct archive *a);
/* Report that writing the archive failed, and end the run. */
void tar_out_failed(struct tar_out *out) __attribute__((noreturn));

#endif /* ANYFS_TAR_OUT_H */
