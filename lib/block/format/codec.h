/* SPDX-License-Identifier: GPL-2.0 */
/*
 * codec.h - decompression for image formats
 *
 * The libraries are loaded when an image needs them, because loading takes longer than
 * opening an image.  A program that enters a sandbox must load them before
 * (lib/image/source.c does).
 */
#ifndef ANYFS_FORMAT_CODEC_H
#define ANYFS_FORMAT_CODEC_H

#include <stddef.h>

enum codec {
	CODEC_DEFLATE,			/* raw deflate, without a header */
	CODEC_ZLIB,			/* deflate with the header of zlib */
	CODEC_ZSTD,
	CODEC_BZIP2,
	CODEC_XZ,
	CODEC_ADC,			/* Apple Data Compression */
	CODEC_LZFSE,			/* Apple's LZFSE */
};

/*
 * Load the libraries that @codecs (FORMAT_ZLIB ...) need.  0, or -ENOPKG with error text for
 * @name.
 */
int codec_load(unsigned int codecs, const char *name);

/* Decompression of whole files, after codec_load(FORMAT_STREAMS); otherwise NULL. */
struct codecs_module;
const struct codecs_module *codec_module(void);

/*
 * Decompress @src to exactly @dst_len bytes at @dst; further bytes of @src are ignored.
 * -EIO: damaged or too short, -ENOPKG: not loaded, -ENOMEM.  Any thread.
 */
int codec_unpack(enum codec codec, const void *src, size_t len, void *dst, size_t dst_len);

#endif /* ANYFS_FORMAT_CODEC_H */
