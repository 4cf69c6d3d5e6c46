// SPDX-License-Identifier: GPL-2.0
/*
 * splice.c - accept clients on the host and copy between them and the library kernel
 *
 * Two threads, each with an epoll: the main thread waits for the host's sockets, the other
 * one for those of the library kernel.  Either may copy in both directions; the lock of a
 * connection makes them take turns.  A slot keeps its lock when its connection is over, so
 * an event that comes too late finds another generation and is dropped.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <lkl.h>
#include <lkl/linux/eventpoll.h>
#include <lkl/linux/in.h>
#include "connection.h"
#include "messages.h"
#include "splice.h"
#include "wait.h"

#define TAG_LISTENER	(1ull << 63)	/* above CONNECTION_GENERATIONS */
#define TAG_STOP	(1ull << 62)
#define MAX_EVENTS	64
#define INADDR_LOOPBACK_NET	0x7f000000u
#define TICK_MS		5000		/* interval of checks for silent clients */
#define SILENT_S	60		/* time for a new client to send its first byte */

static struct {
	const struct splice_config *config;
	struct connection *slots;
	struct pump pump;		/* of the main thread */
	int stop_event;			/* eventfd of the library kernel, for the other thread */
	atomic_uint nr;			/* connections */
	time_t empty_since;
	bool refusing;			/* the last client was refused: all slots were taken */
	bool stopped;
} splice;

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static bool verbose(void)
{
	return splice.config->t->verbose;
}

/* ---- One connection ---- */

/* The caller holds the lock. */
static void end_connection(struct connection *c)
{
	if (verbose())
		tool_note(splice.config->t, "%s: disconnected after %llu bytes", c->name,
			  (unsigned long long)c->received);
	connection_close(c);
	atomic_fetch_sub(&splice.nr, 1);
}

/* Handle an event of the host (with @host) or of the library kernel. */
static void handle(uint64_t tag, uint32_t events, bool host, const struct pump *p)
{
	uint32_t index = (uint32_t)tag;
	struct connection *c = &splice.slots[index];
	bool hung_up = events & (EPOLLHUP | EPOLLERR);

	pthread_mutex_lock(&c->lock);
	if (c->used && c->generation == tag >> 32) {
		if (hung_up && !host)
			connection_kernel_gone(c, p);
		if (!connection_pump(c, index, p) || (hung_up && host))
			end_connection(c);
	}
	pthread_mutex_unlock(&c->lock);
}

/*
 * An address that no other connection has, and none had during the last 16,000 connections of the
 * slot.  127.255.255.255 and the addresses below 127.0.4.0 are left out.
 */
static uint32_t own_address(uint32_t index, uint32_t generation)
{
	return htonl(INADDR_LOOPBACK_NET | (1 + generation % 0x3ffe) << 10 | index);
}

static int bind_own(int fd, uint32_t address)
{
	struct lkl_sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = address };

	return lkl_sys_bind(fd, (struct lkl_sockaddr *)&own, sizeof(own));
}

/* Returns a descriptor of the library kernel or -errno. */
static int connect_kernel(uint32_t index, uint32_t generation)
{
	struct lkl_sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(splice.config->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = lkl_sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1;
	long rc;

	if (fd < 0)
		return fd;
	lkl_sys_setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, (void *)&one, sizeof(one));
	rc = splice.config->own_addresses ? bind_own(fd, own_address(index, generation)) : 0;
	if (!rc)
		rc = lkl_sys_connect(fd, (struct lkl_sockaddr *)&to, sizeof(to));
	if (rc && rc != -EINPROGRESS) {
		lkl_sys_close(fd);
		return rc;
	}
	return fd;
}

static void name_client(const struct sockaddr_storage *from, char *name, size_t len)
{
	const struct sockaddr_in *in = (const void *)from;
	const struct sockaddr_in6 *in6 = (const void *)from;
	char text[INET6_ADDRSTRLEN];

	if (from->ss_family == AF_INET)
		snprintf(name, len, "%s:%u", inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text)),
			 ntohs(in->sin_port));
	else if (from->ss_family == AF_INET6)
		snprintf(name, len, "[%s]:%u",
			 inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text)),
			 ntohs(in6->sin6_port));
	else
		snprintf(name, len, "a local client");
}

static struct connection *free_slot(uint32_t *index)
{
	for (uint32_t i = 0; i < splice.config->max_connections; i++) {
		struct connection *c = &splice.slots[i];
		bool free;

		pthread_mutex_lock(&c->lock);
		free = !c->used;
		pthread_mutex_unlock(&c->lock);
		if (free) {
			*index = i;
			return c;
		}
	}
	return NULL;
}

/* ---- Accepting ---- */

static void refuse(int fd, const char *name)
{
	close(fd);
	if (!splice.refusing)
		tool_note(splice.config->t, "%s: refused: %u clients are connected (--max-conn)",
			  name, splice.config->max_connections);
	splice.refusing = true;
}

static void find_own_name(struct connection *c)
{
	struct lkl_sockaddr_in own = { 0 };
	int len = sizeof(own);

	lkl_sys_getsockname(c->kernel, (struct lkl_sockaddr *)&own, &len);
	c->own_address = own.sin_addr.s_addr;
	c->own_port = ntohs(own.sin_port);
}

static void begin(int fd, const char *name)
{
	uint32_t index;
	struct connection *c = free_slot(&index);
	int kernel, rc;

	if (!c) {
		refuse(fd, name);
		return;
	}
	splice.refusing = false;
	kernel = connect_kernel(index, c->generation);
	if (kernel < 0) {
		tool_note(splice.config->t, "%s: cannot reach the server: %s", name,
			  lkl_strerror(kernel));
		close(fd);
		return;
	}
	pthread_mutex_lock(&c->lock);
	*c = (struct connection){ .lock = c->lock, .generation = c->generation, .used = true,
				  .host = fd, .kernel = kernel, .since = now() };
	snprintf(c->name, sizeof(c->name), "%s", name);
	find_own_name(c);
	atomic_fetch_add(&splice.nr, 1);
	rc = connection_watch(c, index, &splice.pump);
	if (verbose())
		tool_note(splice.config->t, "%s: connected", name);
	if (rc)
		end_connection(c);
	pthread_mutex_unlock(&c->lock);
}

/* False if no client waits. */
static bool accept_client(int listener)
{
	struct sockaddr_storage from = { 0 };
	socklen_t len = sizeof(from);
	char name[64];
	int fd = accept4(listener, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	int one = 1;

	if (fd < 0)
		return false;	/* or the client has gone, or no descriptor is free: try again */
	if (from.ss_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	name_client(&from, name, sizeof(name));
	begin(fd, name);
	return true;
}

/*
 * Accept several clients: between two calls all other clients get their turn, which takes seconds
 * on a busy machine.  If each call accepted only one, the last client that waits would give up.
 */
static void accept_clients(int listener)
{
	for (int i = 0; i < MAX_EVENTS && accept_client(listener); i++)
		;
}

/* ---- The thread that waits for the library kernel ---- */

static void *kernel_main(void *arg)
{
	struct lkl_epoll_event events[MAX_EVENTS];
	struct pump p = splice.pump;

	p.buffer = arg;
	for (;;) {
		long n = lkl_sys_epoll_wait(p.kernel_epoll, events, MAX_EVENTS, -1);

		if (n < 0 && n != -EINTR)
			return NULL;		/* the kernel has died */
		for (long i = 0; i < n; i++) {
			if (events[i].data == TAG_STOP)
				return NULL;
			handle(events[i].data, events[i].events, false, &p);
		}
	}
}

/* ---- The main thread ---- */

static void drop_silent(void)
{
	static time_t last;
	time_t limit = now() - SILENT_S;

	if (limit == last)
		return;
	last = limit;
	for (uint32_t i = 0; i < splice.config->max_connections; i++) {
		struct connection *c = &splice.slots[i];

		pthread_mutex_lock(&c->lock);
		if (c->used && !c->received && c->since < limit)
			end_connection(c);
		pthread_mutex_unlock(&c->lock);
	}
}

static bool idle_too_long(void)
{
	if (atomic_load(&splice.nr))
		splice.empty_since = now();
	return splice.config->idle_exit && now() - splice.empty_since >= splice.config->idle_exit;
}

static int wait_ms(void)
{
	return splice.config->idle_exit && splice.config->idle_exit < TICK_MS / 1000 ?
	       500 : TICK_MS;
}

static void host_main(void)
{
	struct epoll_event events[MAX_EVENTS];

	while (!splice.stopped && lkl_is_running()) {
		int n = wait_events(splice.pump.host_epoll, events, MAX_EVENTS, wait_ms());

		for (int i = 0; i < n; i++) {
			uint64_t tag = events[i].data.u64;

			if (tag == TAG_STOP)
				splice.stopped = true;
			else if (tag & TAG_LISTENER)
				accept_clients((uint32_t)tag);
			else
				handle(tag, events[i].events, true, &splice.pump);
		}
		drop_silent();
		if (idle_too_long())
			splice.stopped = true;
	}
}

static int watch_listeners(void)
{
	const struct splice_config *config = splice.config;
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = TAG_STOP };

	if (epoll_ctl(splice.pump.host_epoll, EPOLL_CTL_ADD, config->stop_fd, &e))
		return -errno;
	for (size_t i = 0; i < config->nr_listeners; i++) {
		e.data.u64 = TAG_LISTENER | config->listeners[i];
		if (epoll_ctl(splice.pump.host_epoll, EPOLL_CTL_ADD, config->listeners[i], &e))
			return -errno;
	}
	return 0;
}

static int prepare(void)
{
	struct lkl_epoll_event stop = { .events = EPOLLIN, .data = TAG_STOP };
	struct pump *p = &splice.pump;
	int rc;

	p->host_epoll = epoll_create1(EPOLL_CLOEXEC);
	if (p->host_epoll < 0)
		return -errno;
	p->kernel_epoll = lkl_sys_epoll_create1(0);
	if (p->kernel_epoll < 0)
		return p->kernel_epoll;
	splice.stop_event = lkl_sys_eventfd(0);
	if (splice.stop_event < 0)
		return splice.stop_event;
	rc = lkl_sys_epoll_ctl(p->kernel_epoll, LKL_EPOLL_CTL_ADD, splice.stop_event, &stop);
	return rc ? rc : watch_listeners();
}

static void close_all(void)
{
	for (uint32_t i = 0; i < splice.config->max_connections; i++) {
		struct connection *c = &splice.slots[i];

		pthread_mutex_lock(&c->lock);
		if (c->used)
			end_connection(c);
		pthread_mutex_unlock(&c->lock);
	}
	lkl_sys_close(splice.stop_event);
	lkl_sys_close(splice.pump.kernel_epoll);
}

int splice_open(const struct splice_config *config)
{
	struct tool *t = config->t;
	int rc;

	splice.config = config;
	splice.pump.find_version = config->find_version;
	splice.empty_since = now();
	splice.slots = calloc(config->max_connections, sizeof(*splice.slots));
	splice.pump.buffer = tool_alloc(t, CONNECTION_CHUNK);
	if (!splice.slots)
		tool_no_memory(t);
	for (uint32_t i = 0; i < config->max_connections; i++)
		pthread_mutex_init(&splice.slots[i].lock, NULL);
	rc = prepare();
	if (rc)
		tool_error(t, "cannot serve: %s", lkl_strerror(rc));
	return rc;
}

static void describe_client(struct connection *c, struct splice_client *out)
{
	*out = (struct splice_client){
		.own_address = c->own_address, .own_port = c->own_port,
		.received = c->received, .sent = c->sent, .seconds = now() - c->since,
	};
	memcpy(out->name, c->name, sizeof(out->name));
	memcpy(out->version, c->version, sizeof(out->version));
}

struct splice_client *splice_clients(size_t *nr)
{
	uint32_t max = splice.config->max_connections;
	struct splice_client *list = calloc(max, sizeof(*list));

	*nr = 0;
	for (uint32_t i = 0; list && i < max; i++) {
		struct connection *c = &splice.slots[i];

		pthread_mutex_lock(&c->lock);
		if (c->used)
			describe_client(c, &list[(*nr)++]);
		pthread_mutex_unlock(&c->lock);
	}
	return list;
}

int splice_run(void)
{
	struct tool *t = splice.config->t;
	const uint64_t one = 1;
	pthread_t thread;
	int rc = -pthread_create(&thread, NULL, kernel_main, tool_alloc(t, CONNECTION_CHUNK));

	if (rc) {
		tool_error(t, "cannot serve: %s", lkl_strerror(rc));
		return rc;
	}
	host_main();
	lkl_sys_write(splice.stop_event, (const void *)&one, sizeof(one));
	pthread_join(thread, NULL);
	close_all();
	return 0;
}
