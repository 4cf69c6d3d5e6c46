/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tar-input.h - read the entries of a tar archive
 */
#ifndef ANYFS_TAR_INPUT_H
#define ANYFS_TAR_INPUT_H

#include <archive.h>
#include <archive_entry.h>
#include "tool.h"

#define TAR_BUFFER	(1u << 20)	/* bytes read at once */
#define TAR_BLOCK	512

/* An archive and the source of its bytes.  The caller sets the members up to @verified. */
struct tar_input {
	struct tool *t;
	const char *name;		/* of the archive, for messages */
	const char *source;		/* name of the source of the bytes, for messages */
	/* Like read(2): returns the number of bytes, 0 at the end, or -errno. */
	long (*read)(struct tar_input *input, void *buf, size_t len);
	bool plain;			/* the archive is not compressed */
	bool verified;			/* its length was verified: it needs no mark at its end */

	const char *why;		/* set by @read on failure: the reason, or NULL */
	struct archive *archive;	/* set by tar_input_open() */
	char *buf;
	char tail[TAR_BLOCK];		/* the last bytes read */
	size_t tail_len;
	bool ended;
};

/* Let @a decompress with the filters of libarchive that start no program. */
void tar_filters(struct archive *a);
/* False if the archive cannot be read, which is reported. */
bool tar_input_open(struct tar_input *input);
/*
 * Call @fn for each entry until tool_stopping().  Damage and truncation are reported; for damage
 * after which no entry can be read, the message ends with @consequence, such as "nothing was
 * changed".  True if the whole archive was read without an error.
 */
bool tar_input_each(struct tar_input *input, const char *consequence,
		    void (*fn)(void *data, struct archive_entry *entry), void *data);
/* Free what tar_input_open() has set, even if it has failed. */
void tar_input_close(struct tar_input *input);

#endif /* ANYFS_TAR_INPUT_H */
