// SPDX-License-Identifier: GPL-2.0
/*
 * node-crypt.c - an encrypted volume, unlocked when it is entered
 *
 * anyfs/crypt.so finds the key in the volume's header, or in a detached header.
 *
 * If the journal of authentication tags must be replayed, the volume of a read-only image is
 * mapped over its parent's shadow, where the replay stays in memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "content.h"
#include "crypt-map.h"
#include "crypt-module.h"
#include "crypt-source.h"
#include "crypt-tags.h"
#include "node.h"
#include "volume-opts.h"
#include "wrong-keys.h"

#define ATTEMPTS_MAX	64u		/* keys that are tried for a volume */

/* Private data of a node. */
struct crypt {
	struct crypt_map own, shadow;	/* over the volume, and over the shadow of the volume */
	struct crypt_volume volume;	/* the key and the segments */
	bool over_shadow;		/* own is over the shadow of the volume */
	struct wrong_keys wrong;	/* keys that did not open the volume */
};

/* ---- Keys ------------------------------------------------------------------------ */

/* The description of the volume, or NULL if its content says how it is encrypted. */
static const struct volume_opts *opts_of(const struct anyfs_node *n)
{
	return volume_opts_for(n->parent, volume_needs_opts(n->part.fstype));
}

static crypt_unlock_fn *unlock_function(const struct anyfs_node *n, const struct volume_opts *o)
{
	const struct crypt_module *m = crypt_module_get();

	if (o && o->type == VOLUME_PLAIN)
		return m->plain;
	if (o && o->type == VOLUME_TCRYPT)
		return m->tcrypt;
	if (o ? o->type == VOLUME_BITLOCKER : !strcmp(n->part.fstype, "BitLocker"))
		return m->bitlocker;
	if (!o && !strcmp(n->part.fstype, "cs_fvault2"))
		return m->fvault;
	return m->luks;
}

/* Unlock the volume as @rq asks, or repeat the error of an earlier attempt with that key. */
static int try_request(struct anyfs_node *n, const struct crypt_request *rq)
{
	struct crypt *c = n->data;
	const struct volume_opts *o = opts_of(n);
	const struct crypt_source src = crypt_source_of(o && o->disk >= 0 ? &o->header :
								      &n->parent->dev);
	const struct crypt_source disk = crypt_source_of(&n->image->tree->dev);
	const char *before = wrong_keys_find(&c->wrong, rq);
	struct crypt_tcrypt tcrypt = { 0 };
	struct crypt_request full = *rq;
	char text[CRYPT_TEXT_MAX] = "";
	int rc;

	if (before)
		return error_set(-ENOKEY, "%s", before);
	if (o) {
		tcrypt = o->tcrypt;
		tcrypt.disk = &disk;
		if (tcrypt.system && n->parent != n->image->tree)
			tcrypt.start = n->parent->dev.start;
		full.plain = &o->plain;
		full.tcrypt = &tcrypt;
	}
	rc = unlock_function(n, o)(&src, &full, &c->volume, text);
	if (rc)
		error_set(rc, "%s: %s", n->object, *text ? text : error_name(rc));
	if (rc == -ENOKEY)
		wrong_keys_add(&c->wrong, rq, error_last());
	return rc;
}

/* Try @key.  0, -ENOKEY if the key is wrong, or -errno; errors set the error text. */
static int try_key(struct anyfs_node *n, const struct anyfs_key *key)
{
	struct crypt_request rq = n->image->crypt;

	rq.passphrase = key->data;
	rq.passphrase_len = key->len;
	return try_request(n, &rq);
}

static int no_key(const struct anyfs_node *n)
{
	const char *content = opts_of(n) ? "an encrypted volume" :
			      content_container(&n->parent->dev, n->part.fstype);

	return error_set(-ENOKEY, "%s: holds %s, and no key was given; use --key", n->object,
			 content);
}

/* Ask for keys until one opens the volume or no more are given. */
static int unlock(struct anyfs_node *n)
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
		rc = try_key(n, &key);
		if (key.free)
			key.free(&key);
		if (rc != -ENOKEY)
			break;
		rc = attempt + 1 < ATTEMPTS_MAX ? 0 : rc;
	}
	return rc;
}

/* ---- The node ---------------------------------------------------------------------- */

/* Get the device over which the volume is mapped. */
static int choose_device(struct anyfs_node *n, uint64_t *dev)
{
	const struct device *in = &n->parent->dev;
	struct crypt *c = n->data;
	int rc = 0;

	*dev = in->dev;
	if (!in->can_write && c->volume.segments[0].tag_size)
		rc = tags_need_replay(in, n->object, &c->volume.segments[0]);
	c->over_shadow = rc == 1;
	return rc == 1 ? node_shadow(n->parent, dev) : rc;
}

static int map_unlocked(struct anyfs_node *n)
{
	const struct device *in = &n->parent->dev;
	struct crypt *c = n->data;
	uint64_t dev;
	int rc = choose_device(n, &dev);

	if (!rc)
		rc = crypt_map(in->k, n->object, &c->volume, dev, in->size,
			       !in->can_write && !c->over_shadow, &c->own);
	if (rc)
		return rc;
	if (c->over_shadow)
		rc = device_set_readonly(in->k, crypt_map_dev(&c->own), true);
	if (!rc)
		rc = device_open(in->k, crypt_map_dev(&c->own), false, &n->dev);
	if (rc) {
		kstate_error(in->k, rc, n->object);
		crypt_unmap(&c->own);
	}
	return rc;
}

/* If opening fails, the node keeps its data, which contains the wrong keys. */
static int crypt_open(struct anyfs_node *n)
{
	struct crypt *c = n->data ? n->data : calloc(1, sizeof(*c));
	int rc;

	if (!c)
		return error_set(-ENOMEM, "%s: out of memory", n->object);
	n->data = c;
	rc = unlock(n);
	if (!rc)
		rc = map_unlocked(n);
	if (rc) {
		explicit_bzero(&c->volume, sizeof(c->volume));
		return rc;
	}
	wrong_keys_free(&c->wrong);
	n->has_dev = true;
	return 0;
}

/*
 * Map the volume over its parent's shadow.  This needs the key, which therefore stays in
 * memory until the node is closed.
 */
static int crypt_shadow(struct anyfs_node *n, uint64_t *dev)
{
	struct crypt *c = n->data;
	uint64_t in;
	int rc = 0;

	if (c->over_shadow) {
		*dev = n->dev.dev;
		return 0;
	}
	if (!c->shadow.nr) {
		rc = node_shadow(n->parent, &in);
		if (!rc)
			rc = crypt_map(n->parent->dev.k, n->object, &c->volume, in,
				       n->parent->dev.size, false, &c->shadow);
	}
	if (!rc)
		*dev = crypt_map_dev(&c->shadow);
	return rc;
}

static void crypt_free(struct anyfs_node *n)
{
	struct crypt *c = n->data;

	wrong_keys_free(&c->wrong);
	explicit_bzero(n->data, sizeof(struct crypt));
	free(n->data);
	n->data = NULL;
}

static int crypt_close(struct anyfs_node *n)
{
	struct crypt *c = n->data;
	int rc, err;

	device_close(&n->dev);
	rc = crypt_unmap(&c->shadow);
	err = crypt_unmap(&c->own);
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
