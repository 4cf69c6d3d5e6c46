// SPDX-License-Identifier: GPL-2.0
/*
 * grep-file.c - search one file for lines, and print them
 *
 * Each read appends to a buffer, of which the complete lines are searched; an incomplete last
 * line is moved to the front before the next read.  From the read that finds a NUL byte on, the
 * file is binary: NUL bytes count as newlines and no line is printed.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "grep.h"
#include "holes.h"
#include "messages.h"
#include "output.h"
#include "signals.h"

#define READ_SIZE	(96u << 10)
#define LINE_MAX_LEN	(1u << 30)	/* bytes */

struct search {
	struct grep *g;
	const char *path;
	const struct lkl_statx *stx;
	int fd;
	uint64_t off;			/* offset in the file of the next read */
	bool failed;
	/* Offsets in the buffer: the lines to search, end of the data. */
	size_t begin, fill;
	bool binary, bad_encoding, quiet, stop;
	uint64_t count, count_before_binary;
	uint64_t left, pending;		/* lines that -m and -A still allow */
	bool has_last;
	size_t last;			/* the end of the last line printed */
	uint64_t line;			/* newlines before @counted */
	size_t counted;
};

static bool has_bad_encoding(const char *p, const char *end)
{
	unsigned int code;

	while (p < end) {
		char c[8] = { 0 };
		int len;

		if (!(*p & 0x80)) {
			p++;
			continue;
		}
		memcpy(c, p, end - p < 4 ? end - p : 4);
		len = utf8_len((unsigned char *)c, &code);
		if (!len)
			return true;
		p += len;
	}
	return false;
}

static uint64_t line_number(struct search *s, const char *line)
{
	const char *p = s->g->buf + s->counted;

	while (p < line) {
		const char *nl = memchr(p, '\n', line - p);

		if (!nl)
			break;
		s->line++;
		p = nl + 1;
	}
	s->counted = line - s->g->buf;
	return s->line + 1;
}

static void print_separator(const struct grep *g, char sep)
{
	grep_color_begin(g, GREP_COLOR_SEPARATOR);
	putchar(sep);
	grep_color_end(g, GREP_COLOR_SEPARATOR);
}

/* Print the file's name, followed by @sep, or with -Z by a NUL byte. */
static void print_path(const struct grep *g, const char *path, char sep)
{
	grep_color_begin(g, GREP_COLOR_FILE);
	print_name(path);
	grep_color_end(g, GREP_COLOR_FILE);
	if (g->null || sep == '\n')
		putchar(g->null ? '\0' : sep);
	else
		print_separator(g, sep);
}

static void print_match(const struct grep *g, const struct grep_span *match, enum grep_color color)
{
	grep_color_begin(g, color);
	fwrite(match->begin, 1, match->end - match->begin, stdout);
	grep_color_end(g, color);
}

/* Print @line up to its last match; returns the end of that.  @rest is for text between matches. */
static const char *print_marked(const struct grep *g, const struct grep_span *line,
				enum grep_color color, enum grep_color rest)
{
	const char *from = line->begin, *printed = from;
	struct grep_span match;

	while (from <= line->end && grep_find_match(g->matcher, line, from, &match)) {
		from = match.end > match.begin ? match.end : match.begin + 1;
		if (match.end == match.begin)
			continue;
		grep_color_begin(g, rest);
		fwrite(printed, 1, match.begin - printed, stdout);
		print_match(g, &match, color);
		printed = match.end;
	}
	return printed;
}

/* Print @line in colours; @selected is false for a context line. */
static void print_colored(const struct grep *g, const struct grep_span *line, bool selected)
{
	enum grep_color match = selected ? GREP_COLOR_MATCH : GREP_COLOR_CONTEXT_MATCH;
	enum grep_color rest = selected != (g->invert && g->palette.reverse) ?
			       GREP_COLOR_SELECTED : GREP_COLOR_CONTEXT;
	const char *from = line->begin, *end = line->end;

	if (selected != g->invert && grep_has_color(g, match))
		from = print_marked(g, line, match, rest);
	if (end > from && end[-1] == '\r')
		end--;			/* of a line that ends in CR LF */
	if (end > from) {
		grep_color_begin(g, rest);
		fwrite(from, 1, end - from, stdout);
		grep_color_end(g, rest);
	}
	fwrite(end, 1, line->end - end, stdout);
}

static void print_json(struct search *s, const struct grep_span *line, uint64_t number)
{
	char *text = strndup(line->begin, line->end - line->begin);

	if (!text)
		tool_no_memory(s->g->t);
	json_separator(s->g->t);
	json_text("path", s->path);
	printf(", \"line\": %llu, ", (unsigned long long)number);
	json_text("text", text);
	putchar('}');
	free(text);
}

/*
 * Print @text, all or part of the line that begins at @line; @sep is ":" if the line is selected,
 * else "-".  False if @text has a bad encoding.
 */
static bool print_text(struct search *s, const char *line, const struct grep_span *text, char sep)
{
	struct grep *g = s->g;

	if (!g->binary_as_text && has_bad_encoding(text->begin, text->end)) {
		s->bad_encoding = true;
		return false;
	}
	if (g->t->json) {
		print_json(s, text, line_number(s, line));
		return true;
	}
	if (g->with_names > 0)
		print_path(g, s->path, sep);
	if (g->numbers) {
		grep_color_begin(g, GREP_COLOR_LINE);
		printf("%llu", (unsigned long long)line_number(s, line));
		grep_color_end(g, GREP_COLOR_LINE);
		print_separator(g, sep);
	}
	if (g->only_matching)
		print_match(g, text, GREP_COLOR_MATCH);
	else if (g->color)
		print_colored(g, text, sep == ':');
	else
		fwrite(text->begin, 1, text->end - text->begin, stdout);
	putchar('\n');
	return true;
}

static void print_matches(struct search *s, const struct grep_span *line)
{
	const char *from = line->begin;
	struct grep_span match;

	while (from <= line->end && grep_find_match(s->g->matcher, line, from, &match)) {
		if (match.end > match.begin)
			print_text(s, line->begin, &match, ':');
		from = match.end > match.begin ? match.end : match.begin + 1;
	}
}

static void print_line(struct search *s, const struct grep_span *line, char sep)
{
	struct grep *g = s->g;

	if (!g->only_matching && !print_text(s, line->begin, line, sep))
		return;
	if (g->only_matching && sep == ':' && !g->invert)
		print_matches(s, line);
	tool_check_output(g->t);
	s->has_last = true;
	s->last = line->end + 1 - g->buf;
}

static struct grep_span line_at(const char *p)
{
	return (struct grep_span){ p, rawmemchr(p, '\n') };
}

/* Print the lines after a selected one, up to @end. */
static void print_pending(struct search *s, const char *end)
{
	while (s->pending && !s->quiet && s->g->buf + s->last < end) {
		struct grep_span line = line_at(s->g->buf + s->last);

		s->pending--;
		print_line(s, &line, '-');
	}
}

static void print_before(struct search *s, const char *line)
{
	struct grep *g = s->g;
	const char *p = line, *first = g->buf + (s->has_last ? s->last : 0);

	for (uint64_t i = 0; i < g->before && p > first; i++)
		do
			p--;
		while (p > first && p[-1] != '\n');
	if (g->context && g->printed && !g->t->json && !(s->has_last && p == first)) {
		grep_color_begin(g, GREP_COLOR_SEPARATOR);
		fputs("--", stdout);
		grep_color_end(g, GREP_COLOR_SEPARATOR);
		putchar('\n');
	}
	while (p < line && !s->quiet) {
		struct grep_span context = line_at(p);

		print_line(s, &context, '-');
		p = context.end + 1;
	}
}

/* Select the lines between @p and @end. */
static void select_lines(struct search *s, const char *p, const char *end)
{
	struct grep *g = s->g;

	if (!s->quiet) {
		print_pending(s, p);
		print_before(s, p);
	}
	while (p < end && s->left) {
		struct grep_span line = line_at(p);

		s->count++;
		s->left--;
		if (!s->quiet)
			print_line(s, &line, ':');
		p = line.end + 1;
		if (s->stop || (s->quiet && !g->count)) {
			s->stop = true;
			break;
		}
	}
	s->pending = s->quiet ? 0 : g->after;
	g->printed = true;
}

static void search_lines(struct search *s, const char *p, const char *end)
{
	struct grep *g = s->g;

	grep_new_buffer(g->matcher);
	while (p < end && s->left && !s->stop) {
		struct grep_span line;
		bool found = grep_find_line(g->matcher, p, end, &line);
		const char *next = found ? line.end + 1 : end;

		if (!g->invert && found)
			select_lines(s, line.begin, next);
		else if (g->invert && p < (found ? line.begin : end))
			select_lines(s, p, found ? line.begin : end);
		p = next;
	}
	print_pending(s, end);
	if (!s->left && !s->pending)
		s->stop = true;
}

/* Whether a hole follows the bytes that were read: a hole has NUL bytes. */
static bool has_hole(const struct search *s)
{
	int64_t hole;

	if (s->stx->stx_size <= s->off || !holes_possible(s->stx))
		return false;
	hole = side_image.seek(s->fd, s->off, LKL_SEEK_HOLE);
	return hole >= 0 && (uint64_t)hole < s->stx->stx_size;
}

/* Look for NUL bytes in the lines to search; false: the file is not to be searched. */
static bool check_binary(struct search *s, bool first)
{
	struct grep *g = s->g;
	char *p = g->buf + s->begin, *end = g->buf + s->fill;

	if (g->binary_as_text)
		return true;
	if (!s->binary && (memchr(p, '\0', end - p) || (first && has_hole(s)))) {
		if (g->skip_binary) {
			s->count = 0;
			return false;
		}
		s->binary = true;
		s->count_before_binary = s->count;
		s->quiet = true;
	}
	while (s->binary && (p = memchr(p, '\0', end - p)))
		*p++ = '\n';
	return true;
}

/* The number of bytes to read at once: more for long lines, which are moved before each read. */
static size_t read_size(const struct search *s)
{
	return s->fill - s->begin > READ_SIZE ? s->fill - s->begin : READ_SIZE;
}

/* Move the context and the incomplete line, which are needed later, to the front of the buffer. */
static void make_room(struct search *s)
{
	struct grep *g = s->g;
	const char *first = g->buf + (s->has_last ? s->last : 0);
	const char *p = g->buf + s->begin;
	size_t drop;

	for (uint64_t i = 0; i < g->before && p > first; i++)
		do
			p--;
		while (p > first && p[-1] != '\n');
	if (s->pending && s->has_last && g->buf + s->last < p)
		p = g->buf + s->last;
	if (g->numbers || g->t->json)
		line_number(s, p);
	drop = p - g->buf;
	memmove(g->buf, p, s->fill - drop);
	s->has_last = s->has_last && s->last >= drop;
	s->last -= s->has_last ? drop : 0;
	s->begin -= drop;
	s->fill -= drop;
	s->counted = 0;
	if (g->buf_size >= s->fill + read_size(s) + 2)
		return;
	g->buf_size = s->fill + read_size(s) + 2;
	g->buf = realloc(g->buf, g->buf_size);
	if (!g->buf)
		tool_no_memory(g->t);
}

/* Skip a hole that begins at the next byte, unless its zeros, empty lines, can be selected. */
static void skip_hole(struct search *s)
{
	int64_t data;

	if (!s->binary || grep_matches_empty(s->g->matcher) != s->g->invert ||
	    !holes_possible(s->stx))
		return;
	data = side_image.seek(s->fd, s->off, LKL_SEEK_DATA);
	if (data == -LKL_ENXIO)
		data = s->stx->stx_size;
	if (data <= (int64_t)s->off)
		return;
	s->off = data;
	s->g->buf[s->fill++] = '\n';
	make_room(s);
}

/* Read more of the file.  False at its end, or after reporting a failure. */
static bool read_more(struct search *s)
{
	struct grep *g = s->g;
	long n;

	make_room(s);
	if (s->fill - s->begin > LINE_MAX_LEN) {
		tool_path_error(g->t, s->path, "not searched: a line is longer than 1 GiB");
		s->failed = true;
		return false;
	}
	skip_hole(s);
	n = side_image.pread(s->fd, g->buf + s->fill, read_size(s), s->off);
	if (n < 0)
		tool_errno(g->t, s->path, n);
	s->failed = n < 0;
	if (n <= 0)
		return false;
	s->off += n;
	s->fill += n;
	return true;
}

static void search_file(struct search *s)
{
	struct grep *g = s->g;

	for (bool first = true; !s->stop && !tool_stopping(g->t); first = false) {
		char *end;

		if (!read_more(s))
			break;
		if (!check_binary(s, first))
			return;
		end = memrchr(g->buf + s->begin, '\n', s->fill - s->begin);
		if (!end)
			continue;
		search_lines(s, g->buf + s->begin, end + 1);
		s->begin = end + 1 - g->buf;
	}
	if (s->failed || s->stop || s->begin == s->fill || tool_stopping(g->t))
		return;
	g->buf[s->fill++] = '\n';
	search_lines(s, g->buf + s->begin, g->buf + s->fill);
}

static void print_listed(const struct search *s)
{
	struct grep *g = s->g;

	if (!g->t->json) {
		print_path(g, s->path, '\n');
		return;
	}
	json_separator(g->t);
	json_text("path", s->path);
	putchar('}');
}

static void print_count(const struct search *s)
{
	struct grep *g = s->g;

	if (g->t->json) {
		json_separator(g->t);
		json_text("path", s->path);
		printf(", \"count\": %llu}", (unsigned long long)s->count);
		return;
	}
	if (g->with_names > 0)
		print_path(g, s->path, ':');
	printf("%llu\n", (unsigned long long)s->count);
}

/* Report that lines of a binary file were selected and not printed. */
static void print_binary(const struct search *s)
{
	struct grep *g = s->g;

	if (!g->t->json) {
		tool_note(g->t, "%s: %s: binary file matches", g->t->image_path, s->path);
		return;
	}
	json_separator(g->t);
	json_text("path", s->path);
	fputs(", \"binary\": true}", stdout);
}

void grep_file(struct grep *g, int fd, const char *path, const struct lkl_statx *stx)
{
	struct search s = {
		.g = g, .fd = fd, .path = path, .stx = stx, .left = g->max,
		.quiet = g->quiet || g->count || g->list,
	};
	bool shown = !s.quiet;
	enum grep_list listed;

	search_file(&s);
	if (s.failed)
		return;
	if (g->count)
		print_count(&s);
	listed = s.count ? GREP_LIST_MATCHING : GREP_LIST_OTHERS;
	if (!g->quiet && g->list == listed)
		print_listed(&s);
	if (shown && !g->skip_binary &&
	    (s.bad_encoding || (s.binary && s.count > s.count_before_binary)))
		print_binary(&s);
	g->selected |= s.count > 0;
	if (g->quiet && s.count)
		g->t->end_early = true;
	tool_check_output(g->t);
}
