/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pthread.h - locks for a module that has one thread
 */
#ifndef ANYFS_FORMATS_PTHREAD_H
#define ANYFS_FORMATS_PTHREAD_H

typedef char pthread_mutex_t;
typedef char pthread_cond_t;

#define PTHREAD_MUTEX_INITIALIZER	0

static inline int pthread_nothing(char *object)
{
	(void)object;
	return 0;
}

#define pthread_mutex_init(lock, attr)	pthread_nothing(lock)
#define pthread_mutex_destroy(lock)	pthread_nothing(lock)
#define pthread_mutex_lock(lock)	pthread_nothing(lock)
#define pthread_mutex_unlock(lock)	pthread_nothing(lock)
#define pthread_cond_init(cond, attr)	pthread_nothing(cond)
#define pthread_cond_destroy(cond)	pthread_nothing(cond)
#define pthread_cond_broadcast(cond)	pthread_nothing(cond)
/* No other thread could wake the caller. */
#define pthread_cond_wait(cond, lock)	__builtin_trap()

#endif
