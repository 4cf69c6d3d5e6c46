/* SPDX-License-Identifier: GPL-2.0 */
/*
 * exit-on-error.h - end the program when a call fails
 */
#ifndef TESTS_OVERLAY_EXIT_ON_ERROR_H
#define TESTS_OVERLAY_EXIT_ON_ERROR_H

#include <stdio.h>
#include <stdlib.h>
#include <anyfs.h>
#include <lkl.h>

/* Return @rc, the result of the call @what; end the program if it is an error. */
static inline long must(const char *what, long rc)
{
	if (rc >= 0)
		return rc;
	fprintf(stderr, "%s: %s (%s)\n", what, lkl_strerror(rc), anyfs_strerror_last());
	exit(1);
}

#endif /* TESTS_OVERLAY_EXIT_ON_ERROR_H */
