// SPDX-License-Identifier: GPL-2.0
/*
 * crypt-map.c - tables of dm-crypt for an unlocked volume
 *
 * The pieces of the volume are mapped over its device.  A cascade of ciphers has further
 * layers, each a mapping of the whole of the one below.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "crypt-map.h"
#include "error.h"

char *crypt_params(const struct crypt_segment *s, const uint8_t *key, size_t key_len, uint64_t dev)
{
	char hex[2 * CRYPT_KEY_MAX + 1] = "-", number[32], options[64] = "";
	char *params;

	if (s->zero)
		return strdup("");
	for (size_t i = 0; i < key_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", key[i]);
	mapper_dev(dev, number, sizeof(number));
	if (s->sector_size != 512)
		snprintf(options, sizeof(options), " %u sector_size:%u%s", 1u + s->large_iv,
			 s->sector_size, s->large_iv ? " iv_large_sectors" : "");
	if (asprintf(&params, "%s %s %" PRIu64 " %s %" PRIu64 "%s", s->cipher, hex, s->iv_offset,
		     number, s->offset, options) < 0)
		params = NULL;
	explicit_bzero(hex, sizeof(hex));
	return params;
}

void crypt_free_params(char *params)
{
	if (params)
		explicit_bzero(params, strlen(params));
	free(params);
}

/* Sectors of @s on a device of @size bytes; 0 if @s begins beyond the end. */
static uint64_t segment_len(const struct crypt_segment *s, uint64_t size)
{
	uint64_t sectors = size / 512, len;

	if (s->offset >= sectors || s->len > sectors - s->offset)
		return 0;
	len = s->len ? s->len : sectors - s->offset;
	return len - len % (s->sector_size / 512);
}

/* Get the part of the volume key that the segment uses. */
static const uint8_t *segment_key(const struct crypt_volume *v, const struct crypt_segment *s,
				  size_t *len)
{
	*len = s->key_len ? s->key_len : v->key_len;
	return v->key + s->key_at;
}

/*
 * Map @nr segments over @dev, a device of *@size bytes; sets *@size to the size of the new
 * device.
 */
static int map_layer(struct anyfs_kernel *k, const char *object, const struct crypt_volume *v,
		     const struct crypt_segment *segments, unsigned int nr, uint64_t dev,
		     uint64_t *size, unsigned int flags, struct mapper *m)
{
	struct mapper_target targets[CRYPT_SEGMENTS_MAX] = { 0 };
	char why[MAPPER_WHY] = "";
	unsigned int made;
	int rc = 0;

	for (made = 0; made < nr && !rc; made++) {
		const struct crypt_segment *s = &segments[made];
		struct mapper_target *t = &targets[made];
		size_t key_len;
		const uint8_t *key = segment_key(v, s, &key_len);

		t->start = s->start;
		t->len = segment_len(s, *size);
		t->type = s->zero ? "zero" : "crypt";
		t->params = crypt_params(s, key, key_len, dev);
		if (!t->params)
			rc = error_set(-ENOMEM, "%s: out of memory", object);
		else if (!t->len)
			rc = error_set(-EUCLEAN, "%s: truncated: the encrypted data begins beyond its end",
				       object);
	}
	if (!rc) {
		rc = mapper_create(k, targets, nr, flags, m, why);
		if (rc)
			error_set(rc, "%s: the kernel cannot decrypt %s: %s%s%s", object,
				  segments[0].cipher, error_name(rc), *why ? ": " : "", why);
		*size = (targets[nr - 1].start + targets[nr - 1].len) * 512;
	}
	while (made--)
		crypt_free_params((char *)targets[made].params);
	return rc;
}

int crypt_map(struct anyfs_kernel *k, const char *object, const struct crypt_volume *v,
	      uint64_t dev, uint64_t size, bool read_only, struct crypt_map *m)
{
	unsigned int flags = MAPPER_SECRET | (read_only ? MAPPER_READONLY : 0);
	int rc = map_layer(k, object, v, v->segments, v->nr_segments, dev, &size, flags,
			   &m->layers[0]);

	if (rc)
		return rc;
	for (m->nr = 1; m->nr <= v->nr_over; m->nr++) {
		rc = map_layer(k, object, v, &v->over[m->nr - 1], 1, crypt_map_dev(m), &size,
			       flags, &m->layers[m->nr]);
		if (rc) {
			crypt_unmap(m);
			return rc;
		}
	}
	return 0;
}

int crypt_unmap(struct crypt_map *m)
{
	int rc = 0, err;

	while (m->nr) {
		err = mapper_remove(&m->layers[--m->nr]);
		if (err && !rc)
			rc = err;
	}
	return rc;
}

uint64_t crypt_map_dev(const struct crypt_map *m)
{
	return m->layers[m->nr - 1].dev;
}
