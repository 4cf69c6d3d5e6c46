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
 * Listen on the socket file @path, which only its owner may connect to, in place of one that no
 * process listens on.  Returns a blocking descriptor or -errno; -ENAMETOOLONG for a bad path.
 */
int listener_unix(const char *path);

/*
 * Remove the socket file at @path if no process listens on it.  Returns a socket that is connected
 * to the process that does, or -errno.
 */
int listener_connect(const char *path);

#endif /* ANYFS_LISTENER_H */
