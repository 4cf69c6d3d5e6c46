// SPDX-License-Identifier: GPL-2.0
/*
 * process.c - what a program sets for its processes in the kernel
 */
#include "internal.h"
#include <lkl/linux/resource.h>

int lkl_set_fd_limit(unsigned int fd_limit)
{
	struct lkl_rlimit64 limit = { fd_limit, fd_limit };

	return lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, &limit, NULL);
}

long lkl_sys_new_thread_group_leader(void)
{
	long pid = lkl_sys_getpid();

	if (pid < 0)
		return pid;
	/* Each thread but the one that booted has a thread group of its own. */
	return pid == 1 ? -LKL_EBUSY : 0;
}

void lkl_register_dbg_handler(void)
{
}

void lkl_change_tls_mode(void)
{
}
