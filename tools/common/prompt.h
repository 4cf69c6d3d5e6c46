/* SPDX-License-Identifier: GPL-2.0 */
/*
 * prompt.h - ask for a password on the terminal
 */
#ifndef ANYFS_PROMPT_H
#define ANYFS_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Before the sandbox: true if standard input and standard error are terminals, and
 * prompt_read() can be used.  @alive, or -1: a pipe whose reader waits for this process;
 * when the reader ends, so does the prompt.
 */
bool prompt_prepare(int alive);

/*
 * Print @text and read a line of at most @room bytes without echo.  Returns its length
 * without the newline.  -EINTR: a signal that ends the program has come, and is still
 * pending if the caller blocks it; -ENOTTY: the terminal is gone; -EMSGSIZE: the
 * line is too long; or another -errno.
 */
int prompt_read(const char *text, char *line, size_t room);

#endif /* ANYFS_PROMPT_H */
