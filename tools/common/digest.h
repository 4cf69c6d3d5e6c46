/* SPDX-License-Identifier: GPL-2.0 */
/*
 * digest.h - checksums of files: md5, sha1, sha256, sha512, blake2b
 */
#ifndef ANYFS_DIGEST_H
#define ANYFS_DIGEST_H

#include <nettle/nettle-meta.h>
#include "tool.h"

#define DIGEST_HEX_MAX	129		/* bytes of a checksum as text, with its NUL */

/* "md5, sha1, ...", for messages */
#define DIGEST_NAMES	"md5, sha1, sha256, sha512 or blake2b"

/* NULL if there is no checksum of that name. */
const struct nettle_hash *digest_find(const char *name);
/*
 * The checksum whose text has @len digits, or NULL.  sha512 and blake2b have the same length;
 * this returns sha512.
 */
const struct nettle_hash *digest_by_length(size_t len);
/*
 * The checksum of the rest of the file @fd of the image, as hexadecimal text in @hex, and the
 * number of bytes in *@size.  0 or -errno.
 */
long digest_file(struct tool *t, const struct nettle_hash *kind, int fd,
		 char hex[DIGEST_HEX_MAX], uint64_t *size);

/* digest-blake2b.c */
extern const struct nettle_hash digest_blake2b;

#endif /* ANYFS_DIGEST_H */
