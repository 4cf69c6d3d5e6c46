// SPDX-License-Identifier: GPL-2.0
/*
 * custom.c - disks and keys that JavaScript functions provide
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"

/* The maximum size of a buffer for JavaScript. */
#define MAX_PART	(1u << 20)

static int ask_parts(struct disk *d, enum question_kind kind, void *buf, size_t len,
		     uint64_t offset)
{
	int rc = 0;

	for (size_t at = 0; at < len && !rc; at += MAX_PART) {
		struct question q = {
			.kind = kind, .offset = offset + at, .data = (char *)buf + at,
			.len = len - at < MAX_PART ? len - at : MAX_PART,
		};

		rc = disk_ask(d, &q);
	}
	return rc;
}

static int custom_read(void *data, void *buf, size_t len, uint64_t offset)
{
	return ask_parts(data, ASK_READ, buf, len, offset);
}

static int custom_write(void *data, const void *buf, size_t len, uint64_t offset)
{
	return ask_parts(data, ASK_WRITE, (void *)buf, len, offset);
}

static int custom_flush(void *data)
{
	return disk_ask(data, &(struct question){ .kind = ASK_FLUSH });
}

int custom_source(struct disk *d, struct anyfs_source **source)
{
	const struct anyfs_custom_disk disk = {
		.struct_size = sizeof(disk),
		.name = d->opts.path,
		.capacity = d->opts.custom.size,
		.read = custom_read,
		.write = d->opts.custom.write ? custom_write : NULL,
		.flush = d->opts.custom.write ? custom_flush : NULL,
		.data = d,
	};

	return anyfs_source_custom(&disk, &d->opts.disk, source);
}

/* ---- Keys ---- */

static void free_answer(struct anyfs_key *key)
{
	explicit_bzero(key->user, key->len);
	free(key->user);
}

/* Describe the volume as JSON, for the function that provides keys. */
static char *node_json(const struct anyfs_node *node)
{
	const struct json_string strings[] = {
		{ "path", anyfs_node_path(node) }, { "fstype", anyfs_node_fstype(node) },
		{ "label", anyfs_node_label(node) }, { "uuid", anyfs_node_uuid(node) },
		{ NULL, NULL },
	};
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	fputc('{', f);
	put_strings(f, strings);
	fputc('}', f);
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

static int ask_key(struct disk *d, const struct anyfs_node *node, unsigned int attempt,
		   struct anyfs_key *key)
{
	struct question q = { .kind = ASK_KEY, .attempt = attempt };
	char *text = node_json(node);
	int rc;

	if (!text)
		return -ENOMEM;
	q.text = text;
	rc = disk_ask(d, &q);
	free(text);
	if (rc)
		return rc;
	key->data = key->user = q.answer;
	key->len = q.answer_len;
	key->free = free_answer;
	return 0;
}

int find_key(void *data, const struct anyfs_node *node, unsigned int attempt, struct anyfs_key *key)
{
	struct disk *d = data;

	if (d->opts.ask_keys)
		return ask_key(d, node, attempt, key);
	for (unsigned int i = 0; i < d->opts.nr_keys; i++) {
		struct key *k = &d->opts.keys[i];

		if (k->path && strcmp(k->path, anyfs_node_path(node)))
			continue;
		if (attempt--)
			continue;
		key->data = k->data;
		key->len = k->len;
		key->free = NULL;
		return 0;
	}
	return -ENOKEY;
}
