// SPDX-License-Identifier: GPL-2.0
/*
 * crypt-map.c - tables of dm-crypt for an unlocked volume
 *
 * The pieces of the volume are mapped over its device, or over dm-integrity if sectors have
 * tags.  A cascade of ciphers has further layers; each maps all of the layer below it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "crypt-map.h"
#include "crypt-tags.h"
#include "error.h"

/* Write the optional parameters of dm-crypt for @s: " N OPTION...", or "". */
static void crypt_options(const struct crypt_segment *s, char *buf, size_t len)
{
	unsigned int nr = !!s->tag_size + (s->sector_size == 512 ? 0 : 1 + s->large_iv);
	size_t at = 0;

	buf[0] = '\0';
	if (!nr)
		return;
	at = snprintf(buf, len, " %u", nr);
	if (s->tag_size)
		at += snprintf(buf + at, len - at, " integrity:%u:aead", s->tag_size);
	if (s->sector_size != 512)
		snprintf(buf + at, len - at, " sector_size:%u%s", s->sector_size,
			 s->large_iv ? " iv_large_sectors" : "");
}

char *crypt_params(const struct crypt_segment *s, const uint8_t *key, size_t key_len, uint64_t dev)
{
	char hex[2 * CRYPT_KEY_MAX + 1] = "-", number[32], options[96];
	char *params;

	if (s->zero)
		return strdup("");
	for (size_t i = 0; i < key_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", key[i]);
	mapper_dev(dev, number, sizeof(number));
	crypt_options(s, options, sizeof(options));
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

/* Sectors of @s on a device of @size bytes; 0 if @s begins or ends beyond the device. */
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
 * Add a layer to @m: @nr segments over @dev, a device of *@size bytes; sets *@size to the size
 * of the new device.
 */
static int map_layer(struct anyfs_kernel *k, const char *object, const struct crypt_volume *v,
		     const struct crypt_segment *segments, unsigned int nr, uint64_t dev,
		     uint64_t *size, unsigned int flags, struct crypt_map *m)
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
			rc = error_set(-EUCLEAN, "%s: truncated: the encrypted data extends beyond its end",
				       object);
	}
	if (!rc) {
		rc = mapper_create(k, targets, nr, flags, &m->layers[m->nr], why);
		if (rc)
			error_set(rc, "%s: the kernel cannot decrypt %s: %s%s%s", object,
				  segments[0].cipher, error_name(rc), *why ? ": " : "", why);
		else
			m->nr++;
		*size = (targets[nr - 1].start + targets[nr - 1].len) * 512;
	}
	while (made--)
		crypt_free_params((char *)targets[made].params);
	return rc;
}

/* Map the only segment, whose sectors have tags, over dm-integrity. */
static int map_tagged(struct anyfs_kernel *k, const char *object, const struct crypt_volume *v,
		      uint64_t dev, uint64_t *size, unsigned int flags, struct crypt_map *m)
{
	struct crypt_segment above = v->segments[0];
	int rc = tags_map(k, object, &v->segments[0], dev, flags, size, &m->layers[0]);

	if (rc)
		return rc;
	m->nr = 1;
	above.offset = 0;
	return map_layer(k, object, v, &above, 1, crypt_map_dev(m), size, flags, m);
}

int crypt_map(struct anyfs_kernel *k, const char *object, const struct crypt_volume *v,
	      uint64_t dev, uint64_t size, bool read_only, struct crypt_map *m)
{
	unsigned int flags = MAPPER_SECRET | (read_only ? MAPPER_READONLY : 0);
	int rc;

	m->nr = 0;
	if (v->segments[0].tag_size)
		rc = map_tagged(k, object, v, dev, &size, flags, m);
	else
		rc = map_layer(k, object, v, v->segments, v->nr_segments, dev, &size, flags, m);
	for (unsigned int i = 0; !rc && i < v->nr_over; i++)
		rc = map_layer(k, object, v, &v->over[i], 1, crypt_map_dev(m), &size, flags, m);
	if (rc)
		crypt_unmap(m);
	return rc;
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
