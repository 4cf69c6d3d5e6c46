/* SPDX-License-Identifier: GPL-2.0 */
/*
 * error.h - error numbers and the text of the last error
 *
 * Each thread has one error text, the message about its last error.  The function that
 * detects an error sets the text and returns the number; its callers only pass the
 * number on.
 */
#ifndef ANYFS_ERROR_H
#define ANYFS_ERROR_H

/* Set the error text, "object: reason; what to do", and return @err (negative errno). */
int error_set(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Convert the host's @host_errno to a negative Linux errno, -EIO if Linux does not
 * have that error.  Use it where a host call fails: the kernel and the public
 * interface use Linux's numbers only.
 */
int error_host(int host_errno);

/* The description of a negative or positive errno ("No such file or directory"); thread-safe. */
const char *error_name(int err);

/* Set the error text to "". */
void error_clear(void);

/* The calling thread's error text, "" if there is none. */
const char *error_last(void);

#endif /* ANYFS_ERROR_H */
