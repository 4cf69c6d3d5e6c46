// SPDX-License-Identifier: GPL-2.0
/*
 * volumes.c - volumes that the user describes on the command line (--crypt)
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "keys.h"
#include "messages.h"
#include "options.h"
#include "parse.h"
#include "volumes.h"

struct volume {
	struct volume *next;
	struct anyfs_volume_opts opts;
	const char *header;		/* file, or NULL */
};

static struct volume *volumes, **last = &volumes;

enum kind { TEXT, NUMBER, BYTES, FLAG, KEY_FILE, HEADER };

static const struct choice {
	const char *name;
	enum kind kind;
	size_t at;			/* offset in struct anyfs_volume_opts */
} choices[] = {
	{ "cipher", TEXT, offsetof(struct anyfs_volume_opts, cipher) },
	{ "hash", TEXT, offsetof(struct anyfs_volume_opts, hash) },
	{ "key-size", NUMBER, offsetof(struct anyfs_volume_opts, key_bits) },
	{ "sector-size", NUMBER, offsetof(struct anyfs_volume_opts, sector_size) },
	{ "pim", NUMBER, offsetof(struct anyfs_volume_opts, pim) },
	{ "offset", BYTES, offsetof(struct anyfs_volume_opts, offset) },
	{ "skip", BYTES, offsetof(struct anyfs_volume_opts, skip) },
	{ "hidden", FLAG, offsetof(struct anyfs_volume_opts, hidden) },
	{ "backup", FLAG, offsetof(struct anyfs_volume_opts, backup) },
	{ "system", FLAG, offsetof(struct anyfs_volume_opts, system) },
	{ "keyfile", KEY_FILE, 0 },
	{ "root-hash", TEXT, offsetof(struct anyfs_volume_opts, root_hash) },
	{ "hash-volume", TEXT, offsetof(struct anyfs_volume_opts, hash_volume) },
	{ "hash-offset", BYTES, offsetof(struct anyfs_volume_opts, hash_offset) },
	{ "header", HEADER, 0 },
};

static void add_key_file(struct tool *t, struct anyfs_volume_opts *opts, const char *file)
{
	size_t nr = opts->nr_key_files + 1;
	struct anyfs_key *more = reallocarray((void *)opts->key_files, nr, sizeof(*more)), *k;

	if (!more)
		tool_no_memory(t);
	opts->key_files = more;
	k = &more[opts->nr_key_files++];
	*k = (struct anyfs_key){ .struct_size = sizeof(*k) };
	k->data = keys_read_file(t, "--crypt", file, &k->len);
}

static void take_number(struct tool *t, const char *name, const char *value, unsigned int *to)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || n > 100000000)
		tool_usage(t, "--crypt: %s=%s: give a number", name, value);
	*to = n;
}

static const struct choice *find_choice(struct tool *t, const char *name, const char *value)
{
	const struct choice *c = choices, *end = choices + sizeof(choices) / sizeof(choices[0]);

	while (c < end && strcmp(c->name, name))
		c++;
	if (c == end)
		tool_usage(t, "--crypt: there is no option \"%s\"", name);
	if ((c->kind == FLAG) == (value != NULL))
		tool_usage(t, value ? "--crypt: %s takes no value" : "--crypt: %s needs a value", name);
	return c;
}

static void take_choice(struct tool *t, struct volume *v, const char *name, const char *value)
{
	const struct choice *c = find_choice(t, name, value);
	char *to = (char *)&v->opts + c->at;

	switch (c->kind) {
	case TEXT:
		*(const char **)to = value;
		break;
	case NUMBER:
		take_number(t, name, value, (unsigned int *)to);
		break;
	case BYTES:
		if (!parse_size(value, (uint64_t *)to))
			tool_usage(t, "--crypt: %s=%s: give bytes, or a size like 10M", name, value);
		break;
	case FLAG:
		*(int *)to = 1;
		break;
	case KEY_FILE:
		add_key_file(t, &v->opts, value);
		break;
	case HEADER:
		v->header = value;
		break;
	}
}

/* Add a volume.  *@rest is the text after "PATH:", or all of @text without a path. */
static struct volume *add(struct tool *t, char *text, char **rest)
{
	struct volume *v = calloc(1, sizeof(*v));
	char *colon = *text == '/' ? strchr(text, ':') : NULL;

	if (!v)
		tool_no_memory(t);
	if (colon) {
		*colon = '\0';
		v->opts.path = text;
	}
	*rest = colon ? colon + 1 : text;
	v->opts.struct_size = sizeof(v->opts);
	*last = v;
	last = &v->next;
	return v;
}

void volumes_add(struct tool *t, char *text)
{
	char *option, *value;
	struct volume *v = add(t, text, &text);

	v->opts.type = strsep(&text, ",");
	while ((option = strsep(&text, ","))) {
		value = strchr(option, '=');
		if (value)
			*value++ = '\0';
		take_choice(t, v, option, value);
	}
	if (!*v->opts.type)
		tool_usage(t, "--crypt: give [PATH:]TYPE[,OPTION]..., where TYPE is luks, bitlocker, plain, truecrypt, veracrypt or verity");
}

bool volumes_given(void)
{
	return volumes;
}

int volumes_prepare(void)
{
	static const struct anyfs_disk_opts disk = {
		.struct_size = sizeof(disk), .flags = ANYFS_DISK_READONLY,
	};
	int rc = 0;

	for (struct volume *v = volumes; v && !rc; v = v->next)
		if (v->header)
			rc = anyfs_source_open(v->header, &disk, &v->opts.header);
	return rc;
}

int volumes_configure(struct anyfs_image *image)
{
	int rc = 0;

	for (struct volume *v = volumes; v && !rc; v = v->next) {
		rc = anyfs_image_add_volume(image, &v->opts);
		v->opts.header = NULL;
	}
	return rc;
}
