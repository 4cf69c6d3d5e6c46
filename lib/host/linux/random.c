// SPDX-License-Identifier: GPL-2.0
/*
 * random.c - random bytes, by getrandom(2)
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>
#include "os.h"

void os_random(void *buf, size_t len)
{
	while (len) {
		ssize_t n = getrandom(buf, len, 0);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			abort();	/* the host has no source of random numbers */
		}
		buf = (char *)buf + n;
		len -= n;
	}
}
