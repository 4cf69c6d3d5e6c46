// SPDX-License-Identifier: GPL-2.0
/*
 * syscall.c - system calls of the kernel, for the files of lib/image
 *
 * The kernel has a memory of its own.  Each call here has at most one argument that is an
 * address; the host copies the bytes there to the kernel, and back after the call.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <lkl.h>
#include <lkl/linux/ioctl.h>
#include "kernel.h"

/*
 * Make the call @nr with the arguments @a ... @e.  Argument number @which, from 0, is replaced by
 * the address of the kernel's copy of the @len bytes at @at; -1: no argument is an address.
 * Returns the result or -errno.
 */
__attribute__((import_module("host"), import_name("syscall")))
double js_syscall(int nr, double a, double b, double c, double d, double e, int which, void *at,
		  size_t len);

static void *address(int64_t arg)
{
	return (void *)(intptr_t)arg;
}

static int64_t call(int64_t nr, const int64_t *args, int which, size_t len)
{
	return js_syscall(nr, args[0], args[1], args[2], args[3], args[4], which,
			  which < 0 ? NULL : address(args[which]), len);
}

static int64_t with_path(int64_t nr, const int64_t *args)
{
	return call(nr, args, 1, strlen(address(args[1])) + 1);
}

/* A kernel of 32 bits takes the offset in two words, and stores the result. */
static int64_t seek(const int64_t *args)
{
	uint64_t result = 0;
	const int64_t words[] = {
		args[0], (uint64_t)args[1] >> 32, (uint32_t)args[1], (intptr_t)&result, args[2],
	};
	int64_t rc = call(__lkl__NR_lseek, words, 3, sizeof(result));

	return rc < 0 ? rc : (int64_t)result;
}

int64_t host_syscall(struct anyfs_kernel *k, int64_t nr, const int64_t *args)
{
	switch (nr) {
	case __lkl__NR_openat:
	case __lkl__NR_mkdirat:
	case __lkl__NR_mknodat:
		return with_path(nr, args);
	case __lkl__NR_read:
	case __lkl__NR_write:
		return call(nr, args, 1, args[2]);
	case __lkl__NR_ioctl:
		return args[2] ? call(nr, args, 2, _IOC_SIZE((uint32_t)args[1])) :
				 call(nr, args, -1, 0);
	case __lkl__NR_lseek:
		return seek(args);
	case __lkl__NR_close:
		return call(nr, args, -1, 0);
	}
	return -ENOSYS;
}
