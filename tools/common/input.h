/* SPDX-License-Identifier: GPL-2.0 */
/*
 * input.h - standard input
 */
#ifndef ANYFS_INPUT_H
#define ANYFS_INPUT_H

#include "tool.h"

/*
 * A verb that reads standard input calls this before tool_open().  It reads standard input into
 * a temporary file, up to its end or about @max bytes, unless it is a regular file.  Ends the
 * program if standard input is closed or cannot be read.
 */
#define INPUT_BEFORE_LOCK	(4u << 20)	/* bytes; enough for files edited in a pipeline */
void tool_collect_input(struct tool *t, uint64_t max);
/* Pause for up to @ms milliseconds; return early after storing input that arrives. */
void tool_wait_input(struct tool *t, unsigned int ms);
/*
 * Like read(2) on standard input, but stored bytes come first; -EINTR once tool_stopping() is true.
 * In a reproducible run, less than @len bytes are read only at the end, or before an error.
 */
long tool_read_input(struct tool *t, void *buf, size_t len);

#endif /* ANYFS_INPUT_H */
