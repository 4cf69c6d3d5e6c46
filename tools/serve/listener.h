/* SPDX-License-Identifier: GPL-2.0 */
/*
 * listener.h - listening sockets of the host
 */
#ifndef ANYFS_LISTENER_H
#define ANYFS_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include "tool.h"

#define LISTENERS_MAX	16

struct listeners {
	int fds[LISTENERS_MAX];
	size_t nr;
	unsigned int port;		/* port of the first TCP socket; 0: there is none */
	char address[96];		/* address of the first socket, "127.0.0.1:20049" */
	bool open_to_network;		/* other hosts can connect */
};

/*
 * Open the sockets that systemd has passed (LISTEN_FDS), else those in @specs: "ADDR:PORT",
 * "[ADDR]:PORT" or "unix:PATH"; without any, @port of 127.0.0.1 and ::1.  A @port of 0 is
 * one that is free.  Ends the program with a message on failure.
 */
void listeners_open(struct tool *t, struct listeners *l, const char *const *specs, size_t nr,
		    unsigned int port);

/*
 * Listen on the socket file @path, which only its owner may connect to.  Replaces a socket file
 * that no process listens on.  Returns a blocking descriptor or -errno; -ENAMETOOLONG if @path is
 * empty or too long.
 */
int listener_unix(const char *path);

/*
 * Connect to the process that listens on the socket file @path.  Returns a socket or -errno;
 * -ECONNREFUSED if no process listens: the file has been removed.
 */
int listener_connect(const char *path);

#endif /* ANYFS_LISTENER_H */
