/* SPDX-License-Identifier: GPL-2.0 */
/*
 * format.h - formats of image files, each a blockdev over a blockdev
 *
 * A format computes the bytes of the disk from those of the image file, which can be on
 * any blockdev.  Formats are read-only.  They are portable: they call no operating system,
 * so that they work on any host, over a file or a network.
 *
 * Images may be hostile.  A format limits its allocations, checks each addition for
 * overflow, and rejects an invalid image with an error text.
 */
#ifndef ANYFS_FORMAT_H
#define ANYFS_FORMAT_H

#include "blockdev.h"

#define FORMAT_HEAD	4096u	/* bytes at the beginning that are used for detection */
#define FORMAT_TAIL	512u	/* bytes at the end */

/* The data from which a format is detected.  Shorter images have shorter heads and tails. */
struct format_sample {
	const uint8_t *head, *tail;
	size_t head_len, tail_len;
	uint64_t size;			/* of the image file, bytes */
};

/* Compression methods, which are loaded on demand (codec.h). */
#define FORMAT_ZLIB	(1u << 0)
#define FORMAT_ZSTD	(1u << 1)
#define FORMAT_STREAMS	(1u << 2)	/* codecs.so: whole files, bzip2, xz */
#define FORMAT_ALL	(FORMAT_ZLIB | FORMAT_ZSTD | FORMAT_STREAMS)

struct scratch;

/* Whether a file that begins with the @len bytes at @head is the one described by @key. */
typedef bool (*format_wanted)(const uint8_t *head, size_t len, const void *key);

struct format_options {
	const char *snapshot;		/* id or name of an internal snapshot; NULL: the disk */
	/*
	 * Open the file @name, to which the image @of refers, with the format @format (""
	 * if not recorded), and the files to which that file refers.  The caller gets the
	 * reference.  NULL: images may not refer to files.  -errno with error text.
	 */
	int (*open_other)(void *data, const struct blockdev *of, const char *name,
			  const char *format, struct blockdev **bd);
	/*
	 * The same for a file whose name the image does not record: the file for which
	 * @wanted returns true, called with at most FORMAT_HEAD bytes and with @key.  @text
	 * describes the file in messages.
	 */
	int (*find_other)(void *data, const struct blockdev *of, format_wanted wanted,
			  const void *key, const char *text, const char *format,
			  struct blockdev **bd);
	/*
	 * Returns a file for the unpacked image, or NULL with error text.  If the member is NULL,
	 * images cannot be unpacked.
	 */
	struct scratch *(*take_scratch)(void *data, const struct blockdev *of);
	void *data;			/* first argument of these functions; borrowed */
	/* The caller only checks the image, and reads no data: accept encrypted data. */
	bool check_only;
	/* Files that continue the image according to their names, for formats with parts. */
	struct blockdev *const *parts;
	unsigned int nr_parts;
};

struct format {
	const char *name;		/* for --format */
	const char *qemu;		/* QEMU's name, if QEMU can write it; or NULL */
	bool container;			/* an archive: may contain an image in a format */
	bool parts;			/* an image may continue in files named .E02 ... .ZZZ */
	bool (*probe)(const struct format_sample *sample);
	/* The codecs (FORMAT_ZLIB ...) that an image may need, judging by its first bytes. */
	unsigned int (*codecs)(const struct format_sample *sample);
	/*
	 * QEMU's name of the method that encrypts the image @lower, for which QEMU needs a
	 * password; NULL: not encrypted.  The member is NULL if the format has no encryption.
	 */
	const char *(*encryption)(struct blockdev *lower);
	/*
	 * Takes a reference to @lower; the caller keeps its own.  0, or -errno with error
	 * text: -EINVAL (not this format, or damaged), -EOPNOTSUPP (a feature that is not
	 * supported), -EPERM (refers to a file, which is not allowed), -ENOENT (no such
	 * snapshot), -ENOMEM, -EIO.
	 */
	int (*open)(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd);
};

/* Detect the format from the first and last bytes; NULL if none is recognised. */
const struct format *format_probe(const struct format_sample *sample);
/* Find a format by name; NULL if unknown.  "raw" is not a format: it is the blockdev itself. */
const struct format *format_find(const char *name);
/* The names of all formats, ", " between them. */
const char *format_names(void);

/* The formats; each has a line of the table in format.c. */
extern const struct format format_android;
extern const struct format format_bzip2;
extern const struct format format_cd_bin;
extern const struct format format_cd_cue;
extern const struct format format_dmg;
extern const struct format format_ewf;
extern const struct format format_gzip;
extern const struct format format_lz4;
extern const struct format format_nrg;
extern const struct format format_qcow2;
extern const struct format format_tar;
extern const struct format format_vdi;
extern const struct format format_vhd;
extern const struct format format_vhdx;
extern const struct format format_vmdk;
extern const struct format format_xz;
extern const struct format format_zip;
extern const struct format format_zstd;

#endif /* ANYFS_FORMAT_H */
