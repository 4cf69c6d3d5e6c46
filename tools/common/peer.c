// SPDX-License-Identifier: GPL-2.0
/*
 * peer.c - the user at the other end of a socket
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include "peer.h"

bool peer_is(int fd, uid_t user)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) && peer.uid == user;
}
