// SPDX-License-Identifier: GPL-2.0
/*
 * idle.c - CPU time that an idle kernel with a mounted disk uses
 *
 * Prints the nanoseconds of CPU time used in the given seconds.
 *
 *	idle IMAGE SECONDS
 */
#include <unistd.h>
#include "bench.h"

int main(int argc, char **argv)
{
	struct anyfs_image *image;
	char path[256];
	double cpu;

	NEED(argc == 3);
	boot(64);
	NEED(anyfs_image_open(NULL, argv[1], ANYFS_DISK_READONLY, &image) == 0);
	NEED(anyfs_image_resolve(image, "/", path, sizeof(path)) == 0);
	cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	sleep(atoi(argv[2]));
	printf("%.0f\n", now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu);
	return anyfs_image_close(image) || anyfs_kernel_halt();
}
