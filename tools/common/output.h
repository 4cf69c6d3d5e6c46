/* SPDX-License-Identifier: GPL-2.0 */
/*
 * output.h - what goes to stdout and the terminal: text, JSON, progress, the result
 */
#ifndef ANYFS_OUTPUT_H
#define ANYFS_OUTPUT_H

#include <stddef.h>
#include "side.h"
#include "tool.h"

/* progress.c: a line on the terminal that is written over */

void progress_begin(void);
void progress_show(struct tool *t);
void progress_end(void);		/* before a message */

/* result.c: failures {path, reason, code} and notes of a run, for --json */

/* @path or NULL, @err: -errno or 0. */
void result_failure(struct tool *t, const char *path, const char *reason, long err);
void result_note(struct tool *t, const char *text);
/* What remains to be printed once the run is over: with an array, its end. */
void result_end(struct tool *t);
/* The last members and the brace of a verb's own object: "notes", "failed". */
void result_end_object(struct tool *t);

/* escape.c */

/* Bytes that a terminal would obey become \n, \x1b ...; @space: blanks too. */
char *escape_text(const char *text, bool space);
/* Print @name as it is, or escaped if stdout is a terminal. */
void print_name(const char *name);
/*
 * Length of the UTF-8 sequence at @p, 0 if it is none: no overlong forms, no
 * surrogates.  *@code gets the character.
 */
int utf8_len(const unsigned char *p, unsigned int *code);
/* Controls of ASCII and Latin-1, and what turns the direction of text. */
bool text_unsafe(unsigned int code);

/* json.c */

/* As JSON string, quotes included; bytes that are not UTF-8 become U+FFFD. */
void json_string(const char *text);
/* "key": "text", and "key_hex" if the text had to be changed. */
void json_text(const char *key, const char *text);

/*
 * An array of objects, one a line, which result_end() ends.
 * Before an object: what goes between it and the one before, and its brace.
 */
void json_separator(struct tool *t);

/* format.c */

/* "drwxr-xr-x" */
void format_mode(unsigned int mode, char out[11]);
/* "file", "directory" ... */
const char *format_type(unsigned int mode);
/* "4.0K", "1.2G" */
void format_size(uint64_t size, char *out, size_t len);
/* "2024-02-29 12:34", with @full seconds, fraction and zone. */
void format_time(const struct lkl_statx_timestamp *ts, bool full, char *out, size_t len);

/* entry.c: what is known of one file */

#define ENTRY_MASK	(LKL_STATX_BASIC_STATS | LKL_STATX_BTIME)

/* The link text of dirfd/name, to be freed; NULL and *@err on failure. */
char *entry_target(const struct side *side, int dirfd, const char *name, uint64_t size,
		   long *err);
/* The members of a JSON object, without braces. */
void entry_json(const char *path, const struct lkl_statx *stx, const char *target);

#endif /* ANYFS_OUTPUT_H */
