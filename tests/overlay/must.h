/* SPDX-License-Identifier: GPL-2.0 */
/*
 * must.h - calls that cannot fail here
 */
#ifndef TESTS_OVERLAY_MUST_H
#define TESTS_OVERLAY_MUST_H

#include <stdio.h>
#include <stdlib.h>
#include <anyfs.h>
#include <lkl.h>

/* The call's result @rc; the program ends if it is an error. */
static inline long must(const char *what, long rc)
{
	if (rc >= 0)
		return rc;
	fprintf(stderr, "%s: %s (%s)\n", what, lkl_strerror(rc), anyfs_strerror_last());
	exit(1);
}

#endif /* TESTS_OVERLAY_MUST_H */
