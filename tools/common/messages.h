/* SPDX-License-Identifier: GPL-2.0 */
/*
 * messages.h - messages on stderr, and the exit code that follows from them
 */
#ifndef ANYFS_MESSAGES_H
#define ANYFS_MESSAGES_H

#include "tool.h"

/* One line on stderr, "program: text"; the exit code becomes 1. */
void tool_error(struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As tool_error(), "image: path: text"; the image is left out while paths are the host's. */
void tool_path_error(struct tool *t, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* anyfs_image_openat() of @path failed with -errno @err, with its text. */
void tool_open_failed(struct tool *t, const char *path, long err);
/* As tool_path_error() with the text of the kernel's or the host's -errno @err. */
void tool_errno(struct tool *t, const char *path, long err);
/* As tool_errno() with a reason of our own; @err is for programs. */
void tool_failed(struct tool *t, const char *path, const char *reason, long err);
/* As tool_errno() with what was not done: "path: not copied: reason". */
void tool_not_done(struct tool *t, const char *path, const char *what, long err);
/* One line on stderr that is no failure. */
void tool_note(struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* End the program: out of memory. */
void tool_no_memory(struct tool *t) __attribute__((noreturn));
/* malloc(), or that. */
void *tool_alloc(struct tool *t, size_t size);
/* End the program if stdout has failed. */
void tool_check_output(struct tool *t);

#endif /* ANYFS_MESSAGES_H */
