/* SPDX-License-Identifier: GPL-2.0 */
/*
 * files.h - image files for tests, in the test's own directory
 */
#ifndef TESTS_BLOCK_FILES_H
#define TESTS_BLOCK_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct blockdev;

/*
 * Path of a new file of @size bytes of pattern_fill(..., 0, 1).  The string is valid during
 * the next seven calls.
 */
const char *file_make(const char *name, uint64_t size);
/* Only the path: no file is created. */
const char *file_path(const char *name);
/* Open @image read-only and keep its changes in the file @overlay, like overlay_open_file(). */
int file_open_overlaid(const char *image, const char *overlay, unsigned int flags,
		       struct blockdev **bd);
/* Drop the file from the host's page cache. */
void file_uncache(const char *path);

/*
 * Number of this process's threads.  A thread that was joined may be counted for a moment:
 * the host wakes the joining thread before it removes the other from the list of threads.
 */
unsigned int thread_count(void);
/*
 * Group setup of cmocka: set threads_at_start to the number of threads before any test.  A
 * sanitizer's thread is included.
 */
int count_threads_at_start(void **state);
extern unsigned int threads_at_start;
/* Wait until thread_count() is @count; false after @seconds. */
bool thread_count_becomes(unsigned int count, unsigned int seconds);

#endif /* TESTS_BLOCK_FILES_H */
