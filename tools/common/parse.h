/* SPDX-License-Identifier: GPL-2.0 */
/*
 * parse.h - parse sizes and times of the command line
 */
#ifndef ANYFS_PARSE_H
#define ANYFS_PARSE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Parse "4096", "10K", "1.5G" (K is 1024) to bytes.  False if @text is not a size. */
bool parse_size(const char *text, uint64_t *size);

/*
 * Parse "@1700000000.5", "2024-02-29 12:34:56.789", "2024-02-29T12:34Z" or "2024-02-29";
 * local time unless a zone is given.  False if @text is not a time.
 */
bool parse_time(const char *text, struct timespec *ts);

#endif /* ANYFS_PARSE_H */
