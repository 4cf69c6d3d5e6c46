/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gcrypt.h - the part of libgcrypt's interface that lib/crypt uses, see gcrypt.c
 */
#ifndef ANYFS_VOLUMES_GCRYPT_H
#define ANYFS_VOLUMES_GCRYPT_H

#include <stddef.h>

enum {
	GCRY_MD_NONE, GCRY_MD_SHA1, GCRY_MD_SHA224, GCRY_MD_SHA256, GCRY_MD_SHA384,
	GCRY_MD_SHA512,
	/* Hashes that this module lacks: the value of GCRY_MD_NONE. */
	GCRY_MD_BLAKE2B_512 = 0, GCRY_MD_BLAKE2S_256 = 0, GCRY_MD_STRIBOG256 = 0,
	GCRY_MD_STRIBOG512 = 0,
};

enum { GCRY_KDF_PBKDF2 };
enum { GCRY_CIPHER_AES256 };
enum { GCRY_CIPHER_MODE_CCM };

/* 0: the hash is not known. */
int gcry_md_map_name(const char *name);
unsigned int gcry_md_get_algo_dlen(int algo);
void gcry_md_hash_buffer(int algo, void *digest, const void *data, size_t len);
/* Not 0 on an error. */
int gcry_kdf_derive(const void *secret, size_t secret_len, int kdf, int algo, const void *salt,
		    size_t salt_len, unsigned long iterations, size_t len, void *key);

/* ccm.c: AES256 in CCM mode, for one message; not 0 on an error. */
typedef struct gcry_cipher *gcry_cipher_hd_t;

int gcry_cipher_open(gcry_cipher_hd_t *c, int algo, int mode, unsigned int flags);
void gcry_cipher_close(gcry_cipher_hd_t c);
int gcry_cipher_setkey(gcry_cipher_hd_t c, const void *key, size_t len);
int gcry_cipher_setiv(gcry_cipher_hd_t c, const void *iv, size_t len);
/* Setting the lengths of message and tag does nothing: ccm.c knows them. */
#define gcry_cipher_ctl(c, command, data, len)	((void)(data), 0)
int gcry_cipher_decrypt(gcry_cipher_hd_t c, void *out, size_t out_len, const void *in, size_t len);
int gcry_cipher_checktag(gcry_cipher_hd_t c, const void *tag, size_t len);

#endif
