// SPDX-License-Identifier: GPL-2.0
/*
 * question.c - ask JavaScript, and wait for the answer
 *
 * Any thread of the kernel may ask: for the bytes of a disk that JavaScript serves, or for
 * the key of a volume.  A question lives on the stack of the thread that asks.  An answer that
 * comes too late, or for the second time, finds no question and is dropped.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "disk.h"

void question_add(struct disk *d, struct question *q)
{
	struct question **end = &d->questions;

	while (*end)
		end = &(*end)->next;
	*end = q;
	q->next = NULL;
	do
		q->id = ++d->last_question;
	while (!q->id);
	pthread_cond_signal(&d->changed);
	if (d->notify)
		d->notify(d->notify_data);
}

static void remove_question(struct disk *d, struct question *q)
{
	struct question **p = &d->questions;

	while (*p && *p != q)
		p = &(*p)->next;
	if (*p)
		*p = q->next;
}

static struct timespec deadline_of(unsigned int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000l;
	if (t.tv_nsec >= 1000000000l) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000l;
	}
	return t;
}

int disk_ask(struct disk *d, struct question *q)
{
	/* No time limit: a user may have to type the key. */
	unsigned int ms = q->kind == ASK_KEY ? 0 : d->opts.answer_ms;
	struct timespec end = deadline_of(ms);
	int err = 0;

	pthread_mutex_lock(&d->lock);
	question_add(d, q);
	while (q->busy || (!q->answered && !d->abandoned && err != ETIMEDOUT)) {
		if (ms && err != ETIMEDOUT)
			err = pthread_cond_clockwait(&d->answered, &d->lock, CLOCK_MONOTONIC, &end);
		else
			pthread_cond_wait(&d->answered, &d->lock);
	}
	remove_question(d, q);
	pthread_mutex_unlock(&d->lock);
	if (q->answered)
		return q->result;
	return err == ETIMEDOUT ? -ETIMEDOUT : -EIO;
}

static struct question *first_waiting(struct disk *d)
{
	struct question *q = d->questions;

	while (q && q->taken)
		q = q->next;
	return q;
}

bool question_is_waiting(struct disk *d)
{
	return first_waiting(d);
}

struct question *question_take(struct disk *d)
{
	struct question *q;

	pthread_mutex_lock(&d->lock);
	q = first_waiting(d);
	if (q)
		q->taken = q->busy = true;
	pthread_mutex_unlock(&d->lock);
	return q;
}

void question_free(struct question *q)
{
	free((char *)q->text);
	free(q->data);
	free(q);
}

void question_taken(struct disk *d, struct question *q)
{
	bool on_heap = q->on_heap;

	pthread_mutex_lock(&d->lock);
	q->busy = false;
	if (on_heap)
		remove_question(d, q);
	else
		pthread_cond_broadcast(&d->answered);
	pthread_mutex_unlock(&d->lock);
	if (on_heap)
		question_free(q);
}

static int keep_answer(struct question *q, const void *bytes, size_t len)
{
	if (q->kind == ASK_READ && len != q->len)
		return -EIO;
	if (q->kind == ASK_READ) {
		memcpy(q->data, bytes, len);
	} else if (q->kind == ASK_KEY) {
		q->answer = malloc(len + 1);
		if (!q->answer)
			return -ENOMEM;
		memcpy(q->answer, bytes, len);
		q->answer_len = len;
	}
	return 0;
}

void question_answer(struct disk *d, uint32_t id, int result, const void *bytes, size_t len)
{
	struct question *q;

	pthread_mutex_lock(&d->lock);
	for (q = d->questions; q && q->id != id; q = q->next)
		;
	if (q && !q->answered) {
		q->result = result ? result : keep_answer(q, bytes, len);
		q->answered = true;
		pthread_cond_broadcast(&d->answered);
	}
	pthread_mutex_unlock(&d->lock);
}

void questions_abandon(struct disk *d)
{
	pthread_mutex_lock(&d->lock);
	d->abandoned = true;
	pthread_cond_broadcast(&d->answered);
	pthread_mutex_unlock(&d->lock);
}
