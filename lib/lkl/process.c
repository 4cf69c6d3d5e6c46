// SPDX-License-Identifier: GPL-2.0
/*
 * process.c - settings of a program's processes in the kernel
 */
#include "internal.h"
#include <lkl/linux/resource.h>

static int set_limit(unsigned long nr)
{
	const struct lkl_rlimit64 limit = { nr, nr };

	return lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, &limit, NULL);
}

int lkl_set_fd_limit(unsigned int fd_limit)
{
	unsigned long accepted = 0, refused = fd_limit;
	int rc = set_limit(fd_limit);

	if (rc != -LKL_EPERM)
		return rc;
	/*
	 * The limit is larger than fs.nr_open, which depends on the kernel's memory: programs
	 * for LKL ask for 65535 with any memory.  Find the largest limit that the kernel
	 * accepts; fs.nr_open cannot be read from /proc if no descriptor is free.
	 */
	while (refused - accepted > 1) {
		unsigned long nr = accepted + (refused - accepted) / 2;

		if (set_limit(nr))
			refused = nr;
		else
			accepted = nr;
	}
	return accepted ? 0 : rc;
}

long lkl_sys_new_thread_group_leader(void)
{
	long pid = lkl_sys_getpid();

	if (pid < 0)
		return pid;
	/* Every thread except the one that booted the kernel has its own thread group. */
	return pid == 1 ? -LKL_EBUSY : 0;
}

void lkl_register_dbg_handler(void)
{
}

void lkl_change_tls_mode(void)
{
}
