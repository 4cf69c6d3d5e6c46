// SPDX-License-Identifier: GPL-2.0
/*
 * find-parse.c - parse the expression of anyfs find
 *
 * The operators, from weakest to strongest: "-o"; "-a" or nothing between two tests; "!";
 * parentheses.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "find.h"
#include "messages.h"
#include "options.h"

#define NESTED_MAX	200		/* parentheses and "!" */

struct parser {
	struct find *f;
	char *const *arg;		/* the next argument */
	unsigned int nested;
};

/* Nothing is evaluated after -quit. */
static bool eval_and(struct find *f, const struct expr *e)
{
	return e->a->eval(f, e->a) && !f->quit && e->b->eval(f, e->b);
}

static bool eval_or(struct find *f, const struct expr *e)
{
	return e->a->eval(f, e->a) || (!f->quit && e->b->eval(f, e->b));
}

static bool eval_not(struct find *f, const struct expr *e)
{
	return !e->a->eval(f, e->a);
}

static bool eval_true(struct find *f, const struct expr *e)
{
	return true;
}

static struct expr *new_expr(struct find *f, find_eval_fn *eval, struct expr *a, struct expr *b)
{
	struct expr *e = calloc(1, sizeof(*e));

	if (!e)
		tool_no_memory(f->t);
	e->eval = eval;
	e->a = a;
	e->b = b;
	return e;
}

void find_free(struct expr *e)
{
	if (!e)
		return;
	find_free(e->a);
	find_free(e->b);
	regfree(&e->regex);
	find_format_free(e->format);
	free(e);
}

static bool next_is(const struct parser *p, const char *a, const char *b)
{
	return *p->arg && (!strcmp(*p->arg, a) || (b && !strcmp(*p->arg, b)));
}

static bool accept_arg(struct parser *p, const char *a, const char *b)
{
	if (!next_is(p, a, b))
		return false;
	p->arg++;
	return true;
}

/* The operand of the option or test @name. */
static const char *take_operand(struct parser *p, const char *name, const char *what)
{
	if (!*p->arg)
		tool_usage(p->f->t, "%s needs %s", name, what);
	return *p->arg++;
}

static unsigned int take_depth(struct parser *p, const char *name)
{
	const char *text = take_operand(p, name, "a number");
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n > WALK_DEPTH_MAX)
		tool_usage(p->f->t, "%s %s: give a number up to %d", name, text, WALK_DEPTH_MAX);
	return n;
}

static reg_syntax_t take_syntax(struct parser *p, const char *name)
{
	static const struct {
		const char *name;
		reg_syntax_t syntax;
	} types[] = {
		{ "emacs", RE_SYNTAX_EMACS }, { "grep", RE_SYNTAX_GREP },
		{ "egrep", RE_SYNTAX_EGREP }, { "posix-egrep", RE_SYNTAX_POSIX_EGREP },
		{ "awk", RE_SYNTAX_AWK }, { "posix-basic", RE_SYNTAX_POSIX_BASIC },
		{ "posix-extended", RE_SYNTAX_POSIX_EXTENDED }, { "sed", RE_SYNTAX_SED },
	};
	const char *text = take_operand(p, name, "a type");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(text, types[i].name))
			return types[i].syntax;
	tool_usage(p->f->t, "%s %s: give emacs, grep, egrep, sed, awk, posix-basic or posix-extended",
		   name, text);
}

/* Options about the walk apply to the whole expression; as tests they are true. */
static bool walk_option(struct parser *p, const char *name)
{
	struct find *f = p->f;

	if (!strcmp(name, "-maxdepth"))
		f->max_depth = take_depth(p, name);
	else if (!strcmp(name, "-mindepth"))
		f->min_depth = take_depth(p, name);
	else if (!strcmp(name, "-depth") || !strcmp(name, "-d"))
		f->depth_first = true;
	else if (!strcmp(name, "-xdev") || !strcmp(name, "-mount"))
		f->one_fs = true;
	else if (!strcmp(name, "-regextype"))
		f->syntax = take_syntax(p, name);
	else
		return false;
	return true;
}

static void refuse_unknown(struct parser *p, const char *name)
	__attribute__((noreturn));
static void refuse_unknown(struct parser *p, const char *name)
{
	struct tool *t = p->f->t;

	if (!strncmp(name, "-exec", 5) || !strncmp(name, "-ok", 3))
		tool_usage(t, "find has no %s: the files are in the image; use -print0 and a pipe", name);
	if (!strcmp(name, "-delete"))
		tool_usage(t, "find only reads and has no -delete; see anyfs rm");
	if (*name == '-')
		tool_usage(t, "find has no test %s", name);
	tool_usage(t, "%s: paths come before the expression", name);
}

static struct expr *parse_primary(struct parser *p)
{
	const char *name = *p->arg++, *text;
	const struct find_primary *primary;
	struct expr *e;

	if (walk_option(p, name))
		return new_expr(p->f, eval_true, NULL, NULL);
	e = new_expr(p->f, NULL, NULL, NULL);
	primary = find_primary(name, e);
	if (!primary)
		refuse_unknown(p, name);
	e->eval = primary->eval;
	p->f->has_action |= primary->is_action;
	if (!primary->parse)
		return e;
	text = take_operand(p, name, primary->operand);
	e->text = text;
	if (!primary->parse(p->f, e, text))
		tool_usage(p->f->t, "%s %s: give %s", name, text, primary->operand);
	return e;
}

static struct expr *parse_or(struct parser *p);

static struct expr *parse_not(struct parser *p)
{
	struct expr *e;

	if (++p->nested > NESTED_MAX)
		tool_usage(p->f->t, "the expression is nested more than %d deep", NESTED_MAX);
	if (!*p->arg || next_is(p, "-o", "-or") || next_is(p, "-a", "-and") || next_is(p, ")", NULL))
		tool_usage(p->f->t, "a test is missing %s %s", *p->arg ? "before" : "after",
			   *p->arg ? *p->arg : p->arg[-1]);
	if (accept_arg(p, "!", "-not")) {
		e = new_expr(p->f, eval_not, parse_not(p), NULL);
	} else if (accept_arg(p, "(", NULL)) {
		e = parse_or(p);
		if (!accept_arg(p, ")", NULL))
			tool_usage(p->f->t, "a ( has no )");
	} else {
		e = parse_primary(p);
	}
	p->nested--;
	return e;
}

static struct expr *parse_and(struct parser *p)
{
	struct expr *e = parse_not(p);

	while (*p->arg && !next_is(p, "-o", "-or") && !next_is(p, ")", NULL)) {
		accept_arg(p, "-a", "-and");
		e = new_expr(p->f, eval_and, e, parse_not(p));
	}
	return e;
}

static struct expr *parse_or(struct parser *p)
{
	struct expr *e = parse_and(p);

	while (accept_arg(p, "-o", "-or"))
		e = new_expr(p->f, eval_or, e, parse_and(p));
	return e;
}

void find_parse(struct find *f, char *const *args)
{
	struct parser p = { .f = f, .arg = args };
	struct expr *e = *args ? parse_or(&p) : new_expr(f, eval_true, NULL, NULL);

	if (*p.arg)
		tool_usage(f->t, "a ) has no (");
	if (!f->has_action)
		e = new_expr(f, eval_and, e, new_expr(f, find_print, NULL, NULL));
	f->expr = e;
}
