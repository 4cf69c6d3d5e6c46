// SPDX-License-Identifier: GPL-2.0
/*
 * thread.c - start and name the library's own threads
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include "os.h"

int os_thread_start(pthread_t *thread, void *(*fn)(void *arg), void *arg)
{
	/*
	 * Signals to leave unblocked: the host kills a process that raises one of these while
	 * it is blocked.
	 */
	static const int caused[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT };
	sigset_t most, old;
	int err;

	sigfillset(&most);
	for (unsigned int i = 0; i < sizeof(caused) / sizeof(*caused); i++)
		sigdelset(&most, caused[i]);
	/* A new thread inherits the signal mask of its creator. */
	pthread_sigmask(SIG_SETMASK, &most, &old);
	err = pthread_create(thread, NULL, fn, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

void os_thread_set_name(const char *name)
{
	/* For any thread but the calling one, this would open a file in /proc. */
	pthread_setname_np(pthread_self(), name);
}

void os_thread_yield(void)
{
	sched_yield();
}

bool os_has_many_processors(void)
{
	cpu_set_t set;

	/* On error (more CPUs than a cpu_set_t holds) assume several CPUs. */
	return sched_getaffinity(0, sizeof(set), &set) || CPU_COUNT(&set) > 1;
}
