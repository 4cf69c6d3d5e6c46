// SPDX-License-Identifier: GPL-2.0
/*
 * keys.c - keys of encrypted volumes, from the command line or the terminal
 */
#define _GNU_SOURCE
#include <anyfs_session.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "key-read.h"
#include "keys.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "parse.h"
#include "prompt.h"
#include "run.h"
#include "signals.h"
#include "volumes.h"

#define ASK_MAX		3u		/* attempts to type the password of a volume */
#define ASK_ROOM	4096		/* bytes; a terminal delivers a line at a time */

/* A volume whose prompts were answered wrongly too often, or not answered. */
struct refused {
	struct refused *next;
	char path[];
};

static struct key *keys, **last = &keys;
static struct refused *refused;
static struct {
	bool prompt, no_prompt;
	bool only_slot;
	unsigned int slot;
	uint64_t kdf_memory;		/* KiB, 0: default */
	unsigned int kdf_seconds;	/* 0: default */
} config;

static void add(struct key *k)
{
	*last = k;
	last = &k->next;
}

void keys_add_query(struct tool *t, const char *origin, const char *path, const char *query)
{
	struct anyfs_key key = { .struct_size = sizeof(key) };
	const char *warning;
	struct key *k;

	if (!query || !*query)
		return;
	if (anyfs_key_of_query(query, &key, &warning))
		tool_usage(t, "%s: %s", origin, anyfs_strerror_last());
	if (warning)
		tool_note(t, "%s: %s", origin, warning);
	k = tool_alloc(t, sizeof(*k));
	*k = (struct key){
		.path = path ? tool_strdup(t, path) : NULL, .data = tool_alloc(t, key.len),
	};
	memcpy(k->data, key.data, key.len);
	k->len = key.len;
	key.free(&key);
	add(k);
}

static uint64_t parse_memory(struct tool *t, const char *text)
{
	uint64_t bytes;

	if (!parse_size(text, &bytes) || bytes < 1024)
		tool_usage(t, "--kdf-memory %s: give a size like 512M", text);
	return bytes / 1024;
}

bool keys_is_option(int c)
{
	return c == OPT_KEY || c == OPT_KEY_SLOT || c == OPT_KDF_MEMORY ||
	       c == OPT_KDF_SECONDS || c == OPT_CRYPT || c == OPT_NO_PROMPT;
}

bool keys_is_option_of_new(int c)
{
	return c == OPT_KEY || c == OPT_KDF_MEMORY || c == OPT_KDF_SECONDS || c == OPT_NO_PROMPT;
}

bool keys_option(struct tool *t, int c, char *value)
{
	switch (c) {
	case OPT_KEY:
		add(key_read(t, value));
		return true;
	case OPT_KEY_SLOT:
		config.slot = tool_number(t, "--key-slot", value, 0, 31);
		config.only_slot = true;
		return true;
	case OPT_KDF_MEMORY:
		config.kdf_memory = parse_memory(t, value);
		return true;
	case OPT_KDF_SECONDS:
		config.kdf_seconds = tool_number(t, "--kdf-seconds", value, 1, 1000000);
		return true;
	case OPT_CRYPT:
		volumes_add(t, value);
		return true;
	case OPT_NO_PROMPT:
		config.no_prompt = true;
		return true;
	default:
		return false;
	}
}

/* ---- Asking for a password --------------------------------------------------------- */

static bool is_refused(const char *path)
{
	for (const struct refused *r = refused; r; r = r->next)
		if (!strcmp(r->path, path))
			return true;
	return false;
}

/* Stop asking for the password of the volume at @path. */
static int refuse(struct tool *t, const char *path)
{
	struct refused *r = malloc(sizeof(*r) + strlen(path) + 1);

	if (!r)
		tool_no_memory(t);
	strcpy(r->path, path);
	r->next = refused;
	refused = r;
	return -ENOKEY;
}

static void free_typed(struct anyfs_key *key)
{
	explicit_bzero(key->user, ASK_ROOM);
	free(key->user);
}

/* Print @before, and ask for the password of the volume at @path of @image. */
static int ask_password(struct tool *t, const char *image, const char *path, const char *before,
			struct anyfs_key *key)
{
	char *safe = escape_text(path, false), *line = malloc(ASK_ROOM), *text;
	int len;

	if (!safe || !line ||
	    asprintf(&text, "%sassword for %s%s%s: ", before,
		     image ? image : "the image", path[1] ? " " : "",
		     path[1] ? safe : "") < 0)
		tool_no_memory(t);
	free(safe);
	len = prompt_read(text, line, ASK_ROOM);
	free(text);
	key->data = line;
	key->len = len;
	key->free = free_typed;
	key->user = line;
	if (len > 0)
		return 0;
	free_typed(key);
	key->len = 0;
	return len;
}

/* Read a key from the terminal; an empty line means that the user has no key. */
static int typed_key(struct tool *t, const char *image, const char *path, unsigned int attempt,
		     struct anyfs_key *key)
{
	int rc;

	if (!config.prompt || is_refused(path))
		return -ENOKEY;
	if (attempt == ASK_MAX)
		return refuse(t, path);
	rc = ask_password(t, image, path, attempt ? "Wrong password.\nP" : "P", key);
	if (!rc && key->len)
		return 0;
	/* No answer, or no terminal: a program in the background has no terminal. */
	refuse(t, path);
	if (rc != -EINTR)
		return rc && rc != -ENOTTY && rc != -EIO ? rc : -ENOKEY;
	tool_stopping(t);
	return rc;
}

/* ---- Volumes that are made ----------------------------------------------------------- */

static void add_typed(struct tool *t, const char *path, const struct anyfs_key *typed)
{
	struct key *k = tool_alloc(t, sizeof(*k));

	*k = (struct key){
		.path = tool_strdup(t, path), .data = tool_alloc(t, typed->len), .len = typed->len,
	};
	memcpy(k->data, typed->data, typed->len);
	add(k);
}

/* Let the user type the key for @path twice, and add it.  Returns without one if there is none. */
static void type_new_key(struct tool *t, const char *path)
{
	struct anyfs_key first = { 0 }, second = { 0 };
	const char *image = t->image_path;
	bool same;

	if (config.no_prompt || !prompt_prepare(-1) ||
	    ask_password(t, image, path, "New p", &first) < 0 || !first.len)
		return;
	same = ask_password(t, image, path, "Repeat the p", &second) >= 0 &&
	       first.len == second.len && !memcmp(first.data, second.data, first.len);
	if (!same)
		tool_usage(t, "the two passwords for %s differ", path);
	add_typed(t, path, &first);
	free_typed(&first);
	free_typed(&second);
}

/* Key number @nr of those that name @path, or, if @path is NULL, of those without a path. */
static struct key *nth_key(const char *path, unsigned int nr)
{
	for (struct key *k = keys; k; k = k->next)
		if ((path ? k->path && !strcmp(k->path, path) : !k->path) && !nr--)
			return k;
	return NULL;
}

const void *keys_for_new(struct tool *t, const char *path, unsigned int nr, size_t *len)
{
	struct key *k;

	if (!nth_key(path, 0) && !nth_key(NULL, 0))
		type_new_key(t, path);
	k = nth_key(nth_key(path, 0) ? path : NULL, nr);
	if (!k && !nr)
		tool_usage(t, "no key for the encrypted volume %s: give --key %s:file:FILE, fd:N or env:NAME",
			   path, path);
	if (!k)
		return NULL;
	k->used = true;
	*len = k->len;
	return k->data;
}

void keys_check_used(struct tool *t)
{
	for (const struct key *k = keys; k; k = k->next)
		if (!k->used)
			tool_usage(t, "--key: no encrypted volume is made%s%s that needs this key",
				   k->path ? " at " : "", k->path ? k->path : "");
}

/* ---- For the library ----------------------------------------------------------------- */

int keys_choose(struct tool *t, const char *image, const char *path, unsigned int attempt,
		struct anyfs_key *key)
{
	unsigned int given = 0;

	for (const struct key *k = keys; k; k = k->next) {
		if (k->path && strcmp(k->path, path))
			continue;
		if (given++ < attempt)
			continue;
		key->data = k->data;
		key->len = k->len;
		return 0;
	}
	return given ? -ENOKEY : typed_key(t, image, path, attempt, key);
}

/* Implements key of struct anyfs_image_opts: the @attempt-th key for the volume @node. */
static int find_key(void *data, const struct anyfs_node *node, unsigned int attempt,
		    struct anyfs_key *key)
{
	struct tool *t = data;

	return keys_choose(t, t->image_path, anyfs_node_path(node), attempt, key);
}

/* The child of @n whose path is @path, or a directory above @path; NULL if there is none. */
static struct anyfs_node *child_towards(struct anyfs_node *n, const char *path)
{
	struct anyfs_node *c;

	for (unsigned int i = 0; (c = anyfs_node_child(n, i)); i++) {
		const char *own = anyfs_node_path(c);
		size_t len = own[1] ? strlen(own) : 0;

		if (!strncmp(own, path, len) && (path[len] == '/' || !path[len]))
			return c;
	}
	return NULL;
}

/* False if there can be no volume at @path.  Looks into partition tables only. */
static bool may_exist(struct anyfs_node *n, const char *path)
{
	struct anyfs_node *child;

	for (; strcmp(anyfs_node_path(n), path); n = child) {
		enum anyfs_node_kind kind = anyfs_node_kind(n);

		if (kind != ANYFS_NODE_DISK && kind != ANYFS_NODE_PARTITION &&
		    kind != ANYFS_NODE_TABLE)
			return kind != ANYFS_NODE_FILESYSTEM || strchr(path, '!');
		if (anyfs_node_enter(n))
			return true;	/* use of the image reports the error */
		child = child_towards(n, path);
		if (!child)
			return false;
	}
	return true;
}

void keys_check(struct tool *t, struct anyfs_image *image)
{
	for (const struct key *k = keys; k; k = k->next) {
		if (!k->path || may_exist(anyfs_image_node(image), k->path))
			continue;
		tool_error(t, "%s: there is no volume %s, for which a key was given",
			   t->image_path, k->path);
		tool_finish(t);
	}
}

int keys_prepare(int alive)
{
	int rc = volumes_prepare();

	config.prompt = !config.no_prompt && prompt_prepare(alive);
	return !rc && (keys || config.prompt) ? anyfs_unlock_prepare() : rc;
}

void keys_configure(struct tool *t, struct anyfs_image_opts *opts)
{
	opts->key = keys || config.prompt ? find_key : NULL;
	opts->key_data = t;
	opts->only_key_slot = config.only_slot;
	opts->key_slot = config.slot;
	opts->kdf_memory = config.kdf_memory;
	opts->kdf_seconds = config.kdf_seconds;
}

void keys_never_ask(void)
{
	config.no_prompt = true;
}
