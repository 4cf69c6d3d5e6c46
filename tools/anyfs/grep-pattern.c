// SPDX-License-Identifier: GPL-2.0
/*
 * grep-pattern.c - the patterns of anyfs grep: compile them, find them in lines
 *
 * A pattern without operators is a literal.  Any other is compiled by the C library; if all its
 * matches contain a certain literal, lines without that literal are skipped.
 */
#define _GNU_SOURCE
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>
#include "grep.h"
#include "messages.h"
#include "options.h"
#include "output.h"

struct pattern {
	struct grep_literal literal;	/* length 0: no literal is known */
	bool exact;			/* the literal is the whole pattern */
	struct re_pattern_buffer regex;
	struct re_pattern_buffer whole;	/* with -w or -x: matches the surroundings, too */
	bool has_whole;
	const char *clean_from, *clean_to;	/* no match begins between these */
	/* The last result of pattern_match(): the line, the start of the search, and the match. */
	const char *asked_line, *asked_from;
	bool matched;
	struct grep_span match;
};

struct grep_matcher {
	struct tool *t;
	bool words, lines, fold;
	struct pattern *patterns;
	size_t nr;
};

void grep_patterns_add(struct tool *t, struct grep_patterns *p, const char *text, size_t len)
{
	char *more = realloc(p->text, p->len + len + 2);

	if (!more)
		tool_no_memory(t);
	p->text = more;
	if (p->given)
		p->text[p->len++] = '\n';
	memcpy(p->text + p->len, text, len);
	p->len += len;
	p->text[p->len] = '\0';
	p->given = true;
}

static void compile_regex(struct grep_matcher *m, struct re_pattern_buffer *regex,
			  const char *text, enum grep_syntax syntax)
{
	const char *error;

	memset(regex, 0, sizeof(*regex));
	re_set_syntax((syntax == GREP_BASIC ? RE_SYNTAX_GREP : RE_SYNTAX_EGREP) |
		      (m->fold ? RE_ICASE : 0));
	error = re_compile_pattern(text, strlen(text), regex);
	if (error)
		tool_usage(m->t, "pattern \"%s\": %s", text, error);
}

static bool has_reference(const char *text)
{
	for (; (text = strchr(text, '\\')) && text[1]; text += 2)
		if (text[1] >= '1' && text[1] <= '9')
			return true;
	return false;
}

/*
 * For -w or -x compile @text with its surroundings, except patterns with back-references: added
 * groups would change their numbers.
 */
static void compile_whole(struct grep_matcher *m, struct pattern *p, const char *text,
			  enum grep_syntax syntax)
{
	static const char *const forms[2][2] = {
		{ "\\(^\\|[^[:alnum:]_]\\)\\(%s\\)\\([^[:alnum:]_]\\|$\\)",
		  "(^|[^[:alnum:]_])(%s)([^[:alnum:]_]|$)" },
		{ "^\\(%s\\)$", "^(%s)$" },
	};
	size_t size = strlen(text) + 64;
	char *whole;

	if ((!m->words && !m->lines) || has_reference(text))
		return;
	whole = tool_alloc(m->t, size);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(whole, size, forms[m->lines][syntax != GREP_BASIC], text);
#pragma GCC diagnostic pop
	compile_regex(m, &p->whole, whole, syntax);
	p->has_whole = true;
	free(whole);
}

/* @text with a backslash before each operator of extended expressions; to be freed. */
static char *escape_fixed(struct tool *t, const char *text)
{
	char *out = tool_alloc(t, 2 * strlen(text) + 1), *to = out;

	for (; *text; text++) {
		if (strchr("\\^$.[]|()*+?{}", *text))
			*to++ = '\\';
		*to++ = *text;
	}
	*to = '\0';
	return out;
}

static void compile_one(struct grep_matcher *m, struct pattern *p, const char *text,
			enum grep_syntax syntax)
{
	char *must = tool_alloc(m->t, strlen(text) + 1);
	size_t len = grep_required_text(text, syntax, m->fold, must);

	grep_literal_init(m->t, &p->literal, must, len, m->fold);
	free(must);
	p->exact = len && len == strlen(text) && !m->fold;
	if (p->exact)
		return;
	compile_regex(m, &p->regex, text, syntax);
	compile_whole(m, p, text, syntax);
}

static void compile_line(struct grep_matcher *m, struct pattern *p, const char *text,
			 enum grep_syntax syntax)
{
	char *escaped;

	if (syntax != GREP_FIXED) {
		compile_one(m, p, text, syntax);
		return;
	}
	if (*text && !m->fold) {
		grep_literal_init(m->t, &p->literal, text, strlen(text), false);
		p->exact = true;
		return;
	}
	escaped = escape_fixed(m->t, text);
	compile_one(m, p, escaped, GREP_EXTENDED);
	free(escaped);
}

struct grep_matcher *grep_compile(struct tool *t, const struct grep_patterns *p)
{
	struct grep_matcher *m = tool_alloc(t, sizeof(*m));
	char *text = p->text;

	*m = (struct grep_matcher){
		.t = t, .words = p->words && !p->lines, .lines = p->lines, .fold = p->fold,
	};
	while (text) {
		char *end = strchr(text, '\n');
		struct pattern *more = reallocarray(m->patterns, m->nr + 1, sizeof(*more));

		if (!more)
			tool_no_memory(t);
		m->patterns = more;
		memset(&more[m->nr], 0, sizeof(*more));
		if (end)
			*end++ = '\0';
		compile_line(m, &more[m->nr++], text, p->syntax);
		text = end;
	}
	return m;
}

void grep_free(struct grep_matcher *m)
{
	for (size_t i = 0; i < m->nr; i++) {
		grep_literal_free(&m->patterns[i].literal);
		regfree(&m->patterns[i].regex);
		regfree(&m->patterns[i].whole);
	}
	free(m->patterns);
	free(m);
}

/* Whether the character that begins at @p (with @before: ends at @p) belongs to a word. */
static bool is_word(const struct grep_span *line, const char *p, bool before)
{
	unsigned int code = 0;
	char last[8] = { 0 };

	if (before) {
		if (p == line->begin)
			return false;
		for (p--; p > line->begin && (*p & 0xc0) == 0x80; p--)
			;
	}
	if (p >= line->end)
		return false;
	memcpy(last, p, line->end - p < 4 ? line->end - p : 4);
	return utf8_len((unsigned char *)last, &code) && (iswalnum(code) || code == '_');
}

static bool is_separate(const struct grep_matcher *m, const struct grep_span *line,
			const struct grep_span *match)
{
	if (m->lines)
		return match->begin == line->begin && match->end == line->end;
	return !m->words ||
	       (!is_word(line, match->begin, true) && !is_word(line, match->end, false));
}

static bool literal_match(const struct grep_matcher *m, const struct pattern *p,
			  const struct grep_span *line, const char *from,
			  struct grep_span *match)
{
	while ((from = grep_literal_find(&p->literal, from, line->end))) {
		*match = (struct grep_span){ from, from + p->literal.len };
		if (is_separate(m, line, match))
			return true;
		from++;
	}
	return false;
}

/* re_search(); ends the program if that runs out of memory. */
static long search(struct grep_matcher *m, struct re_pattern_buffer *regex,
		   const struct grep_span *line, const char *from, struct re_registers *regs)
{
	long at = re_search(regex, line->begin, line->end - line->begin, from - line->begin,
			    line->end - from, regs);

	if (at == -2)
		tool_no_memory(m->t);
	return at;
}

/* Shorten @match until it is a word.  False: no word is left. */
static bool shorten_to_word(struct grep_matcher *m, struct pattern *p, const struct grep_span *line,
			    struct grep_span *match)
{
	while (!is_separate(m, line, match)) {
		long len = match->end - match->begin;

		if (!len || m->lines)
			return false;
		p->regex.not_eol = 1;
		len = re_match(&p->regex, line->begin, match->end - 1 - line->begin,
			       match->begin - line->begin, NULL);
		p->regex.not_eol = 0;
		if (len == -2)
			tool_no_memory(m->t);
		if (len <= 0)
			return false;
		match->end = match->begin + len;
	}
	return true;
}

static bool regex_match(struct grep_matcher *m, struct pattern *p, const struct grep_span *line,
			const char *from, struct grep_span *match)
{
	struct re_registers regs = { 0 };
	bool found = false;

	while (!found && from <= line->end) {
		long at = search(m, &p->regex, line, from, &regs);

		if (at < 0)
			break;
		*match = (struct grep_span){ line->begin + at, line->begin + regs.end[0] };
		found = shorten_to_word(m, p, line, match);
		from = match->begin + 1;
	}
	free(regs.start);
	free(regs.end);
	p->regex.regs_allocated = REGS_UNALLOCATED;
	return found;
}

/* Set p->match to the first match from @from on, without a search if it is that already. */
static bool pattern_match(struct grep_matcher *m, struct pattern *p,
			  const struct grep_span *line, const char *from)
{
	if (p->asked_line == line->begin && p->asked_from <= from &&
	    (!p->matched || p->match.begin >= from))
		return p->matched;
	p->asked_line = line->begin;
	p->asked_from = from;
	p->matched = p->exact ? literal_match(m, p, line, from, &p->match) :
				regex_match(m, p, line, from, &p->match);
	return p->matched;
}

bool grep_find_match(struct grep_matcher *m, const struct grep_span *line, const char *from,
		     struct grep_span *match)
{
	bool found = false;

	for (size_t i = 0; i < m->nr; i++) {
		struct pattern *p = &m->patterns[i];

		if (!pattern_match(m, p, line, from))
			continue;
		if (!found || p->match.begin < match->begin ||
		    (p->match.begin == match->begin && p->match.end > match->end))
			*match = p->match;
		found = true;
	}
	return found;
}

static bool line_matches(struct grep_matcher *m, struct pattern *p, const struct grep_span *line)
{
	struct grep_span match;

	if (p->exact)
		return (!m->words && !m->lines) ||
		       literal_match(m, p, line, line->begin, &match);
	if (search(m, &p->regex, line, line->begin, NULL) < 0)
		return false;
	if (p->has_whole)
		return search(m, &p->whole, line, line->begin, NULL) >= 0;
	return (!m->words && !m->lines) || regex_match(m, p, line, line->begin, &match);
}

/* The first line between @begin and @end that @p matches. */
static bool find_line(struct grep_matcher *m, struct pattern *p, const char *begin,
		      const char *end, struct grep_span *line)
{
	while (begin < end) {
		const char *at = begin, *before;

		if (p->literal.len)
			at = grep_literal_find(&p->literal, begin, end);
		if (!at)
			return false;
		before = p->literal.len ? memrchr(begin, '\n', at - begin) : NULL;
		line->begin = before ? before + 1 : begin;
		line->end = rawmemchr(at, '\n');
		if (line_matches(m, p, line))
			return true;
		begin = line->end + 1;
	}
	return false;
}

void grep_new_buffer(struct grep_matcher *m)
{
	for (size_t i = 0; i < m->nr; i++)
		m->patterns[i].clean_from = m->patterns[i].clean_to =
			m->patterns[i].asked_line = NULL;
}

bool grep_find_line(struct grep_matcher *m, const char *begin, const char *end,
		    struct grep_span *line)
{
	bool found = false;

	for (size_t i = 0; i < m->nr; i++) {
		struct pattern *p = &m->patterns[i];
		const char *from = begin;
		struct grep_span s;

		/* Do not search for @p again where it has no match, while other patterns match. */
		if (p->clean_from && p->clean_from <= begin && begin < p->clean_to)
			from = p->clean_to;
		else
			p->clean_from = begin;
		p->clean_to = end;
		if (from < end && find_line(m, p, from, end, &s)) {
			p->clean_to = s.begin;
			if (!found || s.begin < line->begin)
				*line = s;
			found = true;
		}
	}
	return found;
}

bool grep_matches_empty(struct grep_matcher *m)
{
	static const char empty[] = "\n";
	struct grep_span line;

	grep_new_buffer(m);
	return grep_find_line(m, empty, empty + 1, &line);
}
