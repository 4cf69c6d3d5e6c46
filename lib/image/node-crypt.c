// SPDX-License-Identifier: GPL-2.0
/*
 * node-crypt.c - an encrypted volume, unlocked when it is entered
 *
 * anyfs/crypt.so finds the key in the volume's header.  dm-crypt of our kernel decrypts
 * both data and keyslots, so that all ciphers of the kernel work for both.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "content.h"
#include "crypt-module.h"
#include "mapper.h"
#include "node.h"

#define ATTEMPTS_MAX	64u		/* keys that are tried for a volume */

struct crypt {
	struct mapper own, shadow;
	struct crypt_volume volume;
};

/* ---- Tables of dm-crypt -------------------------------------------------------- */

/* "CIPHER KEY IV-OFFSET DEVICE SECTOR [options]"; the caller wipes and frees it. */
static char *crypt_params(const struct crypt_segment *s, const uint8_t *key, size_t key_len,
			  uint64_t dev)
{
	char hex[2 * CRYPT_KEY_MAX + 1] = "-", number[32], options[64] = "";
	char *params;

	for (size_t i = 0; i < key_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", key[i]);
	mapper_dev(dev, number, sizeof(number));
	if (s->sector_size != 512)
		snprintf(options, sizeof(options), " 1 sector_size:%u", s->sector_size);
	if (asprintf(&params, "%s %s %" PRIu64 " %s %" PRIu64 "%s", s->cipher, hex, s->iv_offset,
		     number, s->offset, options) < 0)
		params = NULL;
	explicit_bzero(hex, sizeof(hex));
	return params;
}

static void free_secret(char *params)
{
	if (params)
		explicit_bzero(params, strlen(params));
	free(params);
}

/* Sectors of @s on a device of @size bytes; 0 if @s begins beyond the end. */
static uint64_t segment_len(const struct crypt_segment *s, uint64_t size)
{
	uint64_t sectors = size / 512;

	if (s->offset >= sectors || s->len > sectors - s->offset)
		return 0;
	return s->len ? s->len : sectors - s->offset;
}

/* Map the decrypted volume over @dev, a device of @size bytes. */
static int map_volume(const struct anyfs_node *n, const struct crypt_volume *v, uint64_t dev,
		      uint64_t size, bool read_only, struct mapper *m)
{
	struct mapper_target targets[CRYPT_SEGMENTS_MAX] = { 0 };
	unsigned int flags = MAPPER_SECRET | (read_only ? MAPPER_READONLY : 0), nr;
	char why[MAPPER_WHY] = "";
	int rc = 0;

	for (nr = 0; nr < v->nr_segments && !rc; nr++) {
		const struct crypt_segment *s = &v->segments[nr];
		struct mapper_target *t = &targets[nr];

		t->start = s->start;
		t->len = segment_len(s, size);
		t->type = "crypt";
		t->params = crypt_params(s, v->key, v->key_len, dev);
		if (!t->params)
			rc = -ENOMEM;
		else if (!t->len)
			rc = error_set(-EUCLEAN, "%s: truncated: the encrypted data begins beyond its end",
				       n->object);
	}
	if (!rc) {
		rc = mapper_create(n->image->ks->k, targets, nr, flags, m, why);
		if (rc)
			error_set(rc, "%s: the kernel cannot decrypt %s: %s%s%s", n->object,
				  v->segments[0].cipher, error_name(rc), *why ? ": " : "", why);
	}
	while (nr--)
		free_secret((char *)targets[nr].params);
	return rc;
}

/* ---- Functions that the module calls ---------------------------------------------------- */

static int source_read(void *data, void *buf, size_t len, uint64_t offset)
{
	const struct anyfs_node *n = data;

	return device_read(&n->parent->dev, buf, len, offset);
}

static int source_decrypt(void *data, const char *cipher, const uint8_t *key, size_t key_len,
			  void *buf, size_t len, uint64_t offset)
{
	const struct anyfs_node *n = data;
	const struct device *in = &n->parent->dev;
	struct crypt_segment s = { .offset = offset / 512, .sector_size = 512 };
	struct mapper_target t = { .len = len / 512, .type = "crypt" };
	char why[MAPPER_WHY];
	struct device plain;
	struct mapper m;
	char *params;
	int rc;

	snprintf(s.cipher, sizeof(s.cipher), "%s", cipher);
	t.params = params = crypt_params(&s, key, key_len, in->dev);
	if (!params)
		return -ENOMEM;
	rc = mapper_create(in->k, &t, 1, MAPPER_SECRET | MAPPER_READONLY, &m, why);
	free_secret(params);
	if (rc)
		return rc;
	rc = device_open(in->k, m.dev, false, &plain);
	if (!rc) {
		rc = device_read(&plain, buf, len, 0);
		device_close(&plain);
	}
	mapper_remove(&m);
	return rc;
}

/* ---- Keys ------------------------------------------------------------------------ */

/* Try @key.  0, -ENOKEY if the key is wrong, or -errno; errors have a text. */
static int try_key(struct anyfs_node *n, const struct anyfs_key *key, struct crypt_volume *v)
{
	const struct crypt_source src = {
		.size = n->parent->dev.size, .read = source_read, .decrypt = source_decrypt,
		.data = n,
	};
	struct crypt_request rq = n->image->crypt;
	char text[CRYPT_TEXT_MAX] = "";
	int rc;

	rq.passphrase = key->data;
	rq.passphrase_len = key->len;
	rc = crypt_module_get()->luks(&src, &rq, v, text);
	if (rc)
		error_set(rc, "%s: %s", n->object, *text ? text : error_name(rc));
	return rc;
}

static int no_key(const struct anyfs_node *n)
{
	return error_set(-ENOKEY, "%s: holds %s, and no key was given; use --key",
			 n->object, content_container(&n->parent->dev, n->part.fstype));
}

/* Ask for keys until one opens the volume or no more are given. */
static int unlock(struct anyfs_node *n, struct crypt_volume *v)
{
	struct anyfs_image *im = n->image;
	int rc = im->key ? crypt_module_load() : no_key(n);

	for (unsigned int attempt = 0; !rc; attempt++) {
		char *wrong = attempt ? strdup(error_last()) : NULL;
		struct anyfs_key key = { .struct_size = sizeof(key) };

		rc = im->key(im->key_data, n, attempt, &key);
		if (rc == -ENOKEY)	/* no more keys: report the error of the last one */
			rc = wrong ? error_set(rc, "%s", wrong) : no_key(n);
		else if (rc)
			error_set(rc, "%s: no key: %s", n->object, error_name(rc));
		free(wrong);
		if (rc)
			break;
		rc = try_key(n, &key, v);
		if (key.free)
			key.free(&key);
		if (rc != -ENOKEY)
			break;
		rc = attempt + 1 < ATTEMPTS_MAX ? 0 : rc;
	}
	return rc;
}

/* ---- The node ---------------------------------------------------------------------- */

static int crypt_open(struct anyfs_node *n)
{
	const struct device *in = &n->parent->dev;
	struct crypt *c = calloc(1, sizeof(*c));
	int rc = c ? unlock(n, &c->volume) : error_set(-ENOMEM, "%s: out of memory", n->object);

	if (!rc)
		rc = map_volume(n, &c->volume, in->dev, in->size, !in->can_write, &c->own);
	if (!rc) {
		rc = device_open(in->k, c->own.dev, false, &n->dev);
		if (rc) {
			kstate_error(in->k, rc, n->object);
			mapper_remove(&c->own);
		}
	}
	if (rc) {
		if (c)
			explicit_bzero(c, sizeof(*c));
		free(c);
		return rc;
	}
	n->data = c;
	n->has_dev = true;
	return 0;
}

/*
 * Map the volume over its parent's shadow.  Shadows exist only for read-only images, so
 * the key is kept in memory only for those.
 */
static int crypt_shadow(struct anyfs_node *n, uint64_t *dev)
{
	struct crypt *c = n->data;
	uint64_t in;
	int rc = 0;

	if (!*c->shadow.name) {
		rc = node_shadow(n->parent, &in);
		if (!rc)
			rc = map_volume(n, &c->volume, in, n->parent->dev.size, false, &c->shadow);
	}
	*dev = c->shadow.dev;
	return rc;
}

static void crypt_free(struct anyfs_node *n)
{
	explicit_bzero(n->data, sizeof(struct crypt));
	free(n->data);
	n->data = NULL;
}

static int crypt_close(struct anyfs_node *n)
{
	struct crypt *c = n->data;
	int rc, err;

	device_close(&n->dev);
	rc = mapper_remove(&c->shadow);
	err = mapper_remove(&c->own);
	crypt_free(n);
	if (rc || err)
		error_set(rc ? rc : err, "%s: still in use", n->object);
	return rc ? rc : err;
}

const struct node_kind node_crypt = {
	.id = ANYFS_NODE_CRYPT,
	.open = crypt_open,
	.shadow = crypt_shadow,
	.close = crypt_close,
	.free = crypt_free,
};
