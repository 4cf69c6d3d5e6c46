// SPDX-License-Identifier: GPL-2.0
/*
 * message-options.c - the options of open() as a message
 */
#include <stdlib.h>
#include <string.h>
#include "message.h"

static void put_disk(struct content *c, const struct anyfs_disk_opts *d)
{
	put_u64(c, d->flags);
	put_text(c, d->overlay);
	put_u64(c, d->replay_mb);
	put_u64(c, d->sector_size);
	put_u64(c, d->offset);
	put_u64(c, d->size);
	put_text(c, d->format);
	put_text(c, d->snapshot);
	put_text(c, d->backing_dir);
	put_text(c, d->password);
	put_text(c, d->cache_file);
	put_u64(c, d->cache_size);
	put_u64(c, d->download);
	put_u64(c, d->net_timeout);
	put_u64(c, d->nr_headers);
	for (unsigned int i = 0; i < d->nr_headers; i++)
		put_text(c, d->headers[i]);
}

void put_options(struct content *c, const struct disk_options *o)
{
	put_text(c, o->path);
	put_disk(c, &o->disk);
	put_text(c, o->image.fstype);
	put_text(c, o->image.opts);
	put_u64(c, o->image.degraded);
	put_u64(c, o->image.kdf_memory);
	put_u64(c, o->image.kdf_seconds);
	put_u64(c, o->kernel.mem_mb);
	put_u64(c, o->kernel.loglevel);
	put_u64(c, o->ask_keys);
	put_u64(c, o->custom.size);
	put_u64(c, o->custom.write);
	put_u64(c, o->answer_ms);
	put_u64(c, o->umask);
	put_u64(c, o->nr_keys);
	for (unsigned int i = 0; i < o->nr_keys; i++) {
		put_text(c, o->keys[i].path);
		put_u64(c, o->keys[i].len);
		put_bytes(c, o->keys[i].data, o->keys[i].len);
	}
}

static void get_disk(struct content *c, struct disk_options *o)
{
	struct anyfs_disk_opts *d = &o->disk;

	d->flags = get_u64(c);
	d->overlay = get_text(c);
	d->replay_mb = get_u64(c);
	d->sector_size = get_u64(c);
	d->offset = get_u64(c);
	d->size = get_u64(c);
	d->format = get_text(c);
	d->snapshot = get_text(c);
	d->backing_dir = get_text(c);
	d->password = get_text(c);
	d->cache_file = get_text(c);
	d->cache_size = get_u64(c);
	d->download = get_u64(c);
	d->net_timeout = get_u64(c);
	d->nr_headers = get_u64(c);
	o->headers = c->failed ? NULL : calloc(d->nr_headers + 1, sizeof(*o->headers));
	for (unsigned int i = 0; o->headers && i < d->nr_headers; i++)
		o->headers[i] = get_text(c);
	d->headers = (const char *const *)o->headers;
}

void get_options(struct content *c, struct disk_options *o)
{
	uint64_t nr;

	memset(o, 0, sizeof(*o));
	o->path = get_text(c);
	get_disk(c, o);
	o->image.fstype = get_text(c);
	o->image.opts = get_text(c);
	o->image.degraded = get_u64(c);
	o->image.kdf_memory = get_u64(c);
	o->image.kdf_seconds = get_u64(c);
	o->kernel.mem_mb = get_u64(c);
	o->kernel.loglevel = get_u64(c);
	o->ask_keys = get_u64(c);
	o->custom.size = get_u64(c);
	o->custom.write = get_u64(c);
	o->answer_ms = get_u64(c);
	o->umask = get_u64(c);
	nr = get_u64(c);
	for (unsigned int i = 0; i < nr && i < MAX_KEYS && !c->failed; i++) {
		struct key *key = &o->keys[o->nr_keys++];
		const void *data;

		key->path = get_text(c);
		key->len = get_u64(c);
		data = get_bytes(c, key->len);
		key->data = malloc(key->len + 1);
		if (!data || !key->data)
			abort();
		memcpy(key->data, data, key->len);
	}
}
