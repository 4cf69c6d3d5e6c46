// SPDX-License-Identifier: GPL-2.0
/*
 * lvm-config.c - parse the text format in which LVM2 stores a volume group
 *
 * Names and texts are terminated in place, in a copy of the input, so that a value needs
 * no memory except its struct.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "lvm-config.h"

#define DEPTH_MAX	16		/* LVM2 itself needs 4 */
#define VALUES_MAX	(2u << 20)	/* a group of 10,000 volumes needs about 300,000 */
#define CHUNK		512		/* values allocated at once */

/* Values are allocated in chunks. */
struct chunk {
	struct chunk *next;
	struct lvm_value values[CHUNK];
};

struct lvm_config {
	char *text;			/* the copy; NUL at its end */
	struct chunk *chunks;
	unsigned int nr;		/* values in use */
	struct lvm_value root;
};

struct parser {
	struct lvm_config *config;
	char *p;
	unsigned int line, depth;
};

static int parse_section(struct parser *in, struct lvm_value *s, char end);

static int new_value(struct parser *in, struct lvm_value **value)
{
	struct lvm_config *c = in->config;
	unsigned int slot = c->nr % CHUNK;

	if (c->nr >= VALUES_MAX)
		return -E2BIG;
	if (!slot) {
		struct chunk *chunk = calloc(1, sizeof(*chunk));

		if (!chunk)
			return -ENOMEM;
		chunk->next = c->chunks;
		c->chunks = chunk;
	}
	c->nr++;
	*value = &c->chunks->values[slot];
	(*value)->name = "";
	return 0;
}

static void skip_space(struct parser *in)
{
	for (;; in->p++) {
		if (*in->p == '#')
			in->p += strcspn(in->p, "\n");
		if (*in->p == '\n')
			in->line++;
		else if (*in->p != ' ' && *in->p != '\t' && *in->p != '\r')
			return;
	}
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '+' || c == '.';
}

/* Parse a text in quotes; a backslash quotes the next character. */
static int parse_text(struct parser *in, const char **text)
{
	char *to = ++in->p;

	*text = to;
	while (*in->p != '"') {
		if (*in->p == '\\')
			in->p++;
		if (!*in->p)
			return -EINVAL;
		if (*in->p == '\n')
			in->line++;
		*to++ = *in->p++;
	}
	*to = '\0';
	in->p++;
	return 0;
}

static int parse_number(struct parser *in, int64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(in->p, &end, 10);
	if (end == in->p || errno)
		return -EINVAL;
	in->p = end;
	return 0;
}

static int parse_scalar(struct parser *in, struct lvm_value *v)
{
	if (*in->p == '"') {
		v->type = LVM_TEXT;
		return parse_text(in, &v->text);
	}
	v->type = LVM_NUMBER;
	return parse_number(in, &v->number);
}

static int parse_list(struct parser *in, struct lvm_value *list)
{
	struct lvm_value **last = &list->child;
	int rc = 0;

	list->type = LVM_LIST;
	in->p++;
	skip_space(in);
	while (*in->p != ']') {
		rc = new_value(in, last);
		if (!rc)
			rc = parse_scalar(in, *last);
		if (rc)
			return rc;
		last = &(*last)->next;
		skip_space(in);
		if (*in->p == ',')
			in->p++;
		else if (*in->p != ']')
			return -EINVAL;
		skip_space(in);
	}
	in->p++;
	return 0;
}

static int parse_inner_section(struct parser *in, struct lvm_value *v)
{
	int rc;

	if (++in->depth > DEPTH_MAX)
		return -E2BIG;
	in->p++;
	rc = parse_section(in, v, '}');
	if (!rc)
		in->p++;
	in->depth--;
	return rc;
}

/* Parse the rest of "name = value" or "name { ... }"; @end is where the name ends. */
static int parse_value(struct parser *in, struct lvm_value *v, char *end)
{
	int rc;

	skip_space(in);
	if (*in->p == '{') {
		rc = parse_inner_section(in, v);
	} else if (*in->p == '=') {
		in->p++;
		skip_space(in);
		rc = *in->p == '[' ? parse_list(in, v) : parse_scalar(in, v);
	} else {
		rc = -EINVAL;
	}
	*end = '\0';
	return rc;
}

/* Parse values up to the character @end, which is not consumed. */
static int parse_section(struct parser *in, struct lvm_value *s, char end)
{
	struct lvm_value **last = &s->child;
	char *name;
	int rc;

	s->type = LVM_SECTION;
	for (;;) {
		skip_space(in);
		if (*in->p == end)
			return 0;
		name = in->p;
		while (is_name(*in->p))
			in->p++;
		if (in->p == name)
			return -EINVAL;
		rc = new_value(in, last);
		if (rc)
			return rc;
		(*last)->name = name;
		rc = parse_value(in, *last, in->p);
		if (rc)
			return rc;
		last = &(*last)->next;
	}
}

int lvm_config_parse(const char *text, size_t len, struct lvm_config **config,
		     unsigned int *line)
{
	struct lvm_config *c = calloc(1, sizeof(*c));
	struct parser in = { .config = c, .line = 1 };
	int rc;

	*line = 0;
	if (!c)
		return -ENOMEM;
	c->text = malloc(len + 1);
	if (!c->text) {
		free(c);
		return -ENOMEM;
	}
	memcpy(c->text, text, len);
	c->text[len] = '\0';
	in.p = c->text;
	rc = parse_section(&in, &c->root, '\0');
	if (rc) {
		*line = in.line;
		lvm_config_free(c);
		return rc;
	}
	*config = c;
	return 0;
}

void lvm_config_free(struct lvm_config *c)
{
	if (!c)
		return;
	while (c->chunks) {
		struct chunk *next = c->chunks->next;

		free(c->chunks);
		c->chunks = next;
	}
	free(c->text);
	free(c);
}

const struct lvm_value *lvm_config_root(const struct lvm_config *c)
{
	return &c->root;
}

const struct lvm_value *lvm_find(const struct lvm_value *s, const char *name,
				 enum lvm_type type)
{
	for (const struct lvm_value *v = s ? s->child : NULL; v; v = v->next)
		if (v->type == type && !strcmp(v->name, name))
			return v;
	return NULL;
}

const char *lvm_text(const struct lvm_value *s, const char *name, const char *otherwise)
{
	const struct lvm_value *v = lvm_find(s, name, LVM_TEXT);

	return v ? v->text : otherwise;
}

int64_t lvm_number(const struct lvm_value *s, const char *name)
{
	const struct lvm_value *v = lvm_find(s, name, LVM_NUMBER);

	return v && v->number >= 0 ? v->number : -1;
}

bool lvm_list_has(const struct lvm_value *s, const char *name, const char *text)
{
	const struct lvm_value *list = lvm_find(s, name, LVM_LIST);

	for (const struct lvm_value *v = list ? list->child : NULL; v; v = v->next)
		if (v->type == LVM_TEXT && !strcmp(v->text, text))
			return true;
	return false;
}
