/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bitlocker.h - definitions shared by the files about BitLocker
 *
 * The metadata of a volume is a list of entries.  Those of protectors hold entries
 * themselves.
 *
 * Reference: the format description of libbde; numbers are little endian.
 */
#ifndef ANYFS_CRYPT_BITLOCKER_H
#define ANYFS_CRYPT_BITLOCKER_H

#include "internal.h"

#define FVE_KEY		32u		/* bytes of the keys that encrypt other keys */
#define FVE_GUID	16u

/* Entry types in the metadata. */
#define FVE_ENTRY_VMK		2u	/* a protector: the volume master key, encrypted */
#define FVE_ENTRY_FVEK		3u	/* the data key, encrypted with the volume master key */
#define FVE_ENTRY_STARTUP_KEY	6u	/* of a BEK file */
#define FVE_ENTRY_HEADER	15u	/* location of the first sectors of the volume */

/* Types of an entry's value. */
#define FVE_VALUE_KEY		1u
#define FVE_VALUE_STRETCH	3u
#define FVE_VALUE_CCM		5u
#define FVE_VALUE_VMK		8u
#define FVE_VALUE_EXTERNAL	9u
#define FVE_VALUE_EXTENT	15u

struct fve_entry {
	unsigned int type, value;
	const uint8_t *data;
	size_t len;
};

/* The rest of a list of entries. */
struct fve_list {
	const uint8_t *data;
	size_t len;
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
