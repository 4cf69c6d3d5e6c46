// SPDX-License-Identifier: GPL-2.0
/*
 * strerror.c - descriptions of the kernel's error numbers
 *
 * The C library has the descriptions of the numbers for user space.  The numbers
 * below are internal to the kernel, but some file systems return them to user space.
 */
#include <limits.h>
#include "internal.h"

#define INTERNAL_FIRST	512

static const char *const internal[] = {
	[512 - INTERNAL_FIRST] = "System call must be restarted if the signal handler allows it",
	[513 - INTERNAL_FIRST] = "System call must be restarted",
	[514 - INTERNAL_FIRST] = "System call must be restarted if there is no handler",
	[515 - INTERNAL_FIRST] = "No such ioctl command",
	[516 - INTERNAL_FIRST] = "System call must be restarted by its own function",
	[517 - INTERNAL_FIRST] = "Driver requests probe retry",
	[518 - INTERNAL_FIRST] = "Stale file found while opening",
	[519 - INTERNAL_FIRST] = "Parameter not supported",
	[521 - INTERNAL_FIRST] = "Illegal file handle",
	[522 - INTERNAL_FIRST] = "Attributes were changed by another client",
	[523 - INTERNAL_FIRST] = "Stale directory position",
	[524 - INTERNAL_FIRST] = "Operation not supported by the kernel",
	[525 - INTERNAL_FIRST] = "Buffer or request too small",
	[526 - INTERNAL_FIRST] = "Server error without an equivalent Linux error",
	[527 - INTERNAL_FIRST] = "Type not supported by the server",
	[528 - INTERNAL_FIRST] = "Server is busy with the request; try again later",
	[529 - INTERNAL_FIRST] = "Request is queued; its result follows",
	[530 - INTERNAL_FIRST] = "Conflict with a recalled state",
	[531 - INTERNAL_FIRST] = "Server no longer accepts reclaims",
};

const char *lkl_strerror(int err)
{
	/* Negate as unsigned: -INT_MIN overflows an int. */
	unsigned int n = err < 0 ? -(unsigned int)err : (unsigned int)err;

	if (n - INTERNAL_FIRST < sizeof(internal) / sizeof(internal[0]) &&
	    internal[n - INTERNAL_FIRST])
		return internal[n - INTERNAL_FIRST];
	return error_name(n > INT_MAX ? INT_MAX : (int)n);
}
