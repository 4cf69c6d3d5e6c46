// SPDX-License-Identifier: GPL-2.0
/*
 * create.c - create 10,000 files of 1 KiB in 100 directories, and sync
 *
 * See side.h for the arguments.  Prints nanoseconds.  The time of anyfs includes
 * booting, mounting and unmounting, so that all data is written.
 */
#define _GNU_SOURCE
#include "side.h"

#define DIRS	100
#define FILES	100

int main(int argc, char **argv)
{
	double start = now_ns(CLOCK_MONOTONIC);
	struct side s = side_open(argc, argv, 0);
	char text[1024], name[32];

	memset(text, 'x', sizeof(text));
	for (int d = 0; d < DIRS; d++) {
		long dir, fd;

		snprintf(name, sizeof(name), "dir-%d", d);
		NEED(s.mkdirat(s.root, name, 0755) == 0);
		dir = s.openat(s.root, name, O_RDONLY | O_DIRECTORY, 0);
		NEED(dir >= 0);
		for (int f = 0; f < FILES; f++) {
			snprintf(name, sizeof(name), "file-%d", f);
			fd = s.openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0644);
			NEED(fd >= 0);
			NEED(s.write(fd, text, sizeof(text)) == sizeof(text));
			NEED(s.close(fd) == 0);
		}
		s.close(dir);
	}
	NEED(s.syncfs(s.root) == 0);
	side_close(&s);
	printf("%.0f\n", now_ns(CLOCK_MONOTONIC) - start);
	return 0;
}
