/* SPDX-License-Identifier: GPL-2.0 */
/*
 * peer.h - the user at the other end of a socket
 */
#ifndef ANYFS_PEER_H
#define ANYFS_PEER_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether @user started the process that @fd, an AF_UNIX socket, is connected to. */
bool peer_is(int fd, uid_t user);

#endif /* ANYFS_PEER_H */
