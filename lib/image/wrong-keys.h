/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wrong-keys.h - keys that did not open a volume
 *
 * Key derivation takes a second or more.  A program that reads many paths of a locked
 * volume gives the same keys each time; none of them is derived twice.
 */
#ifndef ANYFS_IMAGE_WRONG_KEYS_H
#define ANYFS_IMAGE_WRONG_KEYS_H

#include <stdbool.h>
#include "crypt.h"

struct wrong_key;

struct wrong_keys {
	struct wrong_key *first;	/* list; owned */
};

/* The text of the error of the key and keyslot of @rq, or NULL if they were not tried. */
const char *wrong_keys_find(const struct wrong_keys *w, const struct crypt_request *rq);
/* Remember the key and keyslot of @rq.  Without memory, they will be tried again. */
void wrong_keys_add(struct wrong_keys *w, const struct crypt_request *rq, const char *text);
/* Wipe and free all records. */
void wrong_keys_free(struct wrong_keys *w);

#endif /* ANYFS_IMAGE_WRONG_KEYS_H */
