// SPDX-License-Identifier: GPL-2.0
/*
 * strerror.c - the kernel's error numbers in words
 *
 * The C library knows those that user space is meant to see.  The others are
 * the kernel's own, and file systems let some of them out.
 */
#include <limits.h>
#include "internal.h"

#define INTERNAL_FIRST	512

static const char *const internal[] = {
	[512 - INTERNAL_FIRST] = "System call must be restarted if the signal says so",
	[513 - INTERNAL_FIRST] = "System call must be restarted",
	[514 - INTERNAL_FIRST] = "System call must be restarted if there is no handler",
	[515 - INTERNAL_FIRST] = "No such ioctl command",
	[516 - INTERNAL_FIRST] = "System call must be restarted by its own function",
	[517 - INTERNAL_FIRST] = "Driver asks to be probed again later",
	[518 - INTERNAL_FIRST] = "Stale file found while opening",
	[519 - INTERNAL_FIRST] = "Parameter not supported",
	[521 - INTERNAL_FIRST] = "Illegal file handle",
	[522 - INTERNAL_FIRST] = "Attributes changed meanwhile",
	[523 - INTERNAL_FIRST] = "Stale directory position",
	[524 - INTERNAL_FIRST] = "Operation not supported by the kernel",
	[525 - INTERNAL_FIRST] = "Buffer or request too small",
	[526 - INTERNAL_FIRST] = "Error of the server that cannot be told in Linux terms",
	[527 - INTERNAL_FIRST] = "Type not supported by the server",
	[528 - INTERNAL_FIRST] = "Server is busy with the request, try again later",
	[529 - INTERNAL_FIRST] = "Request queued, the answer comes later",
	[530 - INTERNAL_FIRST] = "Conflict with a recalled state",
	[531 - INTERNAL_FIRST] = "Server takes no reclaims any more",
};

const char *lkl_strerror(int err)
{
	/* Unsigned, so that the lowest number has an opposite. */
	unsigned int n = err < 0 ? -(unsigned int)err : (unsigned int)err;

	if (n - INTERNAL_FIRST < sizeof(internal) / sizeof(internal[0]) &&
	    internal[n - INTERNAL_FIRST])
		return internal[n - INTERNAL_FIRST];
	return error_name(n > INT_MAX ? INT_MAX : (int)n);
}
