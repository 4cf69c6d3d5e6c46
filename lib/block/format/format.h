/* SPDX-License-Identifier: GPL-2.0 */
/*
 * format.h - formats of image files, each a blockdev over a blockdev
 *
 * A format turns the bytes of an image file, whatever blockdev they come from,
 * into those of the disk that the image holds.  Formats only read.  They are
 * portable: they call no operating system, so that they serve any host and may
 * stand over a file as over a network.
 *
 * All that an image says is hostile.  A format bounds what it allocates, checks
 * each sum for overflow, and refuses what does not fit with one sentence.
 */
#ifndef ANYFS_FORMAT_H
#define ANYFS_FORMAT_H

#include "blockdev.h"

#define FORMAT_HEAD	4096u	/* bytes of the beginning that formats are recognised by */
#define FORMAT_TAIL	512u	/* the same of the end */

/* What an image is recognised by.  Shorter images have shorter heads and tails. */
struct format_sample {
	const uint8_t *head, *tail;
	size_t head_len, tail_len;
	uint64_t size;			/* of the image file, bytes */
};

/* Ways of compression, which are loaded on demand (codec.h). */
#define FORMAT_ZLIB	(1u << 0)
#define FORMAT_ZSTD	(1u << 1)

typedef bool (*format_wanted)(const uint8_t *head, size_t len, const void *key);

struct format_options {
	const char *snapshot;		/* id or name of an internal snapshot; NULL: the disk */
	/*
	 * Open the file that the image @of names @name, as format @format ("" if
	 * the image does not say), with what it names in turn.  The reference is
	 * the caller's.  NULL: the image may name no files.  -errno with a text.
	 */
	int (*open_other)(void *data, const struct blockdev *of, const char *name,
			  const char *format, struct blockdev **bd);
	/*
	 * The same for a file that the image describes without a name: one that
	 * @wanted accepts by its first FORMAT_HEAD bytes at most, @key being for it.
	 * @text describes it for messages.
	 */
	int (*find_other)(void *data, const struct blockdev *of, format_wanted wanted,
			  const void *key, const char *text, const char *format,
			  struct blockdev **bd);
	void *data;
};

struct format {
	const char *name;		/* for --format */
	bool (*probe)(const struct format_sample *sample);
	/* Which FORMAT_ZLIB ... an image may need, as far as its first bytes tell. */
	unsigned int (*codecs)(const struct format_sample *sample);
	/*
	 * Takes a reference to @lower; the caller keeps its own.  0, or -errno with
	 * a text: -EINVAL (no such image, or damaged), -EOPNOTSUPP (a feature that is
	 * not supported), -EPERM (names a file and may not), -ENOENT (no such
	 * snapshot), -ENOMEM, -EIO.
	 */
	int (*open)(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd);
};

/* The format of an image that begins and ends so; NULL: none is recognised. */
const struct format *format_probe(const struct format_sample *sample);
/* By name, NULL if there is none.  "raw" is none: it is the blockdev below. */
const struct format *format_find(const char *name);
/* The names of all formats, ", " between them. */
const char *format_names(void);

/* The formats; a line of the table in format.c each. */
extern const struct format format_qcow2;
extern const struct format format_vdi;
extern const struct format format_vhd;
extern const struct format format_vhdx;
extern const struct format format_vmdk;

#endif /* ANYFS_FORMAT_H */
