// SPDX-License-Identifier: GPL-2.0
/*
 * grep-literal.c - search for strings: the algorithm of Boyer, Moore and Horspool
 *
 * A regular expression is slow to evaluate.  Most expressions have a text that every match
 * contains; only lines with that text are evaluated.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "grep.h"
#include "messages.h"

void grep_literal_init(struct tool *t, struct grep_literal *l, const char *text, size_t len,
		       bool fold)
{
	l->text = tool_alloc(t, len + 1);
	l->len = len;
	for (int i = 0; i < 256; i++) {
		l->fold[i] = fold && i >= 'A' && i <= 'Z' ? i + 32 : i;
		l->shift[i] = len;
	}
	for (size_t i = 0; i < len; i++)
		l->text[i] = l->fold[(unsigned char)text[i]];
	for (size_t i = 0; i + 1 < len; i++)
		l->shift[l->text[i]] = len - 1 - i;
	for (int i = 'A'; fold && i <= 'Z'; i++)
		l->shift[i] = l->shift[i + 32];
}

void grep_literal_free(struct grep_literal *l)
{
	free(l->text);
	l->text = NULL;
}

static bool equal(const struct grep_literal *l, const unsigned char *p)
{
	for (size_t i = 0; i < l->len; i++)
		if (l->fold[p[i]] != l->text[i])
			return false;
	return true;
}

const char *grep_literal_find(const struct grep_literal *l, const char *begin, const char *end)
{
	const unsigned char *p = (const unsigned char *)begin, *e = (const unsigned char *)end;
	unsigned char last;

	if (!l->len)
		return begin;
	last = l->text[l->len - 1];
	while ((size_t)(e - p) >= l->len) {
		unsigned char c = p[l->len - 1];

		if (l->fold[c] == last && equal(l, p))
			return (const char *)p;
		p += l->shift[c];
	}
	return NULL;
}

/* The text that is being collected, and the longest one so far. */
struct literal_runs {
	char *best, *run;
	size_t best_len, run_len;
	bool fold;
};

static void end_run(struct literal_runs *m)
{
	if (m->run_len > m->best_len) {
		memcpy(m->best, m->run, m->run_len);
		m->best_len = m->run_len;
	}
	m->run_len = 0;
}

/* Remove the last character, which a quantifier makes optional. */
static void drop_char(struct literal_runs *m)
{
	while (m->run_len && (m->run[m->run_len - 1] & 0xc0) == 0x80)
		m->run_len--;
	if (m->run_len)
		m->run_len--;
	end_run(m);
}

static void add_char(struct literal_runs *m, char c)
{
	/* Without case, k and s also match the Kelvin sign and the long s, which are not ASCII. */
	if (m->fold && ((c & 0x80) || strchr("kKsS", c)))
		end_run(m);
	else
		m->run[m->run_len++] = c;
}

/* The end of the bracket expression at @p, or NULL. */
static const char *skip_bracket(const char *p)
{
	p += p[1] == '^' ? 2 : 1;
	if (*p == ']')
		p++;
	for (; *p && *p != ']'; p++)
		if (*p == '[' && p[1] && strchr(".:=", p[1])) {
			const char end[] = { p[1], ']', '\0' };

			p = strstr(p + 2, end);
			if (!p)
				return NULL;
			p++;
		}
	return *p ? p : NULL;
}

/*
 * An operator at @p: its character, with @*len bytes; 0 for an ordinary character.  In basic
 * expressions ( ) { } | + ? need a backslash, in extended ones they must not have one.
 */
static char operator_at(const char *p, enum grep_syntax syntax, size_t *len)
{
	bool escaped = *p == '\\' && p[1];
	char c = escaped ? p[1] : *p;

	*len = escaped ? 2 : 1;
	if (strchr("(){}|+?", c))
		return escaped == (syntax == GREP_BASIC) ? c : 0;
	if (escaped)
		return isalnum((unsigned char)c) || strchr("<>`'", c) ? '\\' : 0;
	return strchr(".[*^$\\", c) ? c : 0;
}

/* Parse one element of the expression; returns the rest, or NULL if no literal can be derived. */
static const char *parse_element(struct literal_runs *m, const char *p, enum grep_syntax syntax,
				 unsigned int *depth)
{
	size_t len;
	char op = operator_at(p, syntax, &len);

	if (!op && !*depth)
		add_char(m, p[len - 1]);
	if (op == '*' || op == '?')
		drop_char(m);
	else if (op)
		end_run(m);
	if (op == '|' && !*depth)
		return NULL;
	if (op == '(')
		++*depth;
	if (op == ')' && !*depth)
		return NULL;
	if (op == ')')
		--*depth;
	if (op == '[') {
		p = skip_bracket(p);
		return p ? p + 1 : NULL;
	}
	return p + len;
}

/* Skip an interval such as {1,3}, which may allow the character before it to be missing. */
static const char *skip_interval(const char *p)
{
	p = strchr(p, '}');
	return p ? p + 1 : NULL;
}

size_t grep_required_text(const char *regex, enum grep_syntax syntax, bool fold, char *must)
{
	char *run = malloc(strlen(regex) + 1);
	struct literal_runs m = { .best = must, .run = run, .fold = fold };
	unsigned int depth = 0;
	const char *p = regex;

	while (run && p && *p) {
		size_t len;

		if (operator_at(p, syntax, &len) == '{') {
			drop_char(&m);
			p = skip_interval(p);
		} else {
			p = parse_element(&m, p, syntax, &depth);
		}
	}
	end_run(&m);
	free(run);
	return p && run && !depth ? m.best_len : 0;
}
