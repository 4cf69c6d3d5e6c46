// SPDX-License-Identifier: GPL-2.0
/*
 * syscall.c - time of an empty system call: getppid() through anyfs and through the host's kernel
 */
#include <sys/syscall.h>
#include <unistd.h>
#include "bench.h"

static void call_anyfs(int calls)
{
	while (calls--)
		lkl_sys_getppid();
}

static void call_host(int calls)
{
	while (calls--)
		syscall(SYS_getppid);
}

int main(void)
{
	boot(64);
	compare_calls(call_anyfs, call_host, 1000000);
	return anyfs_kernel_halt() != 0;
}
