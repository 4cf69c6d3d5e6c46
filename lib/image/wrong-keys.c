// SPDX-License-Identifier: GPL-2.0
/*
 * wrong-keys.c - keys that did not open a volume, see wrong-keys.h
 *
 * The keys themselves are kept, in memory that is wiped when the volume is opened or its
 * image is closed: a digest of a weak passphrase would have to be kept secret too.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "wrong-keys.h"

struct wrong_key {
	struct wrong_key *next;
	bool only_slot;			/* the key was tried only in one keyslot, number slot */
	unsigned int slot;
	char *text;			/* of the error; owned */
	size_t len;			/* bytes of data */
	unsigned char data[];		/* the key */
};

static bool is_same(const struct wrong_key *k, const struct crypt_request *rq)
{
	return k->only_slot == rq->only_slot && (!k->only_slot || k->slot == rq->slot) &&
	       k->len == rq->passphrase_len && !memcmp(k->data, rq->passphrase, k->len);
}

const char *wrong_keys_find(const struct wrong_keys *w, const struct crypt_request *rq)
{
	for (const struct wrong_key *k = w->first; k; k = k->next)
		if (is_same(k, rq))
			return k->text;
	return NULL;
}

void wrong_keys_add(struct wrong_keys *w, const struct crypt_request *rq, const char *text)
{
	struct wrong_key *k = malloc(sizeof(*k) + rq->passphrase_len);

	if (!k)
		return;
	k->text = strdup(text);
	if (!k->text) {
		free(k);
		return;
	}
	k->only_slot = rq->only_slot;
	k->slot = rq->slot;
	k->len = rq->passphrase_len;
	memcpy(k->data, rq->passphrase, k->len);
	k->next = w->first;
	w->first = k;
}

void wrong_keys_free(struct wrong_keys *w)
{
	while (w->first) {
		struct wrong_key *next = w->first->next;

		explicit_bzero(w->first->data, w->first->len);
		free(w->first->text);
		free(w->first);
		w->first = next;
	}
}
