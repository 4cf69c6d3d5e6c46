/* SPDX-License-Identifier: GPL-2.0 */
/*
 * connection.h - one client: a socket of the host and one of the library kernel
 */
#ifndef ANYFS_CONNECTION_H
#define ANYFS_CONNECTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Bytes that are copied at once; bytes that the receiver does not take are kept. */
#define CONNECTION_CHUNK	(256u << 10)

#define CONNECTION_VERSION	8	/* bytes of the version of a protocol, "3.1.1" */
#define CONNECTION_GENERATIONS	0x3fffffffu	/* larger tags have other uses */

/* Buffered bytes of one direction. */
struct flow {
	char *data;			/* read but not written yet; NULL: none */
	size_t begin, end;		/* of the bytes in data */
	bool ended;			/* the end of the stream was passed on */
};

struct connection {
	pthread_mutex_t lock;		/* guards all members */
	bool used;
	uint32_t generation;		/* differs for each client of this slot */
	int host, kernel;		/* sockets */
	uint32_t host_events, kernel_events;	/* events that the two epolls wait for */
	bool kernel_gone;		/* the kernel's socket is no longer in its epoll */
	bool failed;
	struct flow up;			/* from the host to the kernel */
	struct flow down;		/* from the kernel to the host */
	uint64_t received, sent;	/* bytes from and to the client */
	time_t since;			/* CLOCK_MONOTONIC */
	uint32_t own_address;		/* the client's address for the server */
	uint16_t own_port;
	char version[CONNECTION_VERSION];	/* of the protocol; "": not known */
	char name[64];			/* address of the client, for messages */
};

/* The two epolls, and a buffer of CONNECTION_CHUNK bytes of the calling thread. */
struct pump {
	int host_epoll, kernel_epoll;
	char *buffer;
	/* Called with bytes that the server sends until it sets @version; may be NULL. */
	void (*find_version)(const void *data, size_t len, char version[CONNECTION_VERSION]);
};

/* Identify @c in the events of both epolls. */
static inline uint64_t connection_tag(uint32_t index, const struct connection *c)
{
	return (uint64_t)c->generation << 32 | index;
}

/*
 * Copy what can be copied, in both directions, and set what the epolls wait for.  The
 * caller holds the lock.  Returns false when the connection is over.
 */
bool connection_pump(struct connection *c, uint32_t index, const struct pump *p);

/*
 * The server has closed its end: read the data that it has sent, but do not wait for more.
 * The caller holds the lock.
 */
void connection_kernel_gone(struct connection *c, const struct pump *p);

/* Begin to watch both sockets of @c.  0 or -errno. */
int connection_watch(struct connection *c, uint32_t index, const struct pump *p);

/* Close both sockets and free the bytes that are kept.  The caller holds the lock. */
void connection_close(struct connection *c);

#endif /* ANYFS_CONNECTION_H */
