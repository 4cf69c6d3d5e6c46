/* SPDX-License-Identifier: GPL-2.0 */
/*
 * input.h - standard input
 */
#ifndef ANYFS_INPUT_H
#define ANYFS_INPUT_H

#include "tool.h"

/*
 * Before tool_open(), for a verb that reads standard input: wait for its first byte, and
 * read up to about @max bytes of it into a temporary file, unless it is a regular file.
 * Ends the program if it is closed or cannot be read.
 */
#define INPUT_BEFORE_LOCK	(4u << 20)	/* enough for files that are edited */
void tool_collect_input(struct tool *t, uint64_t max);
/* Pause for @ms milliseconds, or less while collected input goes on coming. */
void tool_wait_input(struct tool *t, unsigned int ms);
/* read(2) from standard input, what was collected first; -EINTR once tool_stopping(). */
long tool_read_input(struct tool *t, void *buf, size_t len);

#endif /* ANYFS_INPUT_H */
