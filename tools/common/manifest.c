// SPDX-License-Identifier: GPL-2.0
/*
 * manifest.c - read a manifest: mtree(5), or lines of sha256sum(1) or anyfs hash
 *
 * A name that leads out of the tree is refused: a manifest may come from anywhere.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "fattr.h"
#include "messages.h"
#include "mtree.h"
#include "options.h"
#include "session.h"
#include "strbuf.h"

struct reader {
	struct tool *t;
	const char *file;
	unsigned long line;
	const struct nettle_hash *kind;	/* checksum of --sum, or NULL */
	struct manifest *m;
	struct manifest_entry defaults;	/* defaults of /set */
	struct strbuf dir;		/* directory of names without a slash */
};

static void bad_line(const struct reader *r, const char *why) __attribute__((noreturn));
static void bad_line(const struct reader *r, const char *why)
{
	tool_usage(r->t, "%s:%lu: %s", r->file, r->line, why);
}

static void free_texts(struct manifest_entry *e)
{
	free(e->type);
	free(e->uname);
	free(e->gname);
}

static char *copy_text(const struct reader *r, const char *text)
{
	return text ? tool_strdup(r->t, text) : NULL;
}

/* Check @path and add an entry for it with the default values. */
static struct manifest_entry *add_entry(struct reader *r, const char *path)
{
	struct manifest *m = r->m;
	struct manifest_entry *e;

	while (!strncmp(path, "./", 2) || *path == '/')
		path += *path == '/' ? 1 : 2;
	for (const char *p = path; *p; p += strspn(p, "/")) {
		size_t len = strcspn(p, "/");

		if (len == 2 && !strncmp(p, "..", 2))
			bad_line(r, "the path leads out of the tree");
		p += len;
	}
	if (!(m->nr & (m->nr + 1))) {
		e = reallocarray(m->entries, (m->nr + 1) * 2, sizeof(*e));
		if (!e)
			tool_no_memory(r->t);
		m->entries = e;
	}
	e = &m->entries[m->nr++];
	*e = r->defaults;
	e->type = copy_text(r, e->type);
	e->uname = copy_text(r, e->uname);
	e->gname = copy_text(r, e->gname);
	e->path = tool_strdup(r->t, strcmp(path, ".") ? path : "");
	return e;
}

/* Replace \\, \n, \r of sha256sum and \t of anyfs hash by the characters. */
static void remove_escapes(char *p)
{
	char *to = p;

	for (; *p; p++) {
		if (*p == '\\' && p[1]) {
			p++;
			*to++ = *p == 'n' ? '\n' : *p == 'r' ? '\r' : *p == 't' ? '\t' : *p;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
}

static uint64_t parse_value(const struct reader *r, const char *text, int base)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, base);
	if (!isdigit((unsigned char)*text) || (*end && *end != '.') || errno)
		bad_line(r, "a value is not a number");
	return n;
}

/* The algorithm of the checksum that @text begins with, or NULL; its length is in *@len. */
static const struct nettle_hash *sum_kind(const struct reader *r, const char *text, size_t *len)
{
	const struct nettle_hash *kind;

	*len = strspn(text, "0123456789abcdefABCDEF");
	kind = r->kind ? r->kind : digest_by_length(*len);
	return kind && *len == kind->digest_size * 2 ? kind : NULL;
}

/* Parse a line of anyfs hash: path, size and checksum, with tabs between.  False if it is none. */
static bool parse_hash(struct reader *r, char *line)
{
	char *size = strchr(line, '\t'), *sum = size ? strchr(size + 1, '\t') : NULL;
	const struct nettle_hash *kind;
	struct manifest_entry *e;
	size_t len;

	if (!sum || size == line || !isdigit((unsigned char)size[1]) ||
	    size + 1 + strspn(size + 1, "0123456789") != sum)
		return false;
	kind = sum_kind(r, sum + 1, &len);
	if (!kind || sum[1 + len])
		return false;
	*size++ = *sum++ = '\0';
	remove_escapes(line);
	e = add_entry(r, line);
	e->has_size = true;
	e->size = parse_value(r, size, 10);
	e->kind = kind;
	e->sum = tool_strdup(r->t, sum);
	return true;
}

/* Parse a line of sha256sum or a similar program. */
static void parse_sum(struct reader *r, char *line)
{
	bool escaped = *line == '\\';
	char *sum = line + escaped, *name;
	size_t len;
	const struct nettle_hash *kind = sum_kind(r, sum, &len);
	struct manifest_entry *e;

	if (!kind || sum[len] != ' ' || (sum[len + 1] != ' ' && sum[len + 1] != '*') ||
	    !sum[len + 2])
		bad_line(r, "neither a checksum and a name, nor a path, size and checksum");
	sum[len] = '\0';
	name = sum + len + 2;
	if (escaped)
		remove_escapes(name);
	e = add_entry(r, name);
	e->kind = kind;
	e->sum = tool_strdup(r->t, sum);
}

/* Replace \ooo and escapes such as \s by the bytes. */
static void decode_octal(char *p)
{
	char *to = p;

	for (; *p; p++) {
		if (*p == '\\' && p[1] >= '0' && p[1] <= '3' && p[2] && p[3]) {
			*to++ = (p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0');
			p += 3;
		} else if (*p == '\\' && p[1]) {
			p++;
			*to++ = *p == 's' ? ' ' : *p == 'n' ? '\n' : *p == 't' ? '\t' : *p;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
}

static void set_time(const struct reader *r, struct manifest_entry *e, const char *value)
{
	const char *dot = strchr(value, '.');
	bool negative = *value == '-';

	e->has_time = true;
	e->time = parse_value(r, value + negative, 10);
	if (negative)
		e->time = -e->time;
	e->has_nsec = dot && strlen(dot) == 10;
	e->time_nsec = dot ? strtoul(dot + 1, NULL, 10) : 0;
}

/* "linux,8,1" or the number that makedev(3) of old systems returns */
static void set_device(const struct reader *r, struct manifest_entry *e, char *value)
{
	char *comma = strchr(value, ','), *second = comma ? strchr(comma + 1, ',') : NULL;
	uint64_t old;

	e->has_device = true;
	if (comma) {
		if (!second)
			bad_line(r, "give a device as linux,MAJOR,MINOR");
		*second = '\0';
		e->major = parse_value(r, comma + 1, 0);
		e->minor = parse_value(r, second + 1, 0);
	} else {
		old = parse_value(r, value, 0);
		e->major = old >> 8;
		e->minor = old & 0xff;
	}
}

static void add_xattr(const struct reader *r, struct manifest_entry *e, const char *key,
		      const char *value)
{
	struct manifest_xattr *x = tool_alloc(r->t, sizeof(*x));

	if (e == &r->defaults)
		bad_line(r, "/set cannot have attributes");
	x->key = tool_strdup(r->t, key);
	x->value = fattr_decode(value, &x->len);
	if (!x->value)
		bad_line(r, "an attribute has no valid value");
	x->next = e->xattrs;
	e->xattrs = x;
}

static void set_text(const struct reader *r, char **text, const char *value)
{
	free(*text);
	*text = tool_strdup(r->t, value);
}

/* The checksum that a keyword such as "sha256digest" names, or NULL. */
static const struct nettle_hash *keyword_kind(const char *key)
{
	char name[16];
	size_t len = strlen(key);

	if (len > 6 && !strcmp(key + len - 6, "digest"))
		len -= 6;
	if (len >= sizeof(name))
		return NULL;
	memcpy(name, key, len);
	name[len] = '\0';
	return digest_find(name);
}

/* Keywords that are not compared, such as nlink and flags, are skipped. */
static void set_keyword(const struct reader *r, struct manifest_entry *e, const char *key,
			char *value)
{
	if (!strcmp(key, "type")) {
		set_text(r, &e->type, value);
	} else if (!strcmp(key, "uname")) {
		set_text(r, &e->uname, value);
	} else if (!strcmp(key, "gname")) {
		set_text(r, &e->gname, value);
	} else if (!strcmp(key, "optional")) {
		e->optional = true;
	} else if (!strcmp(key, "device")) {
		set_device(r, e, value);
	} else if (!strncmp(key, "xattr.", 6)) {
		decode_octal(value);
		add_xattr(r, e, key + 6, value);
	} else if (!strcmp(key, "link")) {
		decode_octal(value);
		e->link = tool_strdup(r->t, value);
	} else if (!strcmp(key, "mode")) {
		e->has_mode = true;
		e->mode = parse_value(r, value, 8);
	} else if (!strcmp(key, "uid")) {
		e->has_uid = true;
		e->uid = parse_value(r, value, 10);
	} else if (!strcmp(key, "gid")) {
		e->has_gid = true;
		e->gid = parse_value(r, value, 10);
	} else if (!strcmp(key, "size")) {
		e->has_size = true;
		e->size = parse_value(r, value, 10);
	} else if (!strcmp(key, "time")) {
		set_time(r, e, value);
	} else if (keyword_kind(key) && !e->sum) {
		e->kind = keyword_kind(key);
		e->sum = tool_strdup(r->t, value);
	}
}

static void set_keywords(const struct reader *r, struct manifest_entry *e, char *words)
{
	char *save, *word;

	for (word = strtok_r(words, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
		char *value = strchr(word, '=');

		if (value)
			*value++ = '\0';
		set_keyword(r, e, word, value ? value : word + strlen(word));
	}
}

static void parse_mtree(struct reader *r, char *line)
{
	size_t len = strcspn(line, " \t");
	struct manifest_entry *e;
	char *words = line + len;

	if (*words)
		*words++ = '\0';
	if (!strcmp(line, "/set")) {
		set_keywords(r, &r->defaults, words);
		return;
	}
	if (!strcmp(line, "/unset")) {
		free_texts(&r->defaults);
		r->defaults = (struct manifest_entry){ 0 };
		return;
	}
	decode_octal(line);
	if (!strcmp(line, "..")) {
		char *slash = r->dir.text ? strrchr(r->dir.text, '/') : NULL;

		if (r->dir.len)
			strbuf_pop(&r->dir, slash ? slash - r->dir.text : 0);
		return;
	}
	if (strchr(line, '/')) {
		set_keywords(r, add_entry(r, line), words);
		return;
	}
	len = r->dir.len;
	strbuf_push(r->t, &r->dir, strcmp(line, ".") ? line : "");
	e = add_entry(r, r->dir.text);
	set_keywords(r, e, words);
	if (!e->type || strcmp(e->type, "dir"))
		strbuf_pop(&r->dir, len);
}

/* Read a line, with the next lines while it ends in a backslash (mtree). */
static bool read_line(struct reader *r, FILE *f, char **line, size_t *size)
{
	ssize_t len = getline(line, size, f);

	r->line++;
	if (len < 0)
		return false;
	if (len && (*line)[len - 1] == '\n')
		(*line)[--len] = '\0';
	while (r->m->is_mtree && len && (*line)[len - 1] == '\\') {
		char *more = NULL;
		size_t more_size = 0;
		ssize_t n = getline(&more, &more_size, f);

		r->line++;
		(*line)[--len] = '\0';
		if (n > 0) {
			*line = realloc(*line, len + n + 1);
			*size = len + n + 1;
			if (!*line)
				tool_no_memory(r->t);
			memcpy(*line + len, more, n + 1);
			len += n;
			if ((*line)[len - 1] == '\n')
				(*line)[--len] = '\0';
		}
		free(more);
	}
	return true;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct manifest_entry *)a)->path,
		      ((const struct manifest_entry *)b)->path);
}

void manifest_read(struct tool *t, const char *path, const struct nettle_hash *kind,
		   struct manifest *m)
{
	struct reader r = { .t = t, .file = path, .kind = kind, .m = m };
	char *line = NULL;
	size_t size = 0;
	FILE *f = stdin;

	*m = (struct manifest){ 0 };
	if (strcmp(path, "-")) {
		session_require_host(t);
		f = fopen(path, "re");
	}
	if (!f)
		tool_usage(t, "%s: %s", path, strerror(errno));
	while (read_line(&r, f, &line, &size)) {
		char *text = line + (m->is_mtree ? strspn(line, " \t") : 0);

		m->is_mtree |= r.line == 1 && !strncmp(line, "#mtree", 6) && line[6] != '\t';
		/* In a list of anyfs hash, a name may begin with a hash sign. */
		if (!m->is_mtree && parse_hash(&r, text))
			continue;
		if (*text == '#' || !*text)
			continue;
		if (m->is_mtree)
			parse_mtree(&r, text);
		else
			parse_sum(&r, text);
	}
	if (ferror(f))
		tool_usage(t, "%s: %s", path, strerror(errno));
	if (f != stdin)
		fclose(f);
	if (!m->nr)
		tool_usage(t, "%s: the manifest names no files", path);
	qsort(m->entries, m->nr, sizeof(*m->entries), by_path);
	free(r.dir.text);
	free_texts(&r.defaults);
	free(line);
}

void manifest_read_mtree(struct tool *t, const char *path, struct manifest *m)
{
	manifest_read(t, path, NULL, m);
	if (!m->is_mtree)
		tool_usage(t, "%s: not an mtree file: its first line is not #mtree", path);
}

static void free_xattrs(struct manifest_xattr *x)
{
	while (x) {
		struct manifest_xattr *next = x->next;

		free(x->key);
		free(x->value);
		free(x);
		x = next;
	}
}

void manifest_free(struct manifest *m)
{
	for (size_t i = 0; i < m->nr; i++) {
		free_texts(&m->entries[i]);
		free_xattrs(m->entries[i].xattrs);
		free(m->entries[i].path);
		free(m->entries[i].link);
		free(m->entries[i].sum);
	}
	free(m->entries);
}
