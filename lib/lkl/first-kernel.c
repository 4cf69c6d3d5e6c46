// SPDX-License-Identifier: GPL-2.0
/*
 * first-kernel.c - boot the process's first kernel, for lkl.h and anyfs.h
 */
#include <errno.h>
#include <pthread.h>
#include "instance.h"
#include "internal.h"

static pthread_mutex_t boot_lock = PTHREAD_MUTEX_INITIALIZER;

/* Return the oldest kernel, independent of the thread's current kernel. */
static struct anyfs_kernel *first_kernel(void)
{
	struct anyfs_kernel *mine = host_kernel_set_current(NULL);
	struct anyfs_kernel *first = host_kernel_current();

	host_kernel_set_current(mine);
	return first;
}

int instance_boot_first(const struct host_boot_opts *opts, struct anyfs_kernel **k)
{
	int err;

	pthread_mutex_lock(&boot_lock);
	if (first_kernel())
		err = error_set(-EALREADY, "kernel: a kernel is running already; halt it first, or boot another one with anyfs_kernel_boot()");
	else
		err = host_kernel_boot(opts, k);
	if (!err) {
		err = queued_disks_attach(*k);
		if (err)
			host_kernel_destroy(*k);
	}
	pthread_mutex_unlock(&boot_lock);
	return err;
}
