// SPDX-License-Identifier: GPL-2.0
/*
 * pread.c - pread() of 4 KiB from the page cache
 *
 * Compares a file in an ext4 image, read through anyfs, with the image file itself, read
 * through the host's kernel.
 *
 *	pread IMAGE /PATH-OF-A-FILE-OF-1-MIB-OR-MORE
 */
#include <fcntl.h>
#include <unistd.h>
#include "bench.h"

#define FILE_SIZE (1 << 18) /* fits in a core's cache, so that the call dominates the time */

static char buf[4096];
static int our_fd, host_fd;

static void call_anyfs(int calls)
{
	for (unsigned int at = 0; calls--; at = (at + 20480) & (FILE_SIZE - 1))
		NEED(lkl_sys_pread64(our_fd, buf, sizeof(buf), at) == sizeof(buf));
}

static void call_host(int calls)
{
	for (unsigned int at = 0; calls--; at = (at + 20480) & (FILE_SIZE - 1))
		NEED(pread(host_fd, buf, sizeof(buf), at) == sizeof(buf));
}

int main(int argc, char **argv)
{
	struct anyfs_image *image;

	NEED(argc == 3);
	boot(64);
	NEED(anyfs_image_open(NULL, argv[1], ANYFS_DISK_READONLY, &image) == 0);
	our_fd = anyfs_image_openat(image, argv[2], LKL_O_RDONLY, 0);
	NEED(our_fd >= 0);
	host_fd = open(argv[1], O_RDONLY);
	NEED(host_fd >= 0);
	compare_calls(call_anyfs, call_host, 100000);
	lkl_sys_close(our_fd);
	return anyfs_image_close(image) || anyfs_kernel_halt();
}
