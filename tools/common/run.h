/* SPDX-License-Identifier: GPL-2.0 */
/*
 * run.h - a run from the start of the kernel to the exit code
 */
#ifndef ANYFS_RUN_H
#define ANYFS_RUN_H

#include "tool.h"

/*
 * A tool reads everything once, and reusing memory is faster than touching new pages: less
 * memory than the library's default makes it faster.
 */
#define TOOL_MEM_MB	64
/*
 * xfs keeps the metadata of new files in memory until its log is written: tens of thousands
 * of small files exhaust 128 MiB, and the kernel panics.
 */
#define TOOL_MEM_WRITE_MB	192

/*
 * Let the sandbox allow @path of the host: a file or tree to read or, with @write, a
 * directory to create files in.  Call it before tool_open(); @path must stay valid.
 */
void tool_needs_host(struct tool *t, const char *path, bool write);
/* Open @path together with the image.  Call it before tool_open(); @path must stay valid. */
void tool_add_member(struct tool *t, const char *path);
/*
 * Open @path read-only beside the image, for tool_use_image(t->nr_members).  Call it before
 * tool_open(); @path must stay valid.
 */
void tool_add_image(struct tool *t, const char *path);
/*
 * From now on, paths of the image and messages mean the image number @nr: 0 is that of
 * tool_open(), the others are t->members[@nr - 1].
 */
void tool_use_image(struct tool *t, size_t nr);
/*
 * Open the file of the image @path with @disk, like anyfs_source_open(), after keys_prepare().
 * Waits for the image's lock as tool_wait_lock() does, and gives an image that is encrypted as
 * a whole the keys that keys_choose() finds.
 */
int tool_open_source(struct tool *t, const char *path, const struct anyfs_disk_opts *disk,
		     struct anyfs_source **source);
/* Enter the sandbox and boot a kernel; ends the program on failure. */
void tool_boot(struct tool *t);
/* True if SOURCE_DATE_EPOCH fixes what the kernel writes; valid after tool_boot(). */
bool tool_is_reproducible(void);
/*
 * Like tool_boot(), and open the image @path: for writing if the verb writes, else read-only.
 * Ends the program on failure.  From here on, only paths given to tool_needs_host() may be
 * used on the host, and in a verb that writes, SIGINT, SIGTERM and SIGHUP only make
 * tool_stopping() true.
 */
void tool_open(struct tool *t, const char *path);
/*
 * End the program: unmount and flush an image that was written to, and flush stdout.  A
 * failure is reported and sets the exit code.
 */
int tool_finish(struct tool *t) __attribute__((noreturn));
/*
 * Call this when a write to standard output failed with errno @err.  Ends the program; in a
 * session it makes tool_stopping() true instead, so that the verb ends and frees what it holds.
 * The end of the run reports the failure.
 */
void tool_output_failed(struct tool *t, int err);
/* End the program, or the verb of a session, with @status, and store and flush nothing. */
void tool_exit(struct tool *t, int status) __attribute__((noreturn));

/* lock-wait.c */

/*
 * Call this when the image at @path is locked.  Pauses and returns true: try again.  Returns
 * false when the time of --wait, counted from the first call, is over or tool_stopping() is true.
 */
bool tool_wait_lock(struct tool *t, const char *path);

#endif /* ANYFS_RUN_H */
