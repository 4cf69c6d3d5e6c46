/* SPDX-License-Identifier: GPL-2.0 */
/*
 * socket.h - send and receive whole messages on a connected socket
 */
#ifndef ANYFS_SOCKET_H
#define ANYFS_SOCKET_H

#include <stddef.h>

/* Let the socket buffer more data, so that its two processes wait for each other less often. */
void socket_enlarge(int fd);
/* Wait until all bytes are sent or received.  0 or -errno; -EIO if the peer has hung up. */
int socket_send(int fd, const void *data, size_t len);
int socket_receive(int fd, void *data, size_t len);

#endif /* ANYFS_SOCKET_H */
