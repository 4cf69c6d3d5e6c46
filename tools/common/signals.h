/* SPDX-License-Identifier: GPL-2.0 */
/*
 * signals.h - signals that end a run early
 */
#ifndef ANYFS_SIGNALS_H
#define ANYFS_SIGNALS_H

#include "tool.h"

/* From now on SIGINT, SIGTERM and SIGHUP end the run at the next tool_stopping(). */
void tool_catch_signals(struct tool *t);
/* Forget signals that came before the next verb of a session; true if one was not SIGINT. */
bool tool_drop_signals(void);
/* The descriptor that becomes readable when a signal comes; -1 before tool_catch_signals(). */
int tool_signals_fd(void);
/* True after a signal, which is reported, or if end_early is set: start no new work. */
bool tool_stopping(struct tool *t);
/* Whether a signal has ended the run, or the verb of a session. */
bool tool_signal_came(void);
/* As tool_stopping(), without end_early: report a signal that came and set t->signal. */
bool tool_take_signal(struct tool *t);
/* Wait until read(2) from @fd does not block; false once tool_stopping() is true. */
bool tool_wait_readable(struct tool *t, int fd);

/* output-write.c */

/*
 * Write all of @buf to @fd, and count the bytes in t->bytes.  0 or -errno; -EINTR if a signal
 * came while the reader of a pipe did not read.  tool_stopping() then reports the signal.
 */
long tool_write(struct tool *t, int fd, const void *buf, size_t len);
/* From now on, signals also end writes to the stream stdout.  False if out of memory. */
bool tool_interrupt_output(void);
/* Call this when standard output is another file: buffer lines for a terminal, else blocks. */
void tool_buffer_output(void);

#endif /* ANYFS_SIGNALS_H */
