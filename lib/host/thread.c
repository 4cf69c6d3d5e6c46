// SPDX-License-Identifier: GPL-2.0
/*
 * thread.c - host threads: one struct for each pair of thread and instance,
 * made on first use, gone when either goes
 */
#include <stdlib.h>
#include "internal.h"

__thread struct host_thread *thread_latest __attribute__((tls_model("initial-exec")));
static __thread struct host_thread *own;	/* all of this thread */
static pthread_key_t exit_key;
static pthread_once_t exit_once = PTHREAD_ONCE_INIT;

static void put(struct host_thread *t)
{
	if (__atomic_sub_fetch(&t->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(t);
}

/* @t's thread ends; the instance still runs. */
static void detach(struct host_thread *t)
{
	struct anyfs_kernel *k = t->k;
	struct host_thread **p;

	/* pid 1 cannot end: its task stays parked until the instance does. */
	if (t == k->init_thread)
		return;
	cpu_thread_exit(t);

	pthread_mutex_lock(&k->lock);
	for (p = &k->threads; *p != t; p = &(*p)->next)
		;
	*p = t->next;
	pthread_mutex_unlock(&k->lock);
	put(t);
}

static void thread_exit(void *list)
{
	struct host_thread *t, *next;

	thread_latest = own = NULL;
	for (t = list; t; t = next) {
		next = t->tls_next;
		if (t->k)
			detach(t);
		put(t);
	}
}

static void make_exit_key(void)
{
	pthread_key_create(&exit_key, thread_exit);
}

static struct host_thread *thread_new(struct anyfs_kernel *k)
{
	struct host_thread *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->k = k;
	t->refs = 2;

	pthread_mutex_lock(&k->lock);
	t->next = k->threads;
	k->threads = t;
	pthread_mutex_unlock(&k->lock);
	if (t->next)
		cpu_share(k);

	t->tls_next = own;
	own = t;
	return t;
}

struct host_thread *thread_find(struct anyfs_kernel *k)
{
	struct host_thread **p = &own, *t;

	/* It may be one of those that are put here. */
	thread_latest = NULL;
	while ((t = *p) && t->k != k) {
		if (t->k) {
			p = &t->tls_next;
			continue;
		}
		*p = t->tls_next;	/* its instance is gone */
		put(t);
	}
	if (!t)
		t = thread_new(k);
	pthread_once(&exit_once, make_exit_key);
	pthread_setspecific(exit_key, own);
	return thread_latest = t;
}

void thread_forget_all(struct anyfs_kernel *k)
{
	struct host_thread *t, *next;

	for (t = k->threads; t; t = next) {
		next = t->next;
		__atomic_store_n(&t->k, NULL, __ATOMIC_RELEASE);
		put(t);
	}
	k->threads = NULL;
}

struct anyfs_kernel *thread_in_kernel(void)
{
	struct host_thread *t;

	for (t = own; t; t = t->tls_next) {
		if (t->k && (t->inside || cpu_on_coroutine(t)))
			return t->k;
	}
	return NULL;
}

void thread_adopt(struct host_thread *t)
{
	t->tls_next = own;
	own = t;
}

bool host_in_kernel(void)
{
	return thread_in_kernel() != NULL;
}
