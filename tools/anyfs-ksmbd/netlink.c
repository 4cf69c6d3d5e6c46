// SPDX-License-Identifier: GPL-2.0
/*
 * netlink.c - messages from and to the SMB server, over generic netlink
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <lkl.h>
#include <lkl/linux/genetlink.h>
#include <lkl/linux/in.h>
#include <lkl/linux/netlink.h>
#include "ksmbd.h"
#include "messages.h"
#include "network.h"

#define CLASS		"/sysfs/class/ksmbd-control"
#define BREAKS		"/sysfs/module/ksmbd_breaks/parameters"
#define HANDLES		"/sysfs/module/ksmbd_handles/parameters"
#define MESSAGE_MAX	(256u << 10)	/* bytes; the kernel sends at most half of that */
#define TRIES		5000		/* tries, 1 ms each, until the server listens */
#define OPEN_FILES	10000		/* files that clients may have open */
#define SILENT_MINUTES	15

/* The headers of a message with one attribute. */
struct packet {
	struct lkl_nlmsghdr netlink;
	struct lkl_genlmsghdr generic;
	struct lkl_nlattr attribute;
};

static struct {
	int fd;
	int stop;			/* eventfd: the thread ends when it is readable */
	pthread_t thread;
	uint16_t family;
	struct ksmbd *k;
} nl;

/* Send @data as attribute @attribute of command @command.  0 or -errno. */
static int send_packet(uint16_t family, uint8_t command, uint16_t attribute, const void *data,
		       size_t len)
{
	size_t total = sizeof(struct packet) + len;
	struct packet *p = calloc(1, total + 4);
	long rc;

	if (!p)
		return -ENOMEM;
	p->netlink = (struct lkl_nlmsghdr){
		.nlmsg_len = (total + 3) & ~3u, .nlmsg_type = family,
		.nlmsg_flags = LKL_NLM_F_REQUEST,
	};
	p->generic = (struct lkl_genlmsghdr){ .cmd = command, .version = FAMILY_VERSION };
	p->attribute = (struct lkl_nlattr){
		.nla_len = sizeof(p->attribute) + len, .nla_type = attribute,
	};
	memcpy(p + 1, data, len);
	rc = lkl_sys_sendto(nl.fd, p, p->netlink.nlmsg_len, 0, NULL, 0);
	/* The data may be the hash of a password. */
	explicit_bzero(p, total);
	free(p);
	return rc < 0 ? rc : 0;
}

int netlink_send(uint8_t event, const void *data, size_t len)
{
	return send_packet(nl.family, event, event, data, len);
}

/* The attribute @type in @len bytes of attributes at @data, or NULL. */
static const struct lkl_nlattr *find_attribute(const void *data, size_t len, uint16_t type)
{
	while (len >= sizeof(struct lkl_nlattr)) {
		const struct lkl_nlattr *a = data;
		size_t step = (a->nla_len + 3) & ~3u;

		if (a->nla_len < sizeof(*a) || a->nla_len > len)
			return NULL;
		if ((a->nla_type & LKL_NLA_TYPE_MASK) == type)
			return a;
		if (step >= len)
			return NULL;
		data = (const char *)data + step;
		len -= step;
	}
	return NULL;
}

/* Get the number of the server's netlink family.  0 or -errno. */
static int find_family(void)
{
	char buf[4096] __attribute__((aligned(8)));
	const struct lkl_nlmsghdr *h = (const void *)buf;
	const size_t head = offsetof(struct packet, attribute);
	const struct lkl_nlattr *a;
	long n;
	int rc = send_packet(LKL_GENL_ID_CTRL, LKL_CTRL_CMD_GETFAMILY, LKL_CTRL_ATTR_FAMILY_NAME,
			     FAMILY_NAME, sizeof(FAMILY_NAME));

	if (rc)
		return rc;
	n = lkl_sys_recvfrom(nl.fd, buf, sizeof(buf), 0, NULL, NULL);
	if (n < 0)
		return n;
	if (n < (long)head || h->nlmsg_type != LKL_GENL_ID_CTRL)
		return -ENOENT;
	a = find_attribute(buf + head, n - head, LKL_CTRL_ATTR_FAMILY_ID);
	if (!a || a->nla_len < sizeof(*a) + 2)
		return -ENOENT;
	memcpy(&nl.family, a + 1, sizeof(nl.family));
	return 0;
}

static void handle_message(const char *buf, size_t n)
{
	const struct lkl_nlmsghdr *h = (const void *)buf;
	const struct lkl_genlmsghdr *g = (const void *)(h + 1);
	const size_t head = offsetof(struct packet, attribute);
	const struct lkl_nlattr *a;

	if (n < sizeof(struct packet) || h->nlmsg_type != nl.family)
		return;
	a = find_attribute(buf + head, n - head, g->cmd);
	if (a)
		answer(nl.k, g->cmd, a + 1, a->nla_len - sizeof(*a));
}

static void *netlink_main(void *arg)
{
	struct lkl_pollfd fds[] = {
		{ .fd = nl.fd, .events = POLLIN }, { .fd = nl.stop, .events = POLLIN },
	};
	char *buf = arg;
	long n;

	for (;;) {
		n = lkl_sys_poll(fds, 2, -1);
		if ((n < 0 && n != -EINTR) || fds[1].revents)
			return NULL;
		n = lkl_sys_recvfrom(nl.fd, buf, MESSAGE_MAX, MSG_DONTWAIT, NULL, NULL);
		if (n > 0)
			handle_message(buf, n);
	}
}

static int send_startup(struct ksmbd *k)
{
	static const char interfaces[] = "lo";
	struct startup *s = calloc(1, sizeof(*s) + sizeof(interfaces));
	int rc;

	if (!s)
		return -ENOMEM;
	s->flags = SERVER_LEASES | SERVER_DURABLE | (k->encrypt ? SERVER_ENCRYPTION : 0);
	s->signing = k->guests ? SIGNING_AUTO : SIGNING_MANDATORY;
	strcpy(s->min_protocol, "SMB2_10");
	strcpy(s->max_protocol, "SMB3_11");
	strcpy(s->netbios_name, SERVER_NAME);
	strcpy(s->work_group, WORK_GROUP);
	strcpy(s->server_string, "anyfs");
	s->tcp_port = KSMBD_PORT;
	s->deadtime = SILENT_MINUTES;
	s->file_max = OPEN_FILES;
	s->max_read = s->max_write = k->max_read;
	s->max_credits = k->max_credits;
	s->max_connections = s->max_ip_connections = k->serve.max_connections;
	/* All clients come over this device, each from an address of its own. */
	s->bind_interfaces_only = 1;
	s->interfaces_size = sizeof(interfaces);
	memcpy(s->interfaces, interfaces, sizeof(interfaces));
	memcpy(s->sub_auth, k->domain, sizeof(s->sub_auth));
	rc = netlink_send(EVENT_STARTING_UP, s, sizeof(*s) + sizeof(interfaces));
	free(s);
	return rc;
}

/* The server starts on a work queue: wait until it accepts connections. */
static int wait_listening(void)
{
	struct lkl_sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(KSMBD_PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct __lkl__kernel_timespec pause = { .tv_nsec = 1000000 };
	long rc = -ECONNREFUSED;

	for (int i = 0; i < TRIES && rc == -ECONNREFUSED; i++) {
		int fd = lkl_sys_socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd < 0)
			return fd;
		rc = lkl_sys_connect(fd, (struct lkl_sockaddr *)&to, sizeof(to));
		lkl_sys_close(fd);
		if (rc)
			lkl_sys_nanosleep(&pause, NULL);
	}
	return rc;
}

int netlink_start(struct ksmbd *k)
{
	struct lkl_sockaddr_nl self = { .nl_family = AF_NETLINK };
	char *buf = tool_alloc(k->serve.t, MESSAGE_MAX);
	int rc;

	nl.k = k;
	nl.stop = lkl_sys_eventfd(0);
	if (nl.stop < 0)
		return nl.stop;
	nl.fd = lkl_sys_socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, LKL_NETLINK_GENERIC);
	if (nl.fd < 0)
		return nl.fd;
	rc = lkl_sys_bind(nl.fd, (struct lkl_sockaddr *)&self, sizeof(self));
	if (!rc)
		rc = find_family();
	if (!rc)
		rc = -pthread_create(&nl.thread, NULL, netlink_main, buf);
	if (rc)
		return rc;
	lkl_sys_getrandom((char *)k->domain, sizeof(k->domain), 0);
	rc = send_startup(k);
	return rc ? rc : wait_listening();
}

/* Requests may wait for clients that have gone, and durable handles keep file systems in use. */
static int end_server(void)
{
	int rc = kernel_write(BREAKS "/end", "1\n", 2);

	if (!rc)
		rc = kernel_write(CLASS "/kill_server", "hard\n", 5);
	if (!rc)
		rc = kernel_write(HANDLES "/close", "1\n", 2);
	return rc ? rc : kernel_write(BREAKS "/end", "0\n", 2);
}

void netlink_stop(struct ksmbd *k)
{
	const uint64_t one = 1;
	int rc = end_server();

	if (rc)
		tool_error(k->serve.t, "ending the SMB server: %s", lkl_strerror(rc));
	lkl_sys_write(nl.stop, (const void *)&one, sizeof(one));
	pthread_join(nl.thread, NULL);
}
