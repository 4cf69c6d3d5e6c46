/* SPDX-License-Identifier: GPL-2.0 */
/*
 * digest.h - numbers of libgcrypt's hashes
 */
#ifndef ANYFS_CRYPT_DIGEST_H
#define ANYFS_CRYPT_DIGEST_H

/* libgcrypt's number of the hash @hash, a name from a header; 0: unknown. */
int digest_algo(const char *hash);

#endif /* ANYFS_CRYPT_DIGEST_H */
