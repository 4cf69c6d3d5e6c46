// SPDX-License-Identifier: GPL-2.0
/*
 * stat.c - fstatat() of a path with eight directories
 *
 * Compares a file in an ext4 image, through anyfs, with the same file in the directory
 * that the image was made from, through the host's kernel.
 *
 *	stat IMAGE PATH HOST-PATH
 */
#include <fcntl.h>
#include <sys/stat.h>
#include "bench.h"
#include <lkl/linux/stat.h>

static char our_path[4096];
static const char *host_path;

static void call_anyfs(int calls)
{
	struct lkl_stat st;

	while (calls--)
		NEED(lkl_sys_newfstatat(LKL_AT_FDCWD, our_path, &st, 0) == 0);
}

static void call_host(int calls)
{
	struct stat st;

	while (calls--)
		NEED(fstatat(AT_FDCWD, host_path, &st, 0) == 0);
}

int main(int argc, char **argv)
{
	struct anyfs_image *image;

	NEED(argc == 4);
	host_path = argv[3];
	boot(64);
	NEED(anyfs_image_open(NULL, argv[1], ANYFS_DISK_READONLY, &image) == 0);
	NEED(anyfs_image_resolve(image, argv[2], our_path, sizeof(our_path)) == 0);
	compare_calls(call_anyfs, call_host, 100000);
	return anyfs_image_close(image) || anyfs_kernel_halt();
}
