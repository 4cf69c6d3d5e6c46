// SPDX-License-Identifier: GPL-2.0
/*
 * config.c - options and shares from a file in the format of smb.conf
 *
 * Format and keys: smb.conf(5) of Samba and ksmbd.conf(5) of ksmbd-tools.  Case and spaces in
 * keys are ignored.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "messages.h"
#include "options.h"
#include "parse.h"

#define KEY_MAX		64

/* A section that is a share. */
struct section {
	char *name;			/* NULL: [global], or before the first section */
	char *path, *comment;
	bool writable, hidden, unavailable;
	unsigned int line;		/* where it begins */
};

struct config {
	struct ksmbd *k;
	const char *file;
	unsigned int line;		/* number of the current line, for messages */
	const char *key;		/* the current key, in the spelling of the file */
	struct section section;
};

/* Keys that restrict access: clients could do more than the file allows if they had no effect. */
static const char *const restricting[] = {
	"validusers", "invalidusers", "readlist", "hostsallow", "allowhosts", "hostsdeny",
	"denyhosts", "vetofiles", "adminusers", "include", NULL
};

static void fail(struct config *c, const char *text, const char *what) __attribute__((noreturn));

static void fail(struct config *c, const char *text, const char *what)
{
	tool_usage(c->k->serve.t, "%s:%u: %s: %s", c->file, c->line, what, text);
}

/* ---- Values ---- */

static bool parse_boolean(struct config *c, const char *value)
{
	static const char *const yes[] = { "yes", "true", "on", "1" };
	static const char *const no[] = { "no", "false", "off", "0" };

	for (size_t i = 0; i < 4; i++) {
		if (!strcasecmp(value, yes[i]))
			return true;
		if (!strcasecmp(value, no[i]))
			return false;
	}
	fail(c, "give yes or no", c->key);
}

static uint64_t number(struct config *c, const char *value, uint64_t min, uint64_t max)
{
	char text[80];
	uint64_t n;

	if (parse_size(value, &n) && n >= min && n <= max)
		return n;
	snprintf(text, sizeof(text), "give a number from %llu to %llu", (unsigned long long)min,
		 (unsigned long long)max);
	fail(c, text, c->key);
}

static bool must_encrypt(struct config *c, const char *value)
{
	static const char *const offered[] = {
		"default", "desired", "enabled", "auto", "if_required", "no", "yes", NULL
	};

	if (!strcasecmp(value, "required") || !strcasecmp(value, "mandatory"))
		return true;
	for (size_t i = 0; offered[i]; i++)
		if (!strcasecmp(value, offered[i]))
			return false;
	fail(c, "give required or desired; encryption cannot be switched off", c->key);
}

static char *copy(struct config *c, const char *text)
{
	char *new = strdup(text);

	if (!new)
		tool_no_memory(c->k->serve.t);
	return new;
}

/* ---- Keys ---- */

static bool is_key(const char *key, const char *name)
{
	return !strcmp(key, name);
}

static bool global_key(struct config *c, const char *key, const char *value)
{
	struct ksmbd *k = c->k;

	if (is_key(key, "maxconnections"))
		k->serve.max_connections = number(c, value, 1, 100000);
	else if (is_key(key, "tcpport") || is_key(key, "smbports"))
		k->serve.port = number(c, value, 0, 65535);
	else if (is_key(key, "smb2maxread") || is_key(key, "smb2maxwrite"))
		k->max_read = number(c, value, KSMBD_READ_MIN, KSMBD_READ_MAX);
	else if (is_key(key, "smb2maxcredits"))
		k->max_credits = number(c, value, KSMBD_CREDITS_MIN, KSMBD_CREDITS_MAX);
	else if (is_key(key, "smbencrypt") || is_key(key, "serversmbencrypt") || is_key(key, "smb3encryption"))
		k->encrypt = must_encrypt(c, value);
	else
		return false;
	return true;
}

static bool share_key(struct config *c, const char *key, const char *value)
{
	struct section *s = &c->section;

	if (is_key(key, "path") || is_key(key, "directory")) {
		free(s->path);
		s->path = copy(c, value);
	} else if (is_key(key, "comment")) {
		free(s->comment);
		s->comment = copy(c, value);
	} else if (is_key(key, "readonly")) {
		s->writable = !parse_boolean(c, value);
	} else if (is_key(key, "writeable") || is_key(key, "writable") || is_key(key, "writeok")) {
		s->writable = parse_boolean(c, value);
	} else if (is_key(key, "browseable") || is_key(key, "browsable")) {
		s->hidden = !parse_boolean(c, value);
	} else if (is_key(key, "available")) {
		s->unavailable = !parse_boolean(c, value);
	} else {
		return false;
	}
	return true;
}

/* @plain: the key in lower case, without spaces. */
static void take_key(struct config *c, const char *plain, const char *value)
{
	for (size_t i = 0; restricting[i]; i++)
		if (is_key(plain, restricting[i]))
			fail(c, "this server does not support the key; without it, clients could do more than the file allows",
			     c->key);
	if (strchr(value, '%'))
		fail(c, "variables such as %U are not replaced", c->key);
	if (c->section.name ? share_key(c, plain, value) : global_key(c, plain, value))
		return;
	tool_note(c->k->serve.t, "%s:%u: %s: ignored%s", c->file, c->line, c->key,
		  is_key(plain, "guestok") || is_key(plain, "maptoguest") ? "; --guest lets clients connect without a password" : "");
}

/* ---- Sections ---- */

static void end_section(struct config *c)
{
	struct section *s = &c->section;
	struct share *share;
	char *origin;

	if (s->name && !s->unavailable) {
		c->line = s->line;
		if (!s->path)
			fail(c, "the share has no path", s->name);
		if (asprintf(&origin, "%s:%u: [%s]", c->file, s->line, s->name) < 0)
			tool_no_memory(c->k->serve.t);
		share = shares_add_named(c->k->serve.t, &c->k->serve.shares, origin, s->name,
					 s->path);
		free(origin);
		share->readonly = !s->writable;
		share->hidden = s->hidden;
		if (s->comment) {
			free(share->comment);
			share->comment = s->comment;
			s->comment = NULL;
		}
	}
	free(s->name);
	free(s->path);
	free(s->comment);
	*s = (struct section){ 0 };
}

static void begin_section(struct config *c, char *text)
{
	char *end = strchr(text, ']');
	unsigned int line = c->line;

	if (!end || end[1] || end == text)
		fail(c, "write [NAME]", text);
	*end = '\0';
	end_section(c);
	c->line = line;
	if (!strcasecmp(text, "global"))
		return;
	if (!strcasecmp(text, "homes") || !strcasecmp(text, "printers"))
		tool_note(c->k->serve.t, "%s:%u: [%s]: only shares with a path of the image are served",
			  c->file, c->line, text);
	c->section = (struct section){
		.name = copy(c, text), .line = line,
		.unavailable = !strcasecmp(text, "homes") || !strcasecmp(text, "printers"),
	};
}

/* ---- Lines ---- */

/* Cut white space from both ends. */
static char *trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	for (len = strlen(text); len && isspace((unsigned char)text[len - 1]); len--)
		text[len - 1] = '\0';
	return text;
}

static void take_line(struct config *c, char *line)
{
	char *text = trim(line), *equals, plain[KEY_MAX];
	size_t len = 0;

	if (!*text || *text == '#' || *text == ';')
		return;
	if (*text == '[') {
		begin_section(c, text + 1);
		return;
	}
	equals = strchr(text, '=');
	if (!equals)
		fail(c, "write KEY = VALUE", text);
	*equals = '\0';
	text = trim(text);
	for (const char *p = text; *p && len < sizeof(plain) - 1; p++)
		if (!isspace((unsigned char)*p))
			plain[len++] = tolower((unsigned char)*p);
	plain[len] = '\0';
	c->key = text;
	take_key(c, plain, trim(equals + 1));
}

/* Read a line into *@line, and append the next line while it ends with a backslash. */
static bool next_line(struct config *c, FILE *f, char **line, size_t *size)
{
	ssize_t len = getline(line, size, f);
	char *more = NULL;
	size_t more_size = 0;

	if (len < 0)
		return false;
	c->line++;
	while (len >= 2 && !strcmp(*line + len - 2, "\\\n") &&
	       getline(&more, &more_size, f) >= 0) {
		char *all;

		(*line)[len - 2] = '\0';
		if (asprintf(&all, "%s%s", *line, more) < 0)
			tool_no_memory(c->k->serve.t);
		free(*line);
		*line = all;
		*size = len = strlen(all);
		c->line++;
	}
	free(more);
	return true;
}

void config_read(struct ksmbd *k, const char *path)
{
	struct config c = { .k = k, .file = path };
	char *line = NULL;
	size_t size = 0;
	FILE *f = fopen(path, "re");

	if (!f)
		tool_usage(k->serve.t, "-c %s: %s", path, strerror(errno));
	while (next_line(&c, f, &line, &size))
		take_line(&c, line);
	if (ferror(f))
		tool_usage(k->serve.t, "-c %s: %s", path, strerror(errno));
	end_section(&c);
	free(line);
	fclose(f);
}
