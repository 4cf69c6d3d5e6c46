// SPDX-License-Identifier: GPL-2.0
/*
 * open-below.c - open directories of the image by paths that cannot escape a directory
 */
#include <errno.h>
#include <string.h>
#include <lkl.h>
#include <lkl/linux/openat2.h>
#include "open-below.h"

#define CHUNK	3072			/* bytes; one system call takes paths of up to 4095 */
#define OPEN_TRIES	64		/* tries; a rename meanwhile makes openat2() fail */

static long open_in(int dir, const char *path, int flags)
{
	const struct lkl_open_how how = {
		.flags = flags | LKL_O_DIRECTORY,
		.resolve = LKL_RESOLVE_IN_ROOT | LKL_RESOLVE_NO_MAGICLINKS |
			   LKL_RESOLVE_NO_XDEV,
	};
	long fd = -EAGAIN;

	for (int i = 0; i < OPEN_TRIES && fd == -EAGAIN; i++)
		fd = lkl_sys_openat2(dir, *path ? path : ".", (void *)&how, sizeof(how));
	return fd;
}

/* The last slash within the first CHUNK bytes; there is one, as names are shorter. */
static size_t chunk_end(const char *path)
{
	size_t end = CHUNK;

	while (end && path[end] != '/')
		end--;
	return end;
}

long open_below(int base, const char *path, int flags)
{
	char part[CHUNK + 1];
	long dir = base, next;

	while (strlen(path) > CHUNK) {
		size_t end = chunk_end(path);

		memcpy(part, path, end);
		part[end] = '\0';
		next = end ? open_in(dir, part, LKL_O_PATH) : -ENAMETOOLONG;
		if (dir != base)
			lkl_sys_close(dir);
		if (next < 0)
			return next;
		dir = next;
		path += end + 1;
	}
	next = open_in(dir, path, flags);
	if (dir != base)
		lkl_sys_close(dir);
	return next;
}
