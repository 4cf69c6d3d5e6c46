/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bitlocker.h - definitions shared by the files about BitLocker
 *
 * The metadata of a volume is a list of entries.  The value of a protector's entry is a list
 * of entries too.
 *
 * Reference: the format description of libbde; numbers are little endian.
 */
#ifndef ANYFS_CRYPT_BITLOCKER_H
#define ANYFS_CRYPT_BITLOCKER_H

#include "internal.h"

#define FVE_KEY		32u		/* bytes of a key that encrypts other keys */
#define FVE_GUID	16u

/* Entry types in the metadata. */
#define FVE_ENTRY_VMK		2u	/* a protector: the volume master key, encrypted */
#define FVE_ENTRY_FVEK		3u	/* the data key, encrypted with the volume master key */
#define FVE_ENTRY_STARTUP_KEY	6u	/* the external key in a BEK file */
#define FVE_ENTRY_HEADER	15u	/* location of the first sectors of the volume */

/* Types of an entry's value. */
#define FVE_VALUE_KEY		1u	/* a key in clear */
#define FVE_VALUE_STRETCH	3u	/* the salt of a passphrase, and entries */
#define FVE_VALUE_CCM		5u	/* a key encrypted with AES-CCM */
#define FVE_VALUE_VMK		8u	/* a protector: its GUID and kind, and entries */
#define FVE_VALUE_EXTERNAL	9u	/* an external key: its GUID, and entries */
#define FVE_VALUE_EXTENT	15u	/* offset and size of a range of the volume, bytes */

struct fve_entry {
	unsigned int type, value;	/* FVE_ENTRY_*, FVE_VALUE_* */
	const uint8_t *data;		/* the value; points into the metadata */
	size_t len;			/* bytes */
};

/* The entries of a list that fve_next() has not returned yet. */
struct fve_list {
	const uint8_t *data;		/* points into the metadata */
	size_t len;			/* bytes */
};

/* bitlocker-key.c */

/* Take the next entry from @list.  False at its end, or if the next entry is damaged. */
bool fve_next(struct fve_list *list, struct fve_entry *e);

/*
 * Decrypt the key in @e, an entry of the type FVE_VALUE_CCM, with @with (FVE_KEY bytes) into
 * @key of @room bytes.  Its length, or -ENOKEY.
 */
int fve_decrypt_key(const struct fve_entry *e, const uint8_t *with, uint8_t *key, size_t room);

/*
 * Get the volume master key from the protector @e, if the passphrase opens it.  0, -ENOKEY,
 * or another -errno.
 */
int fve_open_protector(const struct attempt *a, const struct fve_entry *e, uint8_t *vmk);
/* Name of the kind of protector @e, for messages. */
const char *fve_protector_name(const struct fve_entry *e);

#endif /* ANYFS_CRYPT_BITLOCKER_H */
