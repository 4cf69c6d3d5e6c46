/* SPDX-License-Identifier: GPL-2.0 */
/*
 * internal.h - definitions shared by the files of lib/crypt
 */
#ifndef ANYFS_CRYPT_INTERNAL_H
#define ANYFS_CRYPT_INTERNAL_H

#include "crypt.h"

/* An attempt to unlock. */
struct attempt {
	const struct crypt_source *src;
	const struct crypt_request *rq;
	struct crypt_volume *volume;
	char *text;			/* gets the reason of a failure; CRYPT_TEXT_MAX bytes */
	char tried[128];		/* keyslots that were tried, for messages: "0, 1, 7" */
};

/* Set a->text, the reason for @err, and return @err. */
int crypt_error(const struct attempt *a, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether to try keyslot @slot; if so, adds it to a->tried. */
bool attempt_wants(struct attempt *a, unsigned int slot);
/* End an attempt that failed with @err: set a->text and wipe the key. */
int attempt_failed(const struct attempt *a, int err);

/* kdf.c */

#define SALT_MAX	512

struct kdf {
	char type[16];			/* "pbkdf2", "argon2i", "argon2id" */
	char hash[33];			/* pbkdf2: "sha256" */
	uint32_t iterations;		/* pbkdf2's iterations, argon2's passes */
	uint32_t memory, lanes;		/* argon2: KiB, parallel lanes */
	uint8_t salt[SALT_MAX];
	size_t salt_len;
};

/* Derive a key of @len bytes from the secret with @kdf.  0 or -errno, with a->text. */
int kdf_derive(const struct attempt *a, const struct kdf *kdf, const void *secret,
	       size_t secret_len, uint8_t *key, size_t len);

/* digest.c */

/* Compute the hash named @hash of @len bytes at @data; -EOPNOTSUPP: unknown hash. */
int digest_of(const char *hash, const void *data, size_t len, uint8_t *out, size_t out_len);
/* Size in bytes of a digest of @hash, or -EOPNOTSUPP. */
int digest_len(const char *hash);

/* keyslot.c */

/* A keyslot of LUKS: its area has the volume key, split and encrypted. */
struct keyslot {
	unsigned int number;
	struct kdf kdf;
	char cipher[CRYPT_CIPHER_MAX];	/* of the area */
	uint64_t offset;		/* of the area, bytes */
	size_t area_key_len;		/* bytes of the key that decrypts the area */
	size_t key_len;			/* bytes of the volume key */
	uint32_t stripes;		/* pieces into which the key was split */
	char af_hash[33];		/* hash of the anti-forensic splitter */
};

/* Decrypt the candidate volume key in @slot, key_len bytes.  0 or -errno, with a->text. */
int keyslot_open(const struct attempt *a, const struct keyslot *slot, uint8_t *key);

/* crypt.c: LUKS of either version; errors set a->text */
int luks_unlock(struct attempt *a);
/* luks1.c, luks2.c: likewise */
int luks1_unlock(struct attempt *a);
int luks2_unlock(struct attempt *a);
/* bitlocker.c, fvault.c, tcrypt.c, plain.c: likewise */
int bitlocker_unlock(struct attempt *a);
int fvault_unlock(struct attempt *a);
int tcrypt_unlock(struct attempt *a);
int plain_unlock(struct attempt *a);

#endif /* ANYFS_CRYPT_INTERNAL_H */
