// SPDX-License-Identifier: GPL-2.0
/*
 * by-hand.c - the function that all generated wrappers of system calls use, and the
 * wrappers that do more than pass their arguments
 *
 * generate.py copies this file to the start of its output, and writes no wrapper for
 * a function that is defined here.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include <lkl/syscalls.h>
#include "kernel.h"

#define PTR(p)	((int64_t)(intptr_t)(p))

static inline long call(int64_t nr, const int64_t *args)
{
	struct anyfs_kernel *k = host_kernel_current();

	return k ? host_syscall(k, nr, args) : -LKL_ENODEV;
}

#define MOUNT_DATA	4096

/*
 * mount(2) always reads a whole page at @data, so copy @data to a page.  Options are
 * text, except for the few file systems that take a structure, which begins with a small
 * number.  The size of the structure is unknown: memory that cannot be read counts as
 * zero.
 */
static void copy_mount_data(char *page, const char *data)
{
	if ((unsigned char)*data >= ' ') {
		memcpy(page, data, strnlen(data, MOUNT_DATA - 1));
	} else {
		struct iovec to = { page, MOUNT_DATA };
		struct iovec from[2];
		size_t first = MOUNT_DATA - ((uintptr_t)data & (MOUNT_DATA - 1));

		from[0].iov_base = (char *)data;
		from[0].iov_len = first;
		from[1].iov_base = (char *)data + first;
		from[1].iov_len = MOUNT_DATA - first;
		if (process_vm_readv(getpid(), &to, 1, from, 2, 0) < 0)
			memcpy(page, data, first);	/* forbidden, e.g. by seccomp */
	}
}

long lkl_sys_mount(const char *dev_name, const char *dir_name, const char *type,
		   unsigned long flags, const void *data)
{
	char page[MOUNT_DATA] = "";
	const int64_t args[6] = { PTR(dev_name), PTR(dir_name), PTR(type), flags,
				  data ? PTR(page) : 0 };

	if (data)
		copy_mount_data(page, data);
	return call(__lkl__NR_mount, args);
}
