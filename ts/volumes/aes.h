/* SPDX-License-Identifier: GPL-2.0 */
/*
 * aes.h - AES with keys of 256 bits (FIPS 197), encryption of blocks only
 */
#ifndef ANYFS_VOLUMES_AES_H
#define ANYFS_VOLUMES_AES_H

#include <stdint.h>

#define AES_BLOCK	16u
#define AES_KEY		32u
#define AES_ROUNDS	14u

struct aes {
	uint8_t round_keys[(AES_ROUNDS + 1) * AES_BLOCK];
};

void aes_set_key(struct aes *aes, const uint8_t *key);
/* @out may be @in. */
void aes_encrypt(const struct aes *aes, const uint8_t *in, uint8_t *out);

#endif /* ANYFS_VOLUMES_AES_H */
