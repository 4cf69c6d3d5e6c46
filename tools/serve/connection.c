// SPDX-License-Identifier: GPL-2.0
/*
 * connection.c - copy bytes between a client's socket and one of the library kernel
 *
 * A flow keeps the bytes that its receiver did not accept, and reads no more until these are
 * sent: so a slow reader stops the sender, and needs at most one chunk of memory.  While
 * nothing is kept, a connection has no buffer at all.
 *
 * The thread that sends a request into the library kernel also passes on the answer, which has
 * usually arrived when the send returns.  The other thread should not wake up for the answer,
 * because on a busy machine each wakeup waits for a processor.  So the library kernel's epoll
 * ignores the connection until the first thread is done with it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <lkl.h>
#include <lkl/linux/eventpoll.h>
#include "connection.h"

#define MSG_FLAGS	(MSG_DONTWAIT | MSG_NOSIGNAL)	/* the same numbers in both kernels */
#define MAX_ROUNDS	4		/* chunks to copy before other connections get their turn */
#define SMALL_READ	(32u << 10)	/* bytes; a client's socket is empty after fewer */

/* Read and write functions of both kernels; each returns the number of bytes or -errno. */
static long host_receive(const struct connection *c, void *buf, size_t len)
{
	ssize_t n = recv(c->host, buf, len, MSG_FLAGS);

	return n < 0 ? -errno : n;
}

static long host_send(const struct connection *c, const void *buf, size_t len)
{
	ssize_t n = send(c->host, buf, len, MSG_FLAGS);

	return n < 0 ? -errno : n;
}

static long kernel_receive(const struct connection *c, void *buf, size_t len)
{
	return lkl_sys_recvfrom(c->kernel, buf, len, MSG_FLAGS, NULL, NULL);
}

static long kernel_send(const struct connection *c, const void *buf, size_t len)
{
	return lkl_sys_sendto(c->kernel, buf, len, MSG_FLAGS, NULL, 0);
}

struct direction {
	long (*receive)(const struct connection *c, void *buf, size_t len);
	long (*send)(const struct connection *c, const void *buf, size_t len);
};

static const struct direction to_kernel = { host_receive, kernel_send };
static const struct direction to_host = { kernel_receive, host_send };

static bool would_block(long rc)
{
	return rc == -EAGAIN || rc == -EINTR;
}

/* Write the kept bytes of @f.  True if none are left. */
static bool flow_flush(struct connection *c, struct flow *f, const struct direction *d)
{
	long n;

	while (f->begin < f->end) {
		n = d->send(c, f->data + f->begin, f->end - f->begin);
		if (n < 0 && !would_block(n))
			c->failed = true;
		if (n < 0)
			return false;
		f->begin += n;
	}
	free(f->data);
	f->data = NULL;
	f->begin = f->end = 0;
	return true;
}

static void flow_keep(struct connection *c, struct flow *f, const char *data, size_t len)
{
	f->data = malloc(len);
	if (!f->data) {
		c->failed = true;
		return;
	}
	memcpy(f->data, data, len);
	f->begin = 0;
	f->end = len;
}

/* @n bytes of @p->buffer were received. */
static void count(struct connection *c, const struct direction *d, const struct pump *p, size_t n)
{
	if (d == &to_kernel) {
		c->received += n;
		return;
	}
	c->sent += n;
	if (p->find_version && !*c->version)
		p->find_version(p->buffer, n, c->version);
}

/* Copy one chunk.  True if there may be more. */
static bool flow_chunk(struct connection *c, struct flow *f, const struct direction *d,
		       const struct pump *p)
{
	char *buffer = p->buffer;
	long n = d->receive(c, buffer, CONNECTION_CHUNK), sent;

	if (n <= 0) {
		f->ended = !n;
		c->failed |= n < 0 && !would_block(n);
		return false;
	}
	count(c, d, p, n);
	sent = d->send(c, buffer, n);
	if (sent < 0 && !would_block(sent)) {
		c->failed = true;
		return false;
	}
	if (sent < 0)
		sent = 0;
	if (sent < n)
		flow_keep(c, f, buffer + sent, n - sent);
	/*
	 * A short read has emptied the client's socket; later data is a new event.  Empty the
	 * kernel's socket completely, because data left in it would wake the other thread.
	 */
	return sent == n && (d == &to_host || n >= SMALL_READ);
}

/* True if the flow ended during this call. */
static bool flow_move(struct connection *c, struct flow *f, const struct direction *d,
		      const struct pump *p)
{
	if (f->ended || !flow_flush(c, f, d))
		return false;
	for (int i = 0; (i < MAX_ROUNDS || c->kernel_gone) && !c->failed; i++)
		if (!flow_chunk(c, f, d, p))
			break;
	return f->ended;
}

static void watch_host(struct connection *c, uint32_t index, const struct pump *p)
{
	struct epoll_event e = { .data.u64 = connection_tag(index, c) };

	e.events = (c->up.data || c->up.ended ? 0 : EPOLLIN) | (c->down.data ? EPOLLOUT : 0);
	if (e.events == c->host_events)
		return;
	c->host_events = e.events;
	if (epoll_ctl(p->host_epoll, EPOLL_CTL_MOD, c->host, &e))
		c->failed = true;
}

static void set_kernel_events(struct connection *c, uint32_t index, const struct pump *p,
			      uint32_t events)
{
	struct lkl_epoll_event e = { .events = events, .data = connection_tag(index, c) };

	if (c->kernel_gone || events == c->kernel_events)
		return;
	c->kernel_events = events;
	if (lkl_sys_epoll_ctl(p->kernel_epoll, LKL_EPOLL_CTL_MOD, c->kernel, &e))
		c->failed = true;
}

static void watch_kernel(struct connection *c, uint32_t index, const struct pump *p)
{
	set_kernel_events(c, index, p, (c->down.data || c->down.ended ? 0 : EPOLLIN) |
				       (c->up.data ? EPOLLOUT : 0));
}

/* Stop waiting for events of the library kernel; watch_kernel() begins again. */
static void ignore_kernel(struct connection *c, uint32_t index, const struct pump *p)
{
	set_kernel_events(c, index, p, 0);
}

bool connection_pump(struct connection *c, uint32_t index, const struct pump *p)
{
	ignore_kernel(c, index, p);
	if (flow_move(c, &c->up, &to_kernel, p))
		lkl_sys_shutdown(c->kernel, SHUT_WR);
	/* The server may have answered already, because sending lets it run. */
	flow_move(c, &c->down, &to_host, p);
	/* Stop reading: data that the client sends now would have no effect. */
	if (c->failed || (c->down.ended && !c->down.data))
		return false;
	watch_host(c, index, p);
	watch_kernel(c, index, p);
	return !c->failed;
}

void connection_kernel_gone(struct connection *c, const struct pump *p)
{
	struct lkl_epoll_event e = { 0 };

	if (c->kernel_gone)
		return;
	c->kernel_gone = true;
	lkl_sys_epoll_ctl(p->kernel_epoll, LKL_EPOLL_CTL_DEL, c->kernel, &e);
}

int connection_watch(struct connection *c, uint32_t index, const struct pump *p)
{
	struct epoll_event host = { .events = EPOLLIN, .data.u64 = connection_tag(index, c) };
	struct lkl_epoll_event kernel = { .events = EPOLLIN, .data = host.data.u64 };
	long rc;

	c->host_events = c->kernel_events = EPOLLIN;
	rc = lkl_sys_epoll_ctl(p->kernel_epoll, LKL_EPOLL_CTL_ADD, c->kernel, &kernel);
	if (rc)
		return rc;
	return epoll_ctl(p->host_epoll, EPOLL_CTL_ADD, c->host, &host) ? -errno : 0;
}

void connection_close(struct connection *c)
{
	/* Closing removes the sockets from the epolls. */
	close(c->host);
	lkl_sys_close(c->kernel);
	free(c->up.data);
	free(c->down.data);
	c->used = false;
	c->generation = (c->generation + 1) & CONNECTION_GENERATIONS;
}
