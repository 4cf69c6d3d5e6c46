/* SPDX-License-Identifier: GPL-2.0 */
/*
 * own-thread.h - threads of the library's own
 */
#ifndef ANYFS_OWN_THREAD_H
#define ANYFS_OWN_THREAD_H

#include <pthread.h>

/*
 * pthread_create(), for a thread that takes none of the process's signals: they
 * are its user's.  Those that a thread's own instructions cause stay open, or
 * the host would end the process instead of calling their handlers.
 * 0 or -errno.
 */
int own_thread_start(pthread_t *thread, void *(*fn)(void *arg), void *arg);

#endif /* ANYFS_OWN_THREAD_H */
