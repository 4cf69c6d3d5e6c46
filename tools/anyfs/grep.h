/* SPDX-License-Identifier: GPL-2.0 */
/*
 * grep.h - the parts of anyfs grep: patterns, the search of one file, output
 */
#ifndef ANYFS_GREP_H
#define ANYFS_GREP_H

#include "tool.h"

enum grep_syntax { GREP_BASIC, GREP_EXTENDED, GREP_FIXED };

struct grep_matcher;

struct grep_patterns {
	enum grep_syntax syntax;
	bool fold;			/* ignore case */
	bool words, lines;		/* matches must be whole words, whole lines */
	char *text;			/* the patterns, with newlines between */
	size_t len;
	bool given, from_file;
};

/* grep-pattern.c: compile patterns, and find them in lines */

/* Append the @len bytes at @text, one pattern a line. */
void grep_patterns_add(struct tool *t, struct grep_patterns *p, const char *text, size_t len);
/* Compile the patterns; ends the program on a mistake.  The locale must be UTF-8. */
struct grep_matcher *grep_compile(struct tool *t, const struct grep_patterns *p);
void grep_free(struct grep_matcher *m);

struct grep_span {
	const char *begin, *end;
};

/* Call this before grep_find_line() when the content of the buffer has changed. */
void grep_new_buffer(struct grep_matcher *m);
/*
 * The first line between @begin and @end that matches, without its newline; false if none
 * does.  Every line ends in a newline, the last one too.
 */
bool grep_find_line(struct grep_matcher *m, const char *begin, const char *end,
		    struct grep_span *line);
/* The leftmost longest match in @line at or after @from; false if there is none. */
bool grep_find_match(struct grep_matcher *m, const struct grep_span *line, const char *from,
		     struct grep_span *match);
/* Whether an empty line matches. */
bool grep_matches_empty(struct grep_matcher *m);

/* grep-literal.c: find a string in a buffer, and a text that a regular expression must contain */

struct grep_literal {
	unsigned char *text;
	size_t len;
	unsigned char fold[256];	/* the byte that each byte is compared as */
	size_t shift[256];
};

/* Takes a copy of @text.  With @fold, ASCII letters match in both cases. */
void grep_literal_init(struct tool *t, struct grep_literal *l, const char *text, size_t len,
		       bool fold);
void grep_literal_free(struct grep_literal *l);
/* The first occurrence between @begin and @end, or NULL. */
const char *grep_literal_find(const struct grep_literal *l, const char *begin, const char *end);
/*
 * The longest text that every match of the expression contains, in @must, which has room for
 * strlen(@regex) + 1 bytes.  Returns its length, 0 if nothing is known.
 */
size_t grep_required_text(const char *regex, enum grep_syntax syntax, bool fold, char *must);

/* grep-color.c */

enum grep_color {
	GREP_COLOR_MATCH,		/* matching text in a selected line */
	GREP_COLOR_CONTEXT_MATCH,	/* matching text in a context line (with -v) */
	GREP_COLOR_SELECTED, GREP_COLOR_CONTEXT,	/* the rest of these lines */
	GREP_COLOR_FILE, GREP_COLOR_LINE, GREP_COLOR_SEPARATOR,
	GREP_COLORS
};

/* Parts of GREP_COLORS, or defaults. */
struct grep_palette {
	const char *codes[GREP_COLORS];
	size_t len[GREP_COLORS];	/* 0: no colour */
	bool reverse;			/* with -v exchange colours of selected and context lines */
	bool keep_rest;			/* do not clear the rest of the terminal's line */
};

struct grep;

void grep_palette_init(struct grep_palette *p);
bool grep_has_color(const struct grep *g, enum grep_color color);
/* Begin and end a colour, if colours are wanted and there is one. */
void grep_color_begin(const struct grep *g, enum grep_color color);
void grep_color_end(const struct grep *g, enum grep_color color);

/* grep-file.c: search one file */

enum grep_list { GREP_LIST_NONE, GREP_LIST_MATCHING, GREP_LIST_OTHERS };

struct grep {
	struct tool *t;
	struct grep_patterns patterns;
	struct grep_matcher *matcher;
	bool recursive, invert, count, quiet, only_matching, numbers, null;
	bool binary_as_text, skip_binary;
	bool color;
	struct grep_palette palette;
	int with_names;			/* -H: 1, -h: 0, neither: -1 */
	enum grep_list list;
	uint64_t max, before, after;	/* -m, -B, -A */
	bool context;			/* -A, -B or -C given */
	struct grep_filter *filters;
	size_t nr_filters;
	char *buf;
	size_t buf_size;
	bool selected;			/* a line of any file */
	bool printed;			/* for the "--" between groups of lines */
};

/* Search the file @fd, named @path in the output; @stx is its metadata. */
void grep_file(struct grep *g, int fd, const char *path, const struct lkl_statx *stx);

/* grep-filter.c: --include, --exclude, --exclude-dir */

struct grep_filter {
	const char *glob;
	bool include, dirs;
};

void grep_filter_add(struct grep *g, const char *glob, bool include, bool dirs);
/*
 * Whether the filters leave out @name, which is a directory if @dir is set.  An operand is left
 * out if a pattern matches its last components; any other @name is one component, which the whole
 * pattern must match.
 */
bool grep_filtered(const struct grep *g, const char *name, bool dir, bool operand);

#endif /* ANYFS_GREP_H */
