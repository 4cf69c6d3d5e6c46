// SPDX-License-Identifier: GPL-2.0
/*
 * name-locks.c - locks for the names in directories
 *
 * Directories share a few locks.  A thread that needs two takes them in the order of
 * their numbers, to avoid a deadlock.
 */
#include <pthread.h>
#include "fusefs.h"

#define NR_LOCKS	64

static pthread_rwlock_t locks[NR_LOCKS] = { [0 ... NR_LOCKS - 1] = PTHREAD_RWLOCK_INITIALIZER };

static unsigned int lock_index(const struct node *dir)
{
	return (dir->id * 0x9e3779b97f4a7c15ull) >> 58;
}

void names_lock_shared(const struct node *dir)
{
	pthread_rwlock_rdlock(&locks[lock_index(dir)]);
}

void names_lock(const struct node *dir)
{
	pthread_rwlock_wrlock(&locks[lock_index(dir)]);
}

void names_unlock(const struct node *dir)
{
	pthread_rwlock_unlock(&locks[lock_index(dir)]);
}

void names_lock_two(const struct node *a, const struct node *b)
{
	unsigned int x = lock_index(a), y = lock_index(b);

	pthread_rwlock_wrlock(&locks[x < y ? x : y]);
	if (x != y)
		pthread_rwlock_wrlock(&locks[x < y ? y : x]);
}

void names_unlock_two(const struct node *a, const struct node *b)
{
	unsigned int x = lock_index(a), y = lock_index(b);

	pthread_rwlock_unlock(&locks[x]);
	if (x != y)
		pthread_rwlock_unlock(&locks[y]);
}
