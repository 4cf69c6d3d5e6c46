/* SPDX-License-Identifier: GPL-2.0 */
/*
 * messages.h - messages on stderr, and the exit code that follows from them
 */
#ifndef ANYFS_MESSAGES_H
#define ANYFS_MESSAGES_H

#include "tool.h"

/* The exit code after a failure: failed_status of the verb, else EXIT_FAILED. */
int tool_failed_status(const struct tool *t);
/* Print "program: text" on stderr; the exit code becomes tool_failed_status(). */
void tool_error(struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Like tool_error(), with "image: path: text", or "path: text" while paths are the host's. */
void tool_path_error(struct tool *t, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* @text without "@prefix: " at its start. */
const char *text_without_prefix(const char *text, const char *prefix);
/* Whether -errno @err means EXIT_KEY: a key is missing or wrong. */
bool tool_is_key_error(long err);
/* Report that anyfs_image_openat() of @path failed with -errno @err; prints the library's text. */
void tool_open_failed(struct tool *t, const char *path, long err);
/* Like tool_path_error(), with the text that belongs to -errno @err. */
void tool_errno(struct tool *t, const char *path, long err);
/* Like tool_errno(), with @reason instead of the text of @err; --json prints @err as "code". */
void tool_failed(struct tool *t, const char *path, const char *reason, long err);
/* Like tool_errno(), with @what, such as "not copied", before the text; NULL: nothing. */
void tool_not_done(struct tool *t, const char *path, const char *what, long err);
/* Print one line on stderr that is not a failure. */
void tool_note(struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Report that memory is exhausted and end the program. */
void tool_no_memory(struct tool *t) __attribute__((noreturn));
/* malloc() and strdup() that call tool_no_memory() on failure. */
void *tool_alloc(struct tool *t, size_t size);
char *tool_strdup(struct tool *t, const char *text);
/* Call tool_output_failed() if a write to stdout has failed. */
void tool_check_output(struct tool *t);

#endif /* ANYFS_MESSAGES_H */
