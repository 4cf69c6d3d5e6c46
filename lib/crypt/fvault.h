/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fvault.h - definitions shared by the files about FileVault2
 */
#ifndef ANYFS_CRYPT_FVAULT_H
#define ANYFS_CRYPT_FVAULT_H

#include "internal.h"

#define FV_KEY		16u		/* bytes of each key but the volume key */
#define FV_WRAPPED	24u		/* bytes of a key that another one encrypts */
#define FV_UUID		16u
#define FV_USERS	32u		/* deriving the key of a user takes up to a second */
#define FV_VOLUME_KEYS	8u

/* A user, or the recovery key: the passphrase opens the key that encrypts the volume key. */
struct fv_user {
	uint8_t salt[FV_KEY];
	uint32_t iterations;
	uint8_t wrapped[FV_WRAPPED];
};

/* Content of the property lists in the metadata. */
struct fv_lists {
	struct fv_user users[FV_USERS];
	unsigned int nr_users;
	uint8_t volume_keys[FV_VOLUME_KEYS][FV_WRAPPED];
	unsigned int nr_volume_keys;
	uint8_t family[FV_UUID];	/* UUID of the family of logical volumes */
	bool has_family;
	uint64_t size;			/* bytes of the logical volume; 0: unknown */
};

/* Part of the metadata, as text. */
struct fv_text {
	const char *at, *end;
};

/* fvault-key.c */

/* Read the keys, or what describes the logical volume, from the property list @text. */
void fv_read_keys(struct fv_lists *l, struct fv_text text);
void fv_read_volume(struct fv_lists *l, struct fv_text text);

/*
 * Find the volume key, 2 * FV_KEY bytes, with the passphrase; sets a->volume->slot.  0,
 * -ENOKEY or another -errno, with a->text.
 */
int fv_open(struct attempt *a, const struct fv_lists *l, uint8_t *key);

#endif /* ANYFS_CRYPT_FVAULT_H */
