// SPDX-License-Identifier: GPL-2.0
/*
 * barrier.c - memory barriers on other processors, by membarrier(2)
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <sys/single_threaded.h>
#endif
#include "os.h"

static int membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0);
}

/* Registering takes the host milliseconds if the process has several threads. */
static bool is_registering_cheap(void)
{
#ifdef __GLIBC__
	return __libc_single_threaded;
#else
	return false;
#endif
}

bool os_barrier_init(void)
{
	static uint32_t registered;

	if (__atomic_load_n(&registered, __ATOMIC_RELAXED))
		return true;
	if (!is_registering_cheap() || membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED))
		return false;
	__atomic_store_n(&registered, 1, __ATOMIC_RELAXED);
	return true;
}

void os_barrier(void)
{
	/* It cannot fail after the process has registered. */
	membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}
