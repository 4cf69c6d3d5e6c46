/* SPDX-License-Identifier: GPL-2.0 */
/*
 * error.h - the text that goes with an error number
 *
 * One text a thread.  Whoever first knows what went wrong says it; callers
 * pass the number on.
 */
#ifndef ANYFS_ERROR_H
#define ANYFS_ERROR_H

/* Note the text, "object: reason, and what to do", and return @err (negative errno). */
int error_set(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * The negative Linux errno of @host_errno, an errno of the host's: the kernel
 * and the public interface know only Linux's numbers.  -EIO for a number that
 * Linux does not have.  Called where a host call has failed.
 */
int error_host(int host_errno);

/* "No such file or directory" and the like, for negative or positive errno; thread-safe. */
const char *error_name(int err);

/* The calling thread's text, "" if there is none. */
const char *error_last(void);

#endif /* ANYFS_ERROR_H */
