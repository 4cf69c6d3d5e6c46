/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crypt.h - find the key of an encrypted volume
 *
 * From the bytes of a volume and a passphrase or key file, the module finds the volume key
 * and how the data are encrypted; dm-crypt of our kernel then decrypts the data.  The
 * module reads only through struct crypt_source.
 *
 * The code is in a separate shared object, anyfs/crypt.so, because its libraries
 * (libgcrypt, libargon2, json-c) take longer to load than a kernel to boot.  Its only
 * export is crypt_module.
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
#define CRYPT_SEGMENTS_MAX	16
#define CRYPT_OVER_MAX		2
#define CRYPT_TEXT_MAX		512

/* The encrypted volume, or a detached header. */
struct crypt_source {
	uint64_t size;			/* bytes */
	/* Read any range within the size.  0 or -errno. */
	int (*read)(void *data, void *buf, size_t len, uint64_t offset);
	/*
	 * Read @len bytes at @offset, whole sectors of 512, and decrypt them with the
	 * @cipher of dm-crypt; the sector at @offset has number 0.  0 or -errno.
	 */
	int (*decrypt)(void *data, const char *cipher, const uint8_t *key, size_t key_len,
		       void *buf, size_t len, uint64_t offset);
	void *data;			/* argument of the functions */
};

/*
 * A part of the decrypted volume, mapped by dm-crypt.  If sectors have tags, which authenticate
 * the data and may contain the IV, the segment is the only one, and dm-integrity stores data and
 * tags from @offset on.
 */
struct crypt_segment {
	uint64_t start, len;		/* sectors of the decrypted volume; len 0: the rest */
	uint64_t offset;		/* first sector on the encrypted device */
	uint64_t iv_offset;		/* sectors */
	uint32_t sector_size;		/* bytes that are encrypted together: 512 ... 4096 */
	uint16_t tag_size;		/* bytes of the tag of a sector; 0: without tags */
	bool large_iv;			/* the IV counts sectors of sector_size, not of 512 bytes */
	bool zero;			/* not stored: reads as zeros */
	char cipher[CRYPT_CIPHER_MAX];
	uint16_t key_at, key_len;	/* its part of the volume key, bytes; key_len 0: all */
};

struct crypt_volume {
	uint8_t key[CRYPT_KEY_MAX];	/* the volume key */
	size_t key_len;			/* bytes */
	struct crypt_segment segments[CRYPT_SEGMENTS_MAX];
	unsigned int nr_segments;
	/* A cascade: layers above the segments, the lowest first; each covers the layer below. */
	struct crypt_segment over[CRYPT_OVER_MAX];
	unsigned int nr_over;
	unsigned int slot;		/* the keyslot that was opened */
};

/* How a volume without a header is encrypted. */
struct crypt_plain {
	/* The key is this hash of the passphrase; "": it is the passphrase itself. */
	char hash[33];
	size_t key_len;			/* bytes */
	struct crypt_segment segment;	/* the whole volume */
};

/* The bytes of a key file. */
struct crypt_blob {
	const void *data;
	size_t len;
};

/* Parameters of a TrueCrypt or VeraCrypt volume that its header does not have. */
struct crypt_tcrypt {
	bool veracrypt;			/* VeraCrypt; false: TrueCrypt */
	/* Read the header of the hidden volume, the backup header, the header of a system disk. */
	bool hidden, backup, system;
	uint32_t pim;			/* VeraCrypt's Personal Iterations Multiplier; 0: default */
	char hash[33], cipher[40];	/* the only hash and cipher to try; "": all */
	const struct crypt_blob *key_files;
	size_t nr_key_files;
	/* With system: the disk with the header, and the offset of the volume on it, in bytes. */
	const struct crypt_source *disk;
	uint64_t start;
};

/* Options for unlocking.  Zero means default, for every member. */
struct crypt_request {
	const void *passphrase;
	size_t passphrase_len;
	bool only_slot;			/* try the keyslot @slot and no other */
	unsigned int slot;
	uint64_t kdf_memory;		/* memory limit of key derivation, KiB; default 4 GiB */
	unsigned int kdf_seconds;	/* limit of its estimated time; default 60 */
	const struct crypt_plain *plain;	/* for plain() */
	const struct crypt_tcrypt *tcrypt;	/* for tcrypt() */
};

/*
 * Unlock @src.  -ENOKEY: the secret opens no keyslot; -EUCLEAN: damaged header;
 * -EOPNOTSUPP: unsupported format; -E2BIG: key derivation exceeds the limits; -ENOMEM,
 * -EIO.  @text, CRYPT_TEXT_MAX bytes, gets the reason, and for -ENOKEY the keyslots that
 * were tried.  Wipe @volume after use.
 */
typedef int crypt_unlock_fn(const struct crypt_source *src, const struct crypt_request *rq,
			    struct crypt_volume *volume, char *text);

#define CRYPT_MODULE_VERSION	3u

struct crypt_module {
	unsigned int version;		/* CRYPT_MODULE_VERSION */
	crypt_unlock_fn *luks;		/* LUKS1 and LUKS2 */
	crypt_unlock_fn *bitlocker;
	crypt_unlock_fn *fvault;	/* FileVault2 */
	crypt_unlock_fn *tcrypt;	/* TrueCrypt and VeraCrypt; with request.tcrypt */
	crypt_unlock_fn *plain;		/* dm-crypt without a header; with request.plain */
};

extern const struct crypt_module crypt_module;

#endif /* ANYFS_CRYPT_H */
