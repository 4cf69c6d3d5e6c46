/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crypt.h - find the key of an encrypted volume
 *
 * Given the bytes of a volume and a passphrase or key file, this says how the
 * data is encrypted and with which key; dm-crypt of our kernel then does that.
 * It reads only through the struct crypt_source that it is given.
 *
 * The code is in a shared object of its own, anyfs/crypt.so, because the
 * libraries it needs (libgcrypt, libargon2, json-c) take longer to load than a
 * kernel to boot.  Its one export is crypt_module.
 *
 * Headers are untrusted: each size and count is checked, and key derivation has
 * limits on memory and time.
 */
#ifndef ANYFS_CRYPT_H
#define ANYFS_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPT_KEY_MAX		512	/* bytes of a volume key */
#define CRYPT_CIPHER_MAX	128	/* "aes-xts-plain64", "capi:..." */
#define CRYPT_SEGMENTS_MAX	8
#define CRYPT_TEXT_MAX		512

/* The encrypted volume, or a detached header. */
struct crypt_source {
	uint64_t size;			/* bytes */
	/* Any bytes within the size.  0 or -errno. */
	int (*read)(void *data, void *buf, size_t len, uint64_t offset);
	/*
	 * The @len bytes at @offset, whole sectors of 512, decrypted with @cipher of
	 * dm-crypt and sector numbers that begin with 0 at @offset.  0 or -errno.
	 */
	int (*decrypt)(void *data, const char *cipher, const uint8_t *key, size_t key_len,
		       void *buf, size_t len, uint64_t offset);
	void *data;
};

/* What was tried to unlock it.  Zero means default, for every member. */
struct crypt_request {
	const void *passphrase;
	size_t passphrase_len;
	bool only_slot;			/* try the keyslot @slot and no other */
	unsigned int slot;
	uint64_t kdf_memory;		/* KiB that key derivation may take; default 4 GiB */
	unsigned int kdf_seconds;	/* that it may last, by estimate; default 60 */
};

/* A piece of the plain volume, mapped by dm-crypt. */
struct crypt_segment {
	uint64_t start, len;		/* sectors of the plain volume; len 0: the rest */
	uint64_t offset;		/* first sector on the encrypted device */
	uint64_t iv_offset;		/* sectors */
	uint32_t sector_size;		/* bytes that are encrypted together: 512 ... 4096 */
	char cipher[CRYPT_CIPHER_MAX];
	char integrity[64];		/* of dm-integrity below, "hmac(sha256)"; "" none */
	uint32_t tag_size;		/* bytes of integrity data a sector */
};

struct crypt_volume {
	uint8_t key[CRYPT_KEY_MAX];
	size_t key_len;
	struct crypt_segment segments[CRYPT_SEGMENTS_MAX];
	unsigned int nr_segments;
	unsigned int slot;		/* the keyslot that was opened */
};

/*
 * Unlock @src.  -ENOKEY: no keyslot opens with it; -EUCLEAN: a damaged header;
 * -EOPNOTSUPP: a kind that cannot be opened; -E2BIG: its key derivation is over
 * the limits; -ENOMEM, -EIO.  @text, CRYPT_TEXT_MAX bytes, says what is wrong,
 * and for -ENOKEY which keyslots were tried.  Wipe @volume after use.
 */
typedef int crypt_unlock_fn(const struct crypt_source *src, const struct crypt_request *rq,
			    struct crypt_volume *volume, char *text);

#define CRYPT_MODULE_VERSION	1u

struct crypt_module {
	unsigned int version;		/* CRYPT_MODULE_VERSION */
	crypt_unlock_fn *luks;		/* LUKS1 and LUKS2 */
};

extern const struct crypt_module crypt_module;

#endif /* ANYFS_CRYPT_H */
