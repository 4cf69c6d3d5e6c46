/* SPDX-License-Identifier: GPL-2.0 */
/*
 * run.h - a run from the start of the kernel to the exit code
 */
#ifndef ANYFS_RUN_H
#define ANYFS_RUN_H

#include "tool.h"

/*
 * A tool reads everything once: memory that is used again beats memory that is
 * touched for the first time, so less than the library's default is faster.
 */
#define TOOL_MEM_MB	64
/*
 * xfs keeps what it knows of new files until its log is written: tens of
 * thousands of small ones fill 128 MiB, and the kernel dies.
 */
#define TOOL_MEM_WRITE_MB	192

/*
 * Say before tool_open() that @path of the host is needed after it: a file or
 * tree to be read or, with @write, a directory to make files in.  Borrowed.
 */
void tool_needs_host(struct tool *t, const char *path, bool write);
/* Boot a kernel, in the sandbox; ends the program if that fails. */
void tool_boot(struct tool *t);
/*
 * As tool_boot(), and open @path: for writing if the verb writes, else read-only;
 * ends the program if that fails.  From here on only what tool_needs_host() was
 * told of is to be asked of the host, and in a verb that writes SIGINT, SIGTERM
 * and SIGHUP only make tool_stopping() true.
 */
void tool_open(struct tool *t, const char *path);
/*
 * The end.  What a verb wrote to the image is stored and unmounted, what is still
 * in stdout's buffer is written; that either failed is told and is the exit code.
 */
int tool_finish(struct tool *t) __attribute__((noreturn));

/* lock-wait.c */

/*
 * The image at @path is in use.  True after a short pause: try again.  False when the
 * time of --wait is over (it begins with the first call), or the run is to end.
 */
bool tool_wait_lock(struct tool *t, const char *path);

#endif /* ANYFS_RUN_H */
