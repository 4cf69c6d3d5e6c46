/* SPDX-License-Identifier: GPL-2.0 */
/*
 * background.h - leave the terminal once the program serves
 */
#ifndef ANYFS_BACKGROUND_H
#define ANYFS_BACKGROUND_H

#include <stdbool.h>
#include "tool.h"

/*
 * Fork before the first thread is started.  The caller continues in the child.  The parent ends
 * with 0 when the child calls background_detach(), or with the child's exit code when the child
 * ends before.  Returns a descriptor for background_detach().  Ends the program on failure.
 */
int background_start(struct tool *t);

/*
 * Replace the standard descriptors by @null_fd, which is /dev/null, and let the parent end; @fd
 * is the result of background_start().  False if the parent has ended already.
 */
bool background_detach(int fd, int null_fd);

#endif /* ANYFS_BACKGROUND_H */
