// SPDX-License-Identifier: GPL-2.0
/*
 * listener.c - listening sockets of the host: addresses, paths, sockets of systemd
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "listener.h"
#include "messages.h"
#include "options.h"
#include "run.h"

#define BACKLOG		128
#define SYSTEMD_FIRST_FD	3

static bool is_loopback(const struct sockaddr *a)
{
	const struct sockaddr_in *in = (const void *)a;
	const struct sockaddr_in6 *in6 = (const void *)a;

	if (a->sa_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	return a->sa_family == AF_UNIX || IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

static void describe(struct listeners *l, const struct sockaddr *a)
{
	const struct sockaddr_in *in = (const void *)a;
	const struct sockaddr_in6 *in6 = (const void *)a;
	const struct sockaddr_un *un = (const void *)a;
	char text[INET6_ADDRSTRLEN];

	if (a->sa_family == AF_UNIX) {
		snprintf(l->address, sizeof(l->address), "%.80s", un->sun_path);
	} else if (a->sa_family == AF_INET) {
		l->port = ntohs(in->sin_port);
		snprintf(l->address, sizeof(l->address), "%s:%u",
			 inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text)), l->port);
	} else {
		l->port = ntohs(in6->sin6_port);
		snprintf(l->address, sizeof(l->address), "[%s]:%u",
			 inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text)), l->port);
	}
}

/* Take the listening socket @fd.  0 or -errno. */
static int add_socket(struct tool *t, struct listeners *l, int fd)
{
	struct sockaddr_storage a = { 0 };
	socklen_t len = sizeof(a);

	if (l->nr == LISTENERS_MAX)
		tool_usage(t, "more than %d addresses to listen on", LISTENERS_MAX);
	if (getsockname(fd, (struct sockaddr *)&a, &len) ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) || fcntl(fd, F_SETFD, FD_CLOEXEC))
		return -errno;
	if (!l->nr || (!l->port && a.ss_family != AF_UNIX))
		describe(l, (struct sockaddr *)&a);
	l->open_to_network |= !is_loopback((struct sockaddr *)&a);
	l->fds[l->nr++] = fd;
	return 0;
}

/* Returns a blocking descriptor or -errno. */
static int open_listening_socket(const struct sockaddr *a, socklen_t len)
{
	int fd = socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1, rc = 0;

	if (fd < 0)
		return -errno;
	/* A port that the last server has just left may be used again. */
	if (a->sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (a->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (bind(fd, a, len) || listen(fd, BACKLOG))
		rc = -errno;
	if (!rc)
		return fd;
	close(fd);
	return rc;
}

/* Take @fd, the result of open_listening_socket().  0 or -errno. */
static int take_or_close(struct tool *t, struct listeners *l, int fd)
{
	int rc = fd < 0 ? fd : add_socket(t, l, fd);

	if (fd >= 0 && rc)
		close(fd);
	return rc;
}

static int listen_on(struct tool *t, struct listeners *l, const struct sockaddr *a, socklen_t len)
{
	return take_or_close(t, l, open_listening_socket(a, len));
}

static void listen_or_exit(struct tool *t, int rc, const char *spec)
{
	if (!rc)
		return;
	if (rc == -EADDRINUSE)
		tool_error(t, "%s: the address is in use; choose another with -P or --listen", spec);
	else
		tool_error(t, "%s: cannot listen: %s", spec, strerror(-rc));
	tool_finish(t);
}

static int unix_address(const char *path, struct sockaddr_un *a)
{
	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!*path || strlen(path) >= sizeof(a->sun_path))
		return -ENAMETOOLONG;
	strcpy(a->sun_path, path);
	return 0;
}

int listener_connect(const char *path)
{
	struct sockaddr_un a;
	int rc = unix_address(path, &a), fd;

	if (rc)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (const struct sockaddr *)&a, sizeof(a)))
		return fd;
	rc = -errno;
	/* The file of a server that has ended: the sandbox does not let servers remove it. */
	if (rc == -ECONNREFUSED)
		unlink(path);
	close(fd);
	return rc;
}

int listener_unix(const char *path)
{
	struct sockaddr_un a;
	int rc = unix_address(path, &a), old;
	mode_t mask;

	if (rc)
		return rc;
	old = listener_connect(path);
	if (old >= 0)
		close(old);
	mask = umask(0177);
	rc = open_listening_socket((struct sockaddr *)&a, sizeof(a));
	umask(mask);
	return rc;
}

static void listen_unix(struct tool *t, struct listeners *l, const char *path)
{
	int rc = listener_unix(path);

	if (rc == -ENAMETOOLONG)
		tool_usage(t, "--unix %s: the path must have 1 to %zu bytes", path,
			   sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
	listen_or_exit(t, take_or_close(t, l, rc), path);
}

/* Split "ADDR:PORT" or "[ADDR]:PORT"; frees nothing, changes @text. */
static bool split_address(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');

	if (!colon || !colon[1])
		return false;
	*colon = '\0';
	*port = colon + 1;
	*host = text;
	if (*text == '[') {
		if (colon[-1] != ']')
			return false;
		colon[-1] = '\0';
		*host = text + 1;
	} else if (strchr(text, ':')) {
		return false;
	}
	return **host;
}

static void listen_tcp(struct tool *t, struct listeners *l, const char *spec)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
					.ai_socktype = SOCK_STREAM };
	char *text = strdup(spec), *host, *port;
	struct addrinfo *found = NULL;

	if (!text)
		tool_no_memory(t);
	if (!split_address(text, &host, &port) || getaddrinfo(host, port, &hints, &found))
		tool_usage(t, "--listen %s: give ADDRESS:PORT, with the address as a number", spec);
	listen_or_exit(t, listen_on(t, l, found->ai_addr, found->ai_addrlen), spec);
	freeaddrinfo(found);
	free(text);
}

/* IPv6 may be missing on this host. */
static void listen_loopback(struct tool *t, struct listeners *l, unsigned int port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	char spec[32];
	int rc;

	snprintf(spec, sizeof(spec), "127.0.0.1:%u", port);
	listen_or_exit(t, listen_on(t, l, (struct sockaddr *)&in, sizeof(in)), spec);
	in6.sin6_port = htons(l->port);
	rc = listen_on(t, l, (struct sockaddr *)&in6, sizeof(in6));
	if (rc == -EADDRINUSE && port)
		listen_or_exit(t, rc, "::1");
}

/* Sockets that the service manager has opened for this process. */
static void take_systemd(struct tool *t, struct listeners *l)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	unsigned long nr;
	int rc;

	if (!pid || !fds || strtoul(pid, NULL, 10) != getpid())
		return;
	nr = strtoul(fds, NULL, 10);
	if (nr > LISTENERS_MAX)
		tool_usage(t, "LISTEN_FDS=%s: more than %d sockets", fds, LISTENERS_MAX);
	for (unsigned long i = 0; i < nr; i++) {
		rc = add_socket(t, l, SYSTEMD_FIRST_FD + i);
		listen_or_exit(t, rc, "LISTEN_FDS");
	}
}

void listeners_open(struct tool *t, struct listeners *l, const char *const *specs, size_t nr,
		    unsigned int port)
{
	*l = (struct listeners){ 0 };
	take_systemd(t, l);
	if (l->nr && nr)
		tool_usage(t, "--listen and --unix exclude the sockets of LISTEN_FDS");
	for (size_t i = 0; i < nr; i++) {
		if (!strncmp(specs[i], "unix:", 5))
			listen_unix(t, l, specs[i] + 5);
		else
			listen_tcp(t, l, specs[i]);
	}
	if (!l->nr)
		listen_loopback(t, l, port);
}
