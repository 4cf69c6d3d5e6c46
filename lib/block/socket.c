// SPDX-License-Identifier: GPL-2.0
/*
 * socket.c - send and receive whole messages, see socket.h
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include "error.h"
#include "socket.h"

#define BUFFER	(2 << 20)		/* bytes; the host may allow less */

void socket_enlarge(int fd)
{
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){ BUFFER }, sizeof(int));
}

int socket_send(int fd, const void *data, size_t len)
{
	const char *pos = data;

	while (len) {
		ssize_t n = send(fd, pos, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_host(errno);
		pos += n;
		len -= n;
	}
	return 0;
}

int socket_receive(int fd, void *data, size_t len)
{
	char *pos = data;

	while (len) {
		ssize_t n = read(fd, pos, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? error_host(errno) : -EIO;
		pos += n;
		len -= n;
	}
	return 0;
}
