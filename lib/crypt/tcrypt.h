/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tcrypt.h - definitions shared by the files about TrueCrypt
 */
#ifndef ANYFS_CRYPT_TCRYPT_H
#define ANYFS_CRYPT_TCRYPT_H

#include "internal.h"

#define TCRYPT_HEADER		512u	/* bytes of a header: salt, encrypted part */
#define TCRYPT_SALT		64u	/* bytes of the salt */
#define TCRYPT_ENCRYPTED	448u	/* bytes of the encrypted part */
#define TCRYPT_KEYS		192u	/* offset of the volume's keys in the encrypted part */
#define TCRYPT_KEY_ONE		64u	/* bytes for one cipher */
#define TCRYPT_KEY_MAX		192u	/* bytes for three ciphers */
#define TCRYPT_KEY_FILE_MAX	(1u << 20)	/* bytes of a file that are used */

struct tcrypt_password {
	uint8_t bytes[128];		/* passphrase, mixed with the key files */
	uint8_t pool[128];		/* mix of the key files */
	size_t len;			/* bytes in use */
};

/* Ciphers that are applied one after the other. */
struct tcrypt_chain {
	const char *name;		/* "aes-twofish-serpent" */
	unsigned int nr;		/* number of ciphers */
	int algo[3];			/* libgcrypt's numbers, in the order of encryption */
	const char *cipher[3];		/* dm-crypt's names, in the same order */
};

/* tcrypt-cipher.c */

/* Get the chain number @index, or NULL. */
const struct tcrypt_chain *tcrypt_chain(size_t index);
/* Decrypt the header at @data, TCRYPT_ENCRYPTED bytes, in place.  0 or -ENOSYS. */
int tcrypt_decrypt(const struct tcrypt_chain *chain, const uint8_t *key, uint8_t *data);
/* Set the keys and ciphers of the layers of @v from the keys in the header. */
void tcrypt_keys(const struct tcrypt_chain *chain, const uint8_t *keys, struct crypt_volume *v);

#endif /* ANYFS_CRYPT_TCRYPT_H */
