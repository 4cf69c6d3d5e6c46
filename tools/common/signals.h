/* SPDX-License-Identifier: GPL-2.0 */
/*
 * signals.h - signals that end a run early
 */
#ifndef ANYFS_SIGNALS_H
#define ANYFS_SIGNALS_H

#include "tool.h"

/*
 * From now on SIGINT, SIGTERM and SIGHUP end the run at the next tool_stopping().  Called after
 * the image is open: until then nothing has to be cleaned up, and a download may take long.
 */
void tool_catch_signals(struct tool *t);
/*
 * Undo tool_catch_signals(): signals end the process at once, also those that are pending.
 */
void tool_let_signals_end(void);
/*
 * Drop the signals that have come, before the next verb of a session; true if one was not SIGINT.
 */
bool tool_drop_signals(void);
/* The descriptor that becomes readable when a signal comes; -1 before tool_catch_signals(). */
int tool_signals_fd(void);
/* True if no new work may start: after a signal, which this reports, or if end_early is set. */
bool tool_stopping(struct tool *t);
/* Whether a signal has ended the run, or the verb of a session. */
bool tool_signal_came(void);
/* After a signal: report it, set t->signal and return true. */
bool tool_take_signal(struct tool *t);
/* Wait until read(2) from @fd does not block; false once tool_stopping() is true. */
bool tool_wait_readable(struct tool *t, int fd);

#endif /* ANYFS_SIGNALS_H */
