// SPDX-License-Identifier: GPL-2.0
/*
 * pread-full.c - read or write a range of a file with as many calls as it takes
 */
#include <errno.h>
#include "pread-full.h"

long side_pread_full(const struct side *side, int fd, void *buf, size_t len, uint64_t off)
{
	size_t done = 0;

	while (done < len) {
		long n = side->pread(fd, (char *)buf + done, len - done, off + done);

		if (n < 0)
			return n;
		if (!n)
			break;
		done += n;
	}
	return done;
}

long side_pwrite_full(const struct side *side, int fd, const void *buf, size_t len, uint64_t off)
{
	for (size_t done = 0; done < len;) {
		long n = side->pwrite(fd, (const char *)buf + done, len - done, off + done);

		if (n <= 0)
			return n ? n : -EIO;
		done += n;
	}
	return 0;
}
