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
#include "tool.h"

struct splice_config {
	struct tool *t;
	const int *listeners;		/* listening sockets of the host, non-blocking */
	size_t nr_listeners;
	unsigned int port;		/* of the server, on 127.0.0.1 of the library kernel */
	unsigned int max_connections;
	unsigned int idle_exit;		/* seconds without a connection, then end; 0: never */
	int stop_fd;			/* end when this descriptor is readable */
};

/*
 * Serve until stop_fd is readable or idle_exit seconds have passed, then close all
 * connections.  Uses the calling thread and starts another.  0, or -errno after a message.
 */
int splice_run(const struct splice_config *config);

#endif /* ANYFS_SPLICE_H */
