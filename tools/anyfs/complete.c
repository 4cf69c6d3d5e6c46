// SPDX-License-Identifier: GPL-2.0
/*
 * complete.c - the words that may follow on a command line
 *
 * The options of a verb are read from its help text, which lists them in the same form for all
 * verbs:  "  -n, --name VALUE  description".
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "complete.h"
#include "dirlist.h"
#include "messages.h"
#include "operand.h"
#include "options.h"
#include "output.h"
#include "own-program.h"
#include "session.h"
#include "tar-verbs.h"
#include "verbs.h"

struct help_option {
	char name[40];
	bool value;			/* the next word is its value */
	const char *text;		/* description, up to the end of the line */
};

typedef bool option_fn(void *data, const struct help_option *o);

/* "N", "LINES", "[PATH:]TYPE": a value begins with a capital that no small letter follows. */
static bool is_value(const char *p)
{
	p += *p == '[';
	return isupper((unsigned char)p[0]) && !islower((unsigned char)p[1]);
}

/* Take the option at *@at and move *@at past it and its value; false if there is none. */
static bool take_option(const char **at, struct help_option *o)
{
	const char *p = *at;
	size_t len = strcspn(p, " ,=[\n");

	if (*p != '-' || len < 2 || len >= sizeof(o->name))
		return false;
	memcpy(o->name, p, len);
	o->name[len] = '\0';
	p += len;
	o->value = *p == ' ' && is_value(p + 1);
	if (*p != ' ' || o->value)
		p += *p ? 1 + strcspn(p + 1, " ,\n") : 0;
	if (*p == ',')
		p++;
	p += *p == ' ' && p[1] == '-';
	*at = p;
	return true;
}

/*
 * Call @fn for the options of the lines of @help until it returns true.  All names on a line
 * have a value if the last one has.
 */
static bool each_option(const char *help, option_fn *fn, void *data)
{
	for (const char *line = help; line && *line; line = strchr(line, '\n')) {
		struct help_option o[8];
		const char *p;
		size_t nr = 0;

		line += *line == '\n';
		if (strncmp(line, "  -", 3))
			continue;
		p = line + 2;
		while (nr < 8 && take_option(&p, &o[nr]))
			nr++;
		for (size_t i = 0; i < nr; i++) {
			o[i].value = o[nr - 1].value;
			o[i].text = p + strspn(p, " ");
			if (fn(data, &o[i]))
				return true;
		}
	}
	return false;
}

/* Write the help of the program @place, or of its verb @verb if that is not NULL, to @out. */
static void print_foreign_help(struct tool *t, const char *place, const char *verb, FILE *out)
{
	char *program = own_program(t, place), *line = NULL;
	int ends[2];
	size_t size = 0;
	FILE *in;

	if (pipe2(ends, O_CLOEXEC))
		return;
	if (!fork()) {
		dup2(ends[1], STDOUT_FILENO);
		execl(program, program, verb ? verb : "--help", verb ? "--help" : NULL, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	in = fdopen(ends[0], "r");
	while (in && getline(&line, &size, in) >= 0)
		fputs(line, out);
	free(line);
	free(program);
	if (in)
		fclose(in);
}

void complete_read_help(struct completion *c, const char *place, const char *verb)
{
	size_t len;
	FILE *f = open_memstream(&c->help, &len);

	if (!f)
		tool_no_memory(c->t);
	print_foreign_help(c->t, place, verb, f);
	if (fclose(f))
		tool_no_memory(c->t);
}

/*
 * The help text of @verb.  c->help caches it, since the help of a verb in another program needs a
 * process.
 */
static const char *help_text(struct completion *c, const struct verb *verb)
{
	struct tool of = *c->t;
	size_t len;
	FILE *f;

	if (!c->help && !verb->help)
		complete_read_help(c, TAR_PROGRAM, verb->name);
	if (c->help)
		return c->help;
	f = open_memstream(&c->help, &len);
	if (!f)
		tool_no_memory(c->t);
	of.verb = verb;
	tool_print_help(&of, f);
	if (fclose(f))
		tool_no_memory(c->t);
	return c->help;
}

static bool offer_option(void *data, const struct help_option *o)
{
	struct completion *c = data;
	char text[80];

	if (strncmp(o->name, c->partial, strlen(c->partial)) || !strcmp(o->name, c->last_option))
		return false;
	snprintf(c->last_option, sizeof(c->last_option), "%s", o->name);
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(o->text, "\n"), o->text);
	c->word(c, o->name, false, text);
	return false;
}

struct question {
	const char *name;
	bool value;
};

static bool is_asked(void *data, const struct help_option *o)
{
	struct question *q = data;

	if (strcmp(o->name, q->name))
		return false;
	q->value = o->value;
	return true;
}

/* Whether the word after the option @arg, such as -lU or --unified, is its value. */
static bool takes_value(const char *help, const char *arg)
{
	char name[3] = { '-', 0, 0 };
	struct question q = { .name = arg };

	if (arg[1] == '-') {
		each_option(help, is_asked, &q);
		return q.value;
	}
	for (const char *p = arg + 1; *p; p++) {
		q = (struct question){ .name = name };
		name[1] = *p;
		each_option(help, is_asked, &q);
		if (q.value)
			return !p[1];
	}
	return false;
}

/* The meaning of @args: the number of operands, and the kind of the word after them. */
struct parsed {
	size_t nr;			/* operands */
	const char *first;		/* operand, or NULL */
	bool ended;			/* by "--": no more options */
	bool value;			/* the next word is the value of an option */
};

static struct parsed parse_args(const char *help, const struct verb *verb, char *const *args,
				size_t nr)
{
	bool expression = verb && verb->operands && strchr(verb->operands, 'e');
	struct parsed p = { 0 };

	for (size_t i = 0; i < nr; i++) {
		bool option = *args[i] == '-' && args[i][1] && !p.ended && !p.value;

		if (option && !strcmp(args[i], "--")) {
			p.ended = true;
		} else if (option && (!expression || args[i][1] == '-')) {
			p.value = takes_value(help, args[i]);
		} else {
			if (!p.value && !p.first)
				p.first = args[i];
			p.nr += !p.value;
			p.value = false;
		}
	}
	return p;
}

void complete_verbs(struct completion *c)
{
	const struct verb *v;

	for (size_t i = 0; (v = nth_verb(i)); i++)
		if (!strncmp(v->name, c->partial, strlen(c->partial)) &&
		    (!v->no_shell || !c->t->session))
			c->word(c, v->name, false, v->summary);
}

/* A name with line breaks or other control characters cannot be typed. */
static bool can_be_typed(const char *name)
{
	char *safe = escape_text(name, false);
	bool same = safe && !strcmp(safe, name);

	free(safe);
	return same;
}

/* Offer the names in the directory of @path, which is the end of c->partial. */
static void offer_paths(struct completion *c, const char *path)
{
	const char *base = strrchr(path, '/');
	struct dirlist list;
	char *dir, *text;
	int fd, rc;

	if (!c->t->image)
		return;
	base = base ? base + 1 : path;
	dir = base == path ? strdup(session_directory(c->t)) : strndup(path, base - path);
	if (!dir)
		tool_no_memory(c->t);
	fd = anyfs_image_openat(c->t->image, session_path(c->t, dir),
				LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	free(dir);
	if (fd < 0)
		return;
	rc = dirlist_read(&side_image, fd, ORDER_NAME, &list);
	lkl_sys_close(fd);
	if (rc)
		return;
	for (size_t i = 0; i < list.nr; i++) {
		const struct dirlist_entry *e = &list.entries[i];

		if (strncmp(e->name, base, strlen(base)) || !can_be_typed(e->name) ||
		    (*e->name == '.' && !*base))
			continue;
		if (asprintf(&text, "%.*s%s%s", (int)(base - c->partial), c->partial, e->name,
			     e->type == LKL_DT_DIR ? "/" : "") < 0)
			tool_no_memory(c->t);
		c->word(c, text, e->type == LKL_DT_DIR, NULL);
		free(text);
	}
	dirlist_free(&list);
}

/* Set @out to the letters of @kinds that operand number @nr after IMAGE may have. */
static void letters_at(const char *kinds, size_t nr, char out[3])
{
	size_t k = 0, i = 0;

	while (i < nr && kinds[k] && kinds[k + 1] != '+') {
		i++;
		k++;
	}
	out[0] = kinds[k];
	out[1] = kinds[k] && kinds[k + 1] == '+' && i < nr ? kinds[k + 2] : '\0';
	out[2] = '\0';
}

/* An operand of copy or diff: offer paths if it names an image already. */
static void offer_operand(struct completion *c)
{
	struct operand o = operand_parse(c->t, c->partial);

	c->files = !o.image;
	if (o.image)
		offer_paths(c, strchr(c->partial + strlen(o.image), ':') + 1);
	free(o.image);
}

void complete_args(struct completion *c, const struct verb *verb, char *const *args, size_t nr,
		   bool own_image)
{
	const char *kinds = verb->operands ? verb->operands : "";
	const char *help = help_text(c, verb);
	char letters[3];
	struct parsed p = parse_args(help, verb, args, nr);

	if (p.value) {
		c->files = true;
	} else if (*c->partial == '-' && !p.ended) {
		each_option(help, offer_option, c);
	} else if (*kinds == 'o') {
		offer_operand(c);
	} else if (!own_image && !p.nr) {
		c->files = true;
	} else {
		letters_at(kinds, p.nr - !own_image, letters);
		c->files = strchr(letters, 'h') != NULL;
		if (strpbrk(letters, "pa"))
			offer_paths(c, c->partial);
	}
	free(c->help);
	c->help = NULL;
}

void complete_options(struct completion *c, char *const *args, size_t nr)
{
	struct parsed p = parse_args(c->help, NULL, args, nr);

	if (!p.value && *c->partial == '-' && !p.ended)
		each_option(c->help, offer_option, c);
	else
		c->files = true;
}

const char *complete_image(struct completion *c, const struct verb *verb, char *const *args,
			   size_t nr)
{
	struct parsed p = parse_args(help_text(c, verb), verb, args, nr);

	if (p.value || (*c->partial == '-' && !p.ended))
		return NULL;
	if (verb->operands && *verb->operands == 'o')
		return operand_parse(c->t, c->partial).image;
	return p.first;
}
