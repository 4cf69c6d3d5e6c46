// SPDX-License-Identifier: GPL-2.0
/*
 * message.c - write and read messages, see message.h
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "message.h"

#define NO_TEXT		UINT64_MAX

void put_bytes(struct content *c, const void *data, size_t len)
{
	if (c->len + len > c->size) {
		size_t size = (c->len + len) * 2 + 256;
		char *more = realloc(c->data, size);

		if (!more) {
			c->failed = true;
			return;
		}
		c->data = more;
		c->size = size;
	}
	if (len)
		memcpy(c->data + c->len, data, len);
	c->len += len;
}

void put_u64(struct content *c, uint64_t value)
{
	put_bytes(c, &value, sizeof(value));
}

void put_text(struct content *c, const char *text)
{
	put_u64(c, text ? strlen(text) : NO_TEXT);
	if (text)
		put_bytes(c, text, strlen(text));
}

const void *get_bytes(struct content *c, size_t len)
{
	const void *data = c->data + c->pos;

	if (c->failed || len > c->len - c->pos) {
		c->failed = true;
		return NULL;
	}
	c->pos += len;
	return data;
}

uint64_t get_u64(struct content *c)
{
	const void *data = get_bytes(c, sizeof(uint64_t));
	uint64_t value = 0;

	if (data)
		memcpy(&value, data, sizeof(value));
	return value;
}

char *get_text(struct content *c)
{
	uint64_t len = get_u64(c);
	const void *data;
	char *text;

	if (c->failed || len == NO_TEXT)
		return NULL;
	data = get_bytes(c, len);
	text = data ? malloc(len + 1) : NULL;
	if (!text) {
		c->failed = true;
		return NULL;
	}
	memcpy(text, data, len);
	text[len] = '\0';
	return text;
}

int message_send(int fd, enum message_type type, uint32_t id, const struct content *c)
{
	struct message_head head = { .type = type, .id = id, .len = c ? c->len : 0 };
	struct iovec iov[2] = {
		{ &head, sizeof(head) }, { c ? c->data : NULL, c ? c->len : 0 },
	};
	unsigned int i = 0;

	while (i < 2) {
		ssize_t n = writev(fd, iov + i, 2 - i);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -EPIPE;
		for (; i < 2 && (size_t)n >= iov[i].iov_len; i++)
			n -= iov[i].iov_len;
		if (i < 2) {
			iov[i].iov_base = (char *)iov[i].iov_base + n;
			iov[i].iov_len -= n;
		}
	}
	return 0;
}

/* ---- Jobs ---- */

/* How many bytes a call stores in its output argument: its result, or all bytes of the argument. */
enum stored { AS_RESULT, ALL };

struct output {
	int64_t nr;
	int arg;
	enum stored stored;
};

static const struct output outputs[] = {
	{ __lkl__NR_read, 1, AS_RESULT }, { __lkl__NR_pread64, 1, AS_RESULT },
	{ __lkl__NR_readv, 1, AS_RESULT }, { __lkl__NR_preadv, 1, AS_RESULT },
	{ __lkl__NR_readlinkat, 2, AS_RESULT }, { __lkl__NR_getdents64, 1, AS_RESULT },
	{ __lkl__NR_getxattr, 2, AS_RESULT }, { __lkl__NR_lgetxattr, 2, AS_RESULT },
	{ __lkl__NR_fgetxattr, 2, AS_RESULT }, { __lkl__NR_listxattr, 1, AS_RESULT },
	{ __lkl__NR_llistxattr, 1, AS_RESULT }, { __lkl__NR_flistxattr, 1, AS_RESULT },
	{ __lkl__NR_statx, 4, ALL }, { __lkl__NR_statfs, 1, ALL }, { __lkl__NR_fstatfs, 1, ALL },
};

static const struct output *output_of(const struct job *job)
{
	static const struct output realpath = { 0, 1, AS_RESULT };

	if (job->kind == JOB_REALPATH)
		return &realpath;
	for (size_t i = 0; job->kind == JOB_SYSCALL && i < sizeof(outputs) / sizeof(*outputs); i++)
		if (outputs[i].nr == job->nr)
			return &outputs[i];
	return NULL;
}

static const struct lkl_iovec *iov_of(const struct job *job, int arg)
{
	return (const struct lkl_iovec *)(intptr_t)job->args[arg];
}

/* Bytes of the argument @arg. */
static size_t argument_size(const struct job *job, int arg)
{
	size_t size = 0;

	if (job->types[arg] != ARG_VECTOR)
		return job->lens[arg];
	for (size_t i = 0; i < job->lens[arg]; i++)
		size += iov_of(job, arg)[i].iov_len;
	return size;
}

static void put_argument(struct content *c, const struct job *job, int i, bool data)
{
	put_u64(c, job->types[i]);
	put_u64(c, job->lens[i]);
	if (job->types[i] == ARG_NUMBER) {
		put_u64(c, job->args[i]);
	} else if (job->types[i] == ARG_VECTOR) {
		for (size_t k = 0; k < job->lens[i]; k++) {
			put_u64(c, iov_of(job, i)[k].iov_len);
			if (data)
				put_bytes(c, iov_of(job, i)[k].iov_base, iov_of(job, i)[k].iov_len);
		}
	} else if (data) {
		put_bytes(c, (void *)(intptr_t)job->args[i], job->lens[i]);
	}
}

void put_job(struct content *c, const struct job *job)
{
	const struct output *out = output_of(job);

	put_u64(c, job->kind);
	put_u64(c, job->flags);
	put_u64(c, job->nr);
	for (int i = 0; i < 6; i++)
		put_argument(c, job, i, !out || out->arg != i);
}

static void get_vector(struct content *c, struct job *job, int i, bool data)
{
	struct lkl_iovec *vec = calloc(job->lens[i] + 1, sizeof(*vec));
	size_t total = 0;
	char *memory;

	for (size_t k = 0; vec && k < job->lens[i]; k++) {
		vec[k].iov_len = get_u64(c);
		/* The data stays in the message until it is copied below. */
		vec[k].iov_base = data ? (void *)get_bytes(c, vec[k].iov_len) : NULL;
		total += vec[k].iov_len;
	}
	job->owned[i] = vec;
	job->vector = memory = vec && !c->failed && total <= MESSAGE_MAX ? malloc(total + 1) : NULL;
	if (!memory) {
		c->failed = true;
		return;
	}
	for (size_t k = 0; k < job->lens[i]; memory += vec[k++].iov_len) {
		if (data)
			memcpy(memory, vec[k].iov_base, vec[k].iov_len);
		vec[k].iov_base = memory;
	}
	job->args[i] = (intptr_t)vec;
}

static void get_argument(struct content *c, struct job *job, int i, bool data)
{
	const void *bytes = NULL;

	job->types[i] = get_u64(c);
	job->lens[i] = get_u64(c);
	if (job->types[i] == ARG_NUMBER) {
		job->args[i] = get_u64(c);
		return;
	}
	if (job->lens[i] > MESSAGE_MAX)
		c->failed = true;
	else if (job->types[i] == ARG_VECTOR)
		get_vector(c, job, i, data);
	else if (!data || (bytes = get_bytes(c, job->lens[i]))) {
		job->owned[i] = calloc(1, job->lens[i] + 1);
		if (job->owned[i] && data)
			memcpy(job->owned[i], bytes, job->lens[i]);
		job->args[i] = (intptr_t)job->owned[i];
	}
}

struct job *get_job(struct content *c, uint32_t id)
{
	struct job *job = job_new(get_u64(c));
	const struct output *out;

	if (!job)
		return NULL;
	job->id = id;
	job->flags = get_u64(c);
	job->nr = get_u64(c);
	out = output_of(job);
	for (int i = 0; i < 6; i++)
		get_argument(c, job, i, !out || out->arg != i);
	if (!c->failed)
		return job;
	job_free(job);
	return NULL;
}

static size_t stored_by(const struct job *job, const struct output *out)
{
	size_t size;

	if (!out || job->result < 0 || job->types[out->arg] == ARG_NUMBER)
		return 0;
	size = argument_size(job, out->arg);
	return out->stored == ALL || (size_t)job->result > size ? size : (size_t)job->result;
}

void put_done(struct content *c, const struct job *job)
{
	const struct output *out = output_of(job);
	size_t left = stored_by(job, out), len;

	put_u64(c, job->kind);
	put_u64(c, job->result);
	put_text(c, job->text);
	if (left && job->types[out->arg] != ARG_VECTOR)
		put_bytes(c, (void *)(intptr_t)job->args[out->arg], left);
	else
		for (size_t i = 0; left; i++, left -= len) {
			const struct lkl_iovec *v = &iov_of(job, out->arg)[i];

			len = v->iov_len < left ? v->iov_len : left;
			put_bytes(c, v->iov_base, len);
		}
}

bool get_done(struct content *c, struct job *job)
{
	const struct output *out = output_of(job);
	size_t left, len;

	if (get_u64(c) != job->kind)
		return false;
	job->result = get_u64(c);
	job->text = get_text(c);
	left = stored_by(job, out);
	if (c->failed || left != c->len - c->pos)
		return false;
	/* Reject a result that is larger than the buffer. */
	if (out && out->stored == AS_RESULT && job->result > 0 &&
	    job->types[out->arg] != ARG_NUMBER && (size_t)job->result != left)
		return false;
	if (left && job->types[out->arg] != ARG_VECTOR)
		memcpy((void *)(intptr_t)job->args[out->arg], get_bytes(c, left), left);
	else
		for (size_t i = 0; left; i++, left -= len) {
			const struct lkl_iovec *v = &iov_of(job, out->arg)[i];

			len = v->iov_len < left ? v->iov_len : left;
			memcpy(v->iov_base, get_bytes(c, len), len);
		}
	return true;
}

struct job *get_note(struct content *c)
{
	struct job *job = get_u64(c) == JOB_NOTE ? job_new(JOB_NOTE) : NULL;

	if (!job)
		return NULL;
	job->result = get_u64(c);
	job->text = get_text(c);
	return job;
}

/* ---- Questions ---- */

void put_question(struct content *c, const struct question *q)
{
	put_u64(c, q->kind);
	put_u64(c, q->offset);
	put_u64(c, q->len);
	put_u64(c, q->attempt);
	put_text(c, q->text);
	if (q->kind == ASK_WRITE)
		put_bytes(c, q->data, q->len);
}

struct question *get_question(struct content *c, uint32_t id)
{
	struct question *q = calloc(1, sizeof(*q));
	const void *data = NULL;

	if (!q)
		return NULL;
	q->on_heap = true;
	q->id = id;
	q->kind = get_u64(c);
	q->offset = get_u64(c);
	q->len = get_u64(c);
	q->attempt = get_u64(c);
	q->text = get_text(c);
	if (q->kind == ASK_WRITE && (data = get_bytes(c, q->len))) {
		q->data = malloc(q->len + 1);
		if (q->data)
			memcpy(q->data, data, q->len);
	}
	if (c->failed || q->kind > ASK_KEY || q->len > MESSAGE_MAX ||
	    (q->kind == ASK_KEY && !q->text) || (q->kind == ASK_WRITE && !q->data)) {
		question_free(q);
		return NULL;
	}
	return q;
}
