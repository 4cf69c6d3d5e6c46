/* SPDX-License-Identifier: GPL-2.0 */
/*
 * splice.h - connect clients of the host with a server in the library kernel
 *
 * Each connection that is accepted on the host gets a TCP connection over the loopback
 * device of the library kernel; bytes are copied between the two.
 */
#ifndef ANYFS_SPLICE_H
#define ANYFS_SPLICE_H

#include <stddef.h>
#include <stdint.h>
#include "connection.h"
#include "tool.h"

struct splice_config {
	struct tool *t;
	const int *listeners;		/* listening sockets of the host, non-blocking */
	size_t nr_listeners;
	unsigned int port;		/* of the server, on 127.0.0.1 of the library kernel */
	unsigned int max_connections;
	unsigned int idle_exit;		/* end after these seconds without a connection; 0: never */
	int stop_fd;			/* end when this descriptor is readable */
	/*
	 * Let the server see each client at an address of its own in 127.0.0.0/8; else all are at
	 * 127.0.0.1.
	 */
	bool own_addresses;
	/* See struct pump. */
	void (*find_version)(const void *data, size_t len, char version[CONNECTION_VERSION]);
};

/* A client that is connected. */
struct splice_client {
	char name[64];			/* its address on the host */
	uint32_t own_address;		/* its address for the server, in network byte order */
	uint16_t own_port;
	uint64_t received, sent;	/* bytes */
	unsigned int seconds;		/* since it connected */
	char version[CONNECTION_VERSION];	/* "": not known */
};

/* Prepare splice_run() with @config, which must stay valid.  0, or -errno after a message. */
int splice_open(const struct splice_config *config);

/*
 * Serve until stop_fd is readable or idle_exit seconds have passed, then close all
 * connections.  Uses the calling thread and starts another.  0, or -errno after a message.
 */
int splice_run(void);

/*
 * After splice_open(), on any thread: list the clients in an array of *@nr, which the caller
 * frees; NULL if memory is exhausted.
 */
struct splice_client *splice_clients(size_t *nr);

#endif /* ANYFS_SPLICE_H */
