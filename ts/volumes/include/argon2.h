/* SPDX-License-Identifier: GPL-2.0 */
/*
 * argon2.h - the part of libargon2's interface that lib/crypt uses
 */
#ifndef ANYFS_VOLUMES_ARGON2_H
#define ANYFS_VOLUMES_ARGON2_H

#include <stddef.h>
#include <stdint.h>

typedef enum { Argon2_d, Argon2_i, Argon2_id } argon2_type;

#define ARGON2_VERSION_13		0x13
#define ARGON2_OK			0
#define ARGON2_MEMORY_ALLOCATION_ERROR	(-22)
#define ARGON2_INCORRECT_PARAMETER	(-25)

/* @memory is in KiB; @encoded must be NULL, and @version ARGON2_VERSION_13. */
int argon2_hash(uint32_t passes, uint32_t memory, uint32_t lanes, const void *secret,
		size_t secret_len, const void *salt, size_t salt_len, void *out, size_t out_len,
		char *encoded, size_t encoded_len, argon2_type type, uint32_t version);

#endif
