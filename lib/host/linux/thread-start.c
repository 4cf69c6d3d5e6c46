// SPDX-License-Identifier: GPL-2.0
/*
 * thread-start.c - threads of the library's own
 */
#include <signal.h>
#include "own-thread.h"

int own_thread_start(pthread_t *thread, void *(*fn)(void *arg), void *arg)
{
	static const int caused[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT };
	sigset_t most, old;
	int err;

	sigfillset(&most);
	for (unsigned int i = 0; i < sizeof(caused) / sizeof(*caused); i++)
		sigdelset(&most, caused[i]);
	/* A thread starts with the mask of the one that makes it. */
	pthread_sigmask(SIG_SETMASK, &most, &old);
	err = pthread_create(thread, NULL, fn, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}
