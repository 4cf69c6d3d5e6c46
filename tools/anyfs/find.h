/* SPDX-License-Identifier: GPL-2.0 */
/*
 * find.h - the expressions of anyfs find
 */
#ifndef ANYFS_FIND_H
#define ANYFS_FIND_H

#include <regex.h>
#include "owner.h"
#include "tool.h"
#include "walk.h"

/* A number of the command line: "+N" is more than N, "-N" less, "N" equal. */
struct find_number {
	char sign;			/* '+', '-' or 0 */
	uint64_t n;
};

struct expr;
struct find;

/* Whether the current file passes the test; actions are executed. */
typedef bool find_eval_fn(struct find *f, const struct expr *e);

struct expr {
	find_eval_fn *eval;
	struct expr *a, *b;		/* operands of -a, -o and ! */
	const char *text;		/* the operand as text */
	struct find_number number;
	uint64_t unit;			/* bytes, of -size; seconds, of -mtime and -mmin */
	char time, other_time;		/* a, c, m, B: of the file, of -newerXY's; t: a date */
	bool fold;			/* ignore case */
	unsigned int mode, dir_mode;	/* -perm, for files and for directories */
	char mode_sign;			/* '-': all these bits, '/': any of them, 0: exactly */
	struct lkl_statx_timestamp stamp;
	struct re_pattern_buffer regex;
	struct find_format *format;
};

/* The current file. */
struct find_file {
	const struct walk_node *node;
	struct lkl_statx stx;
	bool has_stx;
	long stat_error;
};

struct find {
	struct tool *t;
	struct expr *expr;
	const char *start;		/* the path of the command line that is being walked */
	unsigned int min_depth, max_depth;
	bool depth_first, one_fs;
	bool has_action;
	bool prune, quit;		/* set by actions */
	reg_syntax_t syntax;		/* of -regex: -regextype */
	struct lkl_statx_timestamp now;
	struct owner_names names;
	struct find_file file;
	uint32_t start_dev[2];
};

/* find-parse.c */

/* Parse the expression in @args, which NULL ends; ends the program on a mistake. */
void find_parse(struct find *f, char *const *args);
void find_free(struct expr *e);

/* find-tests.c */

/* A test or action: its name, what it takes, and how it is evaluated. */
struct find_primary {
	const char *name;
	/* Parse the operand @text into @e; false: it is not valid.  NULL: there is none. */
	bool (*parse)(struct find *f, struct expr *e, const char *text);
	find_eval_fn *eval;
	const char *operand;		/* for messages: "a pattern" */
	bool is_action;			/* without one, files that pass are printed */
};

/* Find the primary @name, or NULL; sets the members of *@e that the name implies. */
const struct find_primary *find_primary(const char *name, struct expr *e);
/* Metadata of the current file; NULL if it cannot be read, which is reported. */
const struct lkl_statx *find_stat(struct find *f);
const struct lkl_statx_timestamp *find_time(const struct lkl_statx *stx, char which);
/* The current file as a struct side_file. */
struct side_file find_side(const struct find *f);
/* The name of the current file, the last component of its path: *@len bytes without a NUL. */
const char *find_name(const struct find *f, int *len);

/* find-tests.c and find-times.c: tests */

bool parse_number_operand(const char *text, struct find_number *n);
bool number_matches(const struct find_number *n, uint64_t value);
bool parse_age(struct find *f, struct expr *e, const char *text);
bool parse_newer_date(struct find *f, struct expr *e, const char *text);
bool parse_newer_file(struct find *f, struct expr *e, const char *text);
/* Read the times of the files of -newer; call after tool_open().  False after a message. */
bool find_resolve(struct find *f, struct expr *e);
find_eval_fn test_age, test_newer;

/* find-print.c: actions that print */

find_eval_fn find_print, find_print0, find_ls, find_printf;
bool parse_format(struct find *f, struct expr *e, const char *text);
void find_format_free(struct find_format *format);

#endif /* ANYFS_FIND_H */
