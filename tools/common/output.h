/* SPDX-License-Identifier: GPL-2.0 */
/*
 * output.h - output on stdout and the terminal: text, JSON, progress, the result
 */
#ifndef ANYFS_OUTPUT_H
#define ANYFS_OUTPUT_H

#include <stddef.h>
#include "escape.h"
#include "side.h"
#include "tool.h"

/* progress.c: a progress line on the terminal, or lines of JSON */

void progress_begin(void);
/* Show progress even if stderr is not a terminal.  Call it before progress_begin(). */
void progress_force(void);
/* Write progress to @fd as lines of JSON (--progress-fd).  0 or -errno. */
int progress_report_to(int fd);
/* Report t->files and t->bytes, if it is time to. */
void progress_show(struct tool *t);
/* Implements unpack_progress of struct anyfs_disk_opts; @data is a struct tool. */
int progress_unpack(void *data, const char *name, uint64_t done, uint64_t total);
/* Show no progress until the next progress_begin(). */
void progress_reset(void);
void progress_end(void);		/* erases the line; call before printing a message */
/* In a child process, which counts for its parent: leave the last line to the parent. */
void progress_leave_end(void);
/* At the end of the run: write the last line for --progress-fd, with the exit code. */
void progress_report_end(const struct tool *t);

/* result.c: failures {path, reason, code} and notes of a run, for --json */

/* Record a failure; @path may be NULL, and @err is -errno or 0. */
void result_failure(struct tool *t, const char *path, const char *reason, long err);
void result_note(struct tool *t, const char *text);
/* Forget the failures and notes, before the next verb of a session. */
void result_reset(void);
/* Print the end of the JSON output, when the run is over. */
void result_end(struct tool *t);
/* Print the last members of a verb's JSON object, "notes" and "failed", and its brace. */
void result_end_object(struct tool *t);

/* json.c */

/* Print @text as a JSON string, with quotes; bytes that are not UTF-8 become U+FFFD. */
void json_string(const char *text);
/* Print "key": "text", and "key_hex" too if @text is not UTF-8. */
void json_text(const char *key, const char *text);
/* Like json_text(), to @out. */
void json_text_to(FILE *out, const char *key, const char *text);

/*
 * Begin the next object of the array, or of the lines, that a verb prints: separator and
 * opening brace.  The object must have no line break.  result_end() ends the array.
 */
void json_separator(struct tool *t);

/* format.c */

/* "drwxr-xr-x" */
void format_mode(unsigned int mode, char out[11]);
/* "file", "directory" ... */
const char *format_type(unsigned int mode);
/* "4.0K", "1.2G" */
void format_size(uint64_t size, char *out, size_t len);
/* "2024-02-29 12:34"; with @full also seconds, nanoseconds and time zone. */
void format_time(const struct lkl_statx_timestamp *ts, bool full, char *out, size_t len);
/* From now on, format_time() shows UTC instead of local time. */
void format_utc(void);

/* entry.c: symbolic link text and JSON of one file */

#define ENTRY_MASK	(LKL_STATX_BASIC_STATS | LKL_STATX_BTIME)

/* The symbolic link text of dirfd/name, to be freed; NULL and *@err on failure. */
char *entry_target(const struct side *side, int dirfd, const char *name, uint64_t size,
		   long *err);
/* Print the members of a file's JSON object, without braces. */
void entry_json(const char *path, const struct lkl_statx *stx, const char *target);

#endif /* ANYFS_OUTPUT_H */
