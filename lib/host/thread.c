// SPDX-License-Identifier: GPL-2.0
/*
 * thread.c - host threads: one struct for each pair of thread and instance,
 * allocated on first use, detached when the thread or the instance ends
 */
#include <stdlib.h>
#include "internal.h"

__thread struct host_thread *thread_latest __attribute__((tls_model("initial-exec")));
static __thread struct host_thread *own_threads;	/* list of all structs of this thread */
static pthread_key_t exit_key;
static pthread_once_t exit_once = PTHREAD_ONCE_INIT;
/* Guards host_thread.k: a thread and its instance may end at the same time. */
static pthread_mutex_t detach_lock = PTHREAD_MUTEX_INITIALIZER;

static void thread_put(struct host_thread *t)
{
	if (__atomic_sub_fetch(&t->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(t);
}

static void unlink_thread(struct anyfs_kernel *k, struct host_thread *t)
{
	struct host_thread **p;

	pthread_mutex_lock(&k->lock);
	for (p = &k->threads; *p != t; p = &(*p)->next)
		;
	*p = t->next;
	pthread_mutex_unlock(&k->lock);
}

/* @t's thread ends.  t->inside keeps the instance from being destroyed meanwhile. */
static void detach_thread(struct host_thread *t)
{
	struct anyfs_kernel *k;

	pthread_mutex_lock(&detach_lock);
	k = t->k;
	/* pid 1 cannot exit: its task stays parked until the instance ends. */
	if (k && t == k->init_thread)
		k = NULL;
	if (k)
		__atomic_store_n(&t->inside, true, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&detach_lock);
	if (!k)
		return;

	cpu_thread_exit(t);

	pthread_mutex_lock(&detach_lock);
	unlink_thread(k, t);
	pthread_mutex_unlock(&detach_lock);
	thread_put(t);
}

static void thread_exit(void *list)
{
	struct host_thread *t, *next;

	thread_latest = NULL;
	for (t = list; t; t = next) {
		/* This runs kernel code: thread_in_kernel() must find @t if that faults. */
		own_threads = t;
		next = t->tls_next;
		detach_thread(t);
		thread_put(t);
	}
	own_threads = NULL;
}

static void make_exit_key(void)
{
	pthread_key_create(&exit_key, thread_exit);
}

static struct host_thread *thread_new(struct anyfs_kernel *k)
{
	struct host_thread *t = calloc(1, sizeof(*t));
	bool others;

	if (!t)
		return NULL;
	t->k = k;
	t->refs = 2;

	pthread_mutex_lock(&k->lock);
	t->next = k->threads;
	k->threads = t;
	others = t->next;
	pthread_mutex_unlock(&k->lock);
	if (others)
		cpu_share(k);

	t->tls_next = own_threads;
	own_threads = t;
	return t;
}

struct host_thread *thread_find(struct anyfs_kernel *k)
{
	struct host_thread **p = &own_threads, *t;

	/* The loop may free the struct that thread_latest points to. */
	thread_latest = NULL;
	while ((t = *p) && t->k != k) {
		if (t->k) {
			p = &t->tls_next;
			continue;
		}
		*p = t->tls_next;	/* its instance was destroyed */
		thread_put(t);
	}
	if (!t)
		t = thread_new(k);
	pthread_once(&exit_once, make_exit_key);
	pthread_setspecific(exit_key, own_threads);
	return thread_latest = t;
}

/* Detach all threads of @k; false, and nothing done, if one of them is inside. */
static bool try_forget_all(struct anyfs_kernel *k)
{
	struct host_thread *t, *next;

	for (t = k->threads; t; t = t->next)
		if (__atomic_load_n(&t->inside, __ATOMIC_ACQUIRE))
			return false;
	for (t = k->threads; t; t = next) {
		next = t->next;
		__atomic_store_n(&t->k, NULL, __ATOMIC_RELEASE);
		thread_put(t);
	}
	k->threads = NULL;
	return true;
}

void thread_forget_all(struct anyfs_kernel *k)
{
	bool done;

	for (;;) {
		pthread_mutex_lock(&detach_lock);
		pthread_mutex_lock(&k->lock);
		done = try_forget_all(k);
		pthread_mutex_unlock(&k->lock);
		pthread_mutex_unlock(&detach_lock);
		if (done)
			return;
		os_thread_yield();
	}
}

struct anyfs_kernel *thread_in_kernel(void)
{
	struct host_thread *t;

	for (t = own_threads; t; t = t->tls_next) {
		if (t->k && (t->inside || cpu_on_coroutine(t)))
			return t->k;
	}
	return NULL;
}

void thread_adopt(struct host_thread *t)
{
	t->tls_next = own_threads;
	own_threads = t;
}

bool host_in_kernel(void)
{
	return thread_in_kernel() != NULL;
}
