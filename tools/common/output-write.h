/* SPDX-License-Identifier: GPL-2.0 */
/*
 * output-write.h - writes that a signal ends even if no process reads the output
 */
#ifndef ANYFS_OUTPUT_WRITE_H
#define ANYFS_OUTPUT_WRITE_H

#include "tool.h"

/*
 * Write all of @buf to @fd, and count the bytes in t->bytes.  0 or -errno; -EINTR if a signal
 * came while the reader of a pipe did not read.  tool_stopping() then reports the signal.
 */
long tool_write(struct tool *t, int fd, const void *buf, size_t len);
/*
 * From now on, signals also end writes to the stream stdout, and their errors are recorded.
 * False if out of memory.  Later calls do nothing.
 */
bool tool_interrupt_output(void);
/*
 * Call this when standard output is another file: forget earlier errors, and buffer lines for
 * a terminal, else blocks.
 */
void tool_buffer_output(void);
/* The errno of the first write to stdout that failed; 0 if none has failed. */
int tool_output_error(void);
/* Write what stdout has buffered, and return tool_output_error(). */
int tool_flush_output(void);

#endif /* ANYFS_OUTPUT_WRITE_H */
