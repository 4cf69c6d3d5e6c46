// SPDX-License-Identifier: GPL-2.0
/*
 * host-ops.c - the default host operations, with POSIX threads and the C library
 *
 * The library itself uses only print and panic.  The others are for programs, which
 * call them to be portable.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "internal.h"

struct lkl_sem { sem_t sem; };
struct lkl_mutex { pthread_mutex_t mutex; };
struct lkl_tls_key { pthread_key_t key; };

static void print(const char *str, int len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, str, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		str += n;
		len -= n;
	}
}

static struct lkl_sem *sem_alloc(int count)
{
	struct lkl_sem *sem = malloc(sizeof(*sem));

	if (sem && sem_init(&sem->sem, 0, count) < 0) {
		free(sem);
		return NULL;
	}
	return sem;
}

static void sem_free(struct lkl_sem *sem)
{
	if (sem)
		sem_destroy(&sem->sem);
	free(sem);
}

static void sem_up(struct lkl_sem *sem)
{
	sem_post(&sem->sem);
}

static void sem_down(struct lkl_sem *sem)
{
	while (sem_wait(&sem->sem) < 0)
		;	/* EINTR */
}

static struct lkl_mutex *mutex_alloc(int recursive)
{
	struct lkl_mutex *mutex = malloc(sizeof(*mutex));
	pthread_mutexattr_t attr;

	if (!mutex)
		return NULL;
	pthread_mutexattr_init(&attr);
	if (recursive)
		pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&mutex->mutex, &attr);
	pthread_mutexattr_destroy(&attr);
	return mutex;
}

static void mutex_free(struct lkl_mutex *mutex)
{
	if (mutex)
		pthread_mutex_destroy(&mutex->mutex);
	free(mutex);
}

static void mutex_lock(struct lkl_mutex *mutex)
{
	pthread_mutex_lock(&mutex->mutex);
}

static void mutex_unlock(struct lkl_mutex *mutex)
{
	pthread_mutex_unlock(&mutex->mutex);
}

struct start {
	void (*fn)(void *arg);
	void *arg;
};

static void *run_thread(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	start.fn(start.arg);
	return NULL;
}

static lkl_thread_t thread_create(void (*fn)(void *arg), void *arg)
{
	struct start *start = malloc(sizeof(*start));
	pthread_t thread;

	if (!start)
		return 0;
	start->fn = fn;
	start->arg = arg;
	if (pthread_create(&thread, NULL, run_thread, start)) {
		free(start);
		return 0;
	}
	return (lkl_thread_t)thread;
}

static void thread_detach(void)
{
	pthread_detach(pthread_self());
}

static void thread_exit(void)
{
	pthread_exit(NULL);
}

static int thread_join(lkl_thread_t tid)
{
	return -pthread_join((pthread_t)tid, NULL);
}

static lkl_thread_t thread_self(void)
{
	return (lkl_thread_t)pthread_self();
}

static int thread_equal(lkl_thread_t a, lkl_thread_t b)
{
	return pthread_equal((pthread_t)a, (pthread_t)b);
}

static long host_gettid(void)
{
	return syscall(SYS_gettid);
}

static struct lkl_tls_key *tls_alloc(void (*destructor)(void *value))
{
	struct lkl_tls_key *key = malloc(sizeof(*key));

	if (key && pthread_key_create(&key->key, destructor)) {
		free(key);
		return NULL;
	}
	return key;
}

static void tls_free(struct lkl_tls_key *key)
{
	if (key)
		pthread_key_delete(key->key);
	free(key);
}

static int tls_set(struct lkl_tls_key *key, void *value)
{
	return -pthread_setspecific(key->key, value);
}

static void *tls_get(struct lkl_tls_key *key)
{
	return pthread_getspecific(key->key);
}

static void *mem_alloc(unsigned long size)
{
	return malloc(size);
}

static void *page_alloc(unsigned long size)
{
	void *addr = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return addr == MAP_FAILED ? NULL : addr;
}

static void page_free(void *addr, unsigned long size)
{
	if (addr)
		munmap(addr, size);
}

static unsigned long long monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

struct lkl_host_operations lkl_host_ops = {
	.print = print,
	.panic = abort,
	.sem_alloc = sem_alloc,
	.sem_free = sem_free,
	.sem_up = sem_up,
	.sem_down = sem_down,
	.mutex_alloc = mutex_alloc,
	.mutex_free = mutex_free,
	.mutex_lock = mutex_lock,
	.mutex_unlock = mutex_unlock,
	.thread_create = thread_create,
	.thread_detach = thread_detach,
	.thread_exit = thread_exit,
	.thread_join = thread_join,
	.thread_self = thread_self,
	.thread_equal = thread_equal,
	.gettid = host_gettid,
	.tls_alloc = tls_alloc,
	.tls_free = tls_free,
	.tls_set = tls_set,
	.tls_get = tls_get,
	.mem_alloc = mem_alloc,
	.mem_free = free,
	.page_alloc = page_alloc,
	.page_free = page_free,
	.time = monotonic_ns,
	.memcpy = memcpy,
	.memset = memset,
	.memmove = memmove,
};
