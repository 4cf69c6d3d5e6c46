// SPDX-License-Identifier: GPL-2.0
/*
 * write.c - write 1 GiB, 1 MiB at a time, and fsync
 *
 * See side.h for the arguments.  Prints nanoseconds.  The time of anyfs includes
 * booting, mounting and unmounting.
 */
#define _GNU_SOURCE
#include "side.h"

#define NR_MIB	1024

static char data[1 << 20] __attribute__((aligned(4096)));

int main(int argc, char **argv)
{
	double start;
	struct side s;
	long fd;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = i * 2654435761u >> 13;
	start = now_ns(CLOCK_MONOTONIC);
	s = side_open(argc, argv, 0);
	fd = s.openat(s.root, "data", O_WRONLY | O_CREAT | O_EXCL, 0644);
	NEED(fd >= 0);
	for (int i = 0; i < NR_MIB; i++)
		NEED(s.write(fd, data, sizeof(data)) == sizeof(data));
	NEED(s.fsync(fd) == 0);
	NEED(s.close(fd) == 0);
	side_close(&s);
	printf("%.0f\n", now_ns(CLOCK_MONOTONIC) - start);
	return 0;
}
