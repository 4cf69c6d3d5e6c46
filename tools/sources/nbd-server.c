// SPDX-License-Identifier: GPL-2.0
/*
 * nbd-server.c - the NBD server of a source program
 *
 * Its only client is the library that started it, which asks for structured
 * replies: errors carry a text for the user.  The library's kernel may have been
 * taken over by an image, so all its messages are treated as hostile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "nbd-server.h"

#define SETTINGS_MAX	(1u << 20)	/* bytes */
#define OPTION_MAX	8192u		/* bytes of an option of the handshake */
#define WRITE_MAX	(64u << 20)	/* bytes */
#define TEXT_MAX	1000		/* bytes of an error's text */
#define CONTEXT		"base:allocation"
#define CONTEXT_ID	1u

/* ---- bytes -------------------------------------------------------------------- */

static void receive(void *data, size_t len)
{
	char *pos = data;

	while (len) {
		ssize_t n = read(SERVE_FD, pos, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(0);	/* the library has closed the image */
		pos += n;
		len -= n;
	}
}

static void skip_sent(struct iovec **iov, int *nr, size_t n)
{
	while (*nr && n >= (*iov)->iov_len) {
		n -= (*iov)->iov_len;
		(*iov)++;
		(*nr)--;
	}
	if (*nr) {
		(*iov)->iov_base = (char *)(*iov)->iov_base + n;
		(*iov)->iov_len -= n;
	}
}

static void send_vector(struct iovec *iov, int nr)
{
	while (nr) {
		struct msghdr msg = { .msg_iov = iov, .msg_iovlen = nr < IOV_MAX ? nr : IOV_MAX };
		ssize_t n = sendmsg(SERVE_FD, &msg, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			_exit(0);
		skip_sent(&iov, &nr, n);
	}
}

static void send_bytes(const void *data, size_t len)
{
	struct iovec iov = { (void *)data, len };

	send_vector(&iov, 1);
}

/* ---- start and handshake ------------------------------------------------------------ */

static void take_settings(struct serve *s)
{
	uint8_t head[4];
	uint32_t len;
	char *data, *pos;

	receive(head, sizeof(head));
	len = get_be32(head);
	if (len > SETTINGS_MAX)
		_exit(1);
	data = malloc(len + 1);
	s->settings = calloc(len / 2 + 1, sizeof(*s->settings));
	if (!data || !s->settings)
		_exit(1);
	receive(data, len);
	data[len] = '\0';
	for (pos = data; pos < data + len; pos += strlen(pos) + 1) {
		struct setting *set = &s->settings[s->nr_settings++];

		set->key = pos;
		pos += strlen(pos) + 1;
		if (pos > data + len)
			_exit(1);
		set->value = pos;
	}
}

void serve_start(struct serve *s, const char *program)
{
	pid_t pid = fork();

	if (pid)
		_exit(pid < 0);
	s->program = program;
	pthread_mutex_init(&s->send_lock, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* Close inherited descriptors, also without a sandbox. */
	syscall(SYS_close_range, SERVE_EXTRA_FD + 1, ~0u, 0);
	fcntl(SERVE_FD, F_SETFD, FD_CLOEXEC);
	fcntl(SERVE_EXTRA_FD, F_SETFD, FD_CLOEXEC);
	take_settings(s);
}

const char *serve_setting(const struct serve *s, const char *key, unsigned int index)
{
	for (unsigned int i = 0; i < s->nr_settings; i++)
		if (!strcmp(s->settings[i].key, key) && !index--)
			return s->settings[i].value;
	return NULL;
}

uint64_t serve_number(const struct serve *s, const char *key, uint64_t otherwise)
{
	const char *value = serve_setting(s, key, 0);

	return value ? strtoull(value, NULL, 10) : otherwise;
}

void serve_sandbox(const struct serve *s, enum sandbox_profile profile,
		   const struct sandbox_path *paths, size_t nr_paths)
{
	const struct sandbox sb = {
		.program = s->program, .profile = profile, .paths = paths, .nr_paths = nr_paths,
	};
	struct sandbox_state state;
	char why[512];
	int err;

	/* A mount may live for long, and must not keep a directory in use. */
	if (chdir("/"))
		serve_refuse(s, errno, "/: %s", strerror(errno));
	if (serve_setting(s, "no-sandbox", 0))
		return;
	err = sandbox_enter(&sb, &state, why, sizeof(why));
	if (err)
		serve_refuse(s, -err, "%s cannot give up its rights: %s; --no-sandbox keeps them",
			     s->program, why);
}

void serve_refuse(const struct serve *s, int err, const char *fmt, ...)
{
	char message[7 + TEXT_MAX], *text = message + 7;
	va_list ap;
	int n;

	(void)s;
	va_start(ap, fmt);
	n = vsnprintf(text, TEXT_MAX, fmt, ap);
	va_end(ap);
	n = n < 0 ? 0 : n >= TEXT_MAX ? TEXT_MAX - 1 : n;
	message[0] = 'E';
	nbd_put16(nbd_put32((uint8_t *)message + 1, err), n);
	send_bytes(message, 7 + n);
	_exit(1);
}

static void reply_option(uint32_t option, uint32_t type, const void *data, uint32_t len)
{
	uint8_t head[20];

	nbd_put32(nbd_put32(nbd_put32(nbd_put64(head, NBD_OPTION_REPLY_MAGIC), option), type), len);
	send_bytes(head, sizeof(head));
	send_bytes(data, len);
}

static void send_export(const struct serve *s)
{
	uint8_t data[14], *p = nbd_put16(data, NBD_INFO_EXPORT);

	p = nbd_put16(nbd_put64(p, s->size), s->flags | NBD_HAS_FLAGS);
	reply_option(NBD_OPT_GO, NBD_REP_INFO, data, p - data);
	p = nbd_put32(nbd_put16(data, NBD_INFO_BLOCK_SIZE), 1);
	p = nbd_put32(nbd_put32(p, 4096), 32u << 20);
	reply_option(NBD_OPT_GO, NBD_REP_INFO, data, p - data);
	reply_option(NBD_OPT_GO, NBD_REP_ACK, NULL, 0);
}

/* Return the only context, without looking at the list of the client. */
static void send_context(const struct serve *s)
{
	uint8_t data[4 + sizeof(CONTEXT) - 1];

	nbd_put32(data, CONTEXT_ID);
	memcpy(data + 4, CONTEXT, sizeof(CONTEXT) - 1);
	if (s->has_extents)
		reply_option(NBD_OPT_SET_META_CONTEXT, NBD_REP_META_CONTEXT, data, sizeof(data));
	reply_option(NBD_OPT_SET_META_CONTEXT, NBD_REP_ACK, NULL, 0);
}

static void negotiate(const struct serve *s)
{
	uint8_t head[16], data[OPTION_MAX];
	bool structured = false;

	for (;;) {
		uint32_t option, len;

		receive(head, sizeof(head));
		option = get_be32(head + 8);
		len = get_be32(head + 12);
		if (get_be64(head) != NBD_OPTION_MAGIC || len > sizeof(data))
			_exit(1);
		receive(data, len);
		if (option == NBD_OPT_GO && !structured)
			_exit(1);
		if (option == NBD_OPT_GO) {
			send_export(s);
			return;
		}
		if (option == NBD_OPT_STRUCTURED_REPLY) {
			structured = true;
			reply_option(option, NBD_REP_ACK, NULL, 0);
		} else if (option == NBD_OPT_SET_META_CONTEXT) {
			send_context(s);
		} else {
			reply_option(option, NBD_REP_ERR_UNSUP, NULL, 0);
		}
	}
}

bool serve_is_over(void)
{
	char byte;

	return recv(SERVE_FD, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void serve_accept(struct serve *s)
{
	uint8_t hello[19], flags[4];

	hello[0] = 'K';
	nbd_put16(nbd_put64(nbd_put64(hello + 1, NBD_MAGIC), NBD_OPTION_MAGIC),
		  NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES);
	send_bytes(hello, sizeof(hello));
	receive(flags, sizeof(flags));
	negotiate(s);
}

/* ---- commands ------------------------------------------------------------------- */

struct command *serve_next(struct serve *s)
{
	struct command *c = calloc(1, sizeof(*c));
	uint8_t head[NBD_REQUEST_BYTES];

	if (!c)
		_exit(1);
	for (;;) {
		receive(head, sizeof(head));
		if (get_be32(head) != NBD_REQUEST_MAGIC)
			_exit(1);
		c->flags = get_be16(head + 4);
		c->type = get_be16(head + 6);
		c->cookie = get_be64(head + 8);
		c->offset = get_be64(head + 16);
		c->len = get_be32(head + 24);
		if (c->type == NBD_CMD_DISC)
			_exit(0);
		if (c->type == NBD_CMD_WRITE) {
			c->data = c->len <= WRITE_MAX ? malloc(c->len + 1) : NULL;
			if (!c->data)
				_exit(1);
			receive(c->data, c->len);
		}
		if (c->type == NBD_CMD_RELEASE && s->memory)
			return c;
		if (c->offset <= s->size && c->len <= s->size - c->offset)
			return c;
		serve_fail(s, c, EINVAL, "a request is not within the image");
		c = calloc(1, sizeof(*c));
		if (!c)
			_exit(1);
	}
}

static void send_chunk(struct serve *s, const struct command *c, uint16_t flags, uint16_t type,
		       struct iovec *iov, int nr)
{
	uint8_t head[NBD_CHUNK_BYTES], *p = head;
	size_t len = 0;

	for (int i = 1; i < nr; i++)
		len += iov[i].iov_len;
	p = nbd_put16(nbd_put16(nbd_put32(p, NBD_CHUNK_MAGIC), flags), type);
	nbd_put32(nbd_put64(p, c->cookie), len);
	iov[0] = (struct iovec){ head, sizeof(head) };
	pthread_mutex_lock(&s->send_lock);
	send_vector(iov, nr);
	pthread_mutex_unlock(&s->send_lock);
}

void serve_data(struct serve *s, const struct command *c, uint64_t offset,
		const struct iovec *iov, int nr)
{
	struct iovec all[IOV_MAX];
	uint8_t at[8];

	nbd_put64(at, offset);
	all[1] = (struct iovec){ at, sizeof(at) };
	memcpy(all + 2, iov, nr * sizeof(*iov));
	send_chunk(s, c, 0, NBD_CHUNK_OFFSET_DATA, all, nr + 2);
}

void serve_memory(struct serve *s, const struct command *c, uint64_t token, uint64_t offset,
		  const struct iovec *iov, int nr)
{
	uint8_t data[NBD_MEMORY_HEAD + NBD_MEMORY_RANGES * NBD_MEMORY_RANGE];
	uint8_t *p = nbd_put64(nbd_put64(data, token), offset);
	struct iovec all[2];

	for (int i = 0; i < nr; i++) {
		p = nbd_put64(p, (const uint8_t *)iov[i].iov_base - s->memory);
		p = nbd_put32(p, iov[i].iov_len);
	}
	all[1] = (struct iovec){ data, p - data };
	send_chunk(s, c, 0, NBD_CHUNK_MEMORY, all, 2);
}

void serve_status(struct serve *s, const struct command *c, const uint32_t *pairs, size_t nr)
{
	uint8_t *data = malloc(4 + 8 * nr), *p = data;
	struct iovec iov[2];

	if (!data)
		_exit(1);
	p = nbd_put32(p, CONTEXT_ID);
	for (size_t i = 0; i < 2 * nr; i++)
		p = nbd_put32(p, pairs[i]);
	iov[1] = (struct iovec){ data, p - data };
	send_chunk(s, c, 0, NBD_CHUNK_BLOCK_STATUS, iov, 2);
	free(data);
}

void serve_drop(struct command *c)
{
	free(c->data);
	free(c);
}

void serve_end(struct serve *s, struct command *c)
{
	struct iovec iov[1];

	send_chunk(s, c, NBD_CHUNK_DONE, NBD_CHUNK_NONE, iov, 1);
	serve_drop(c);
}

/* The error numbers of the protocol have Linux's values. */
static uint32_t wire_error(int err)
{
	switch (err) {
	case EPERM:
	case ENOMEM:
	case EINVAL:
	case ENOSPC:
	case EOPNOTSUPP:
		return err;
	default:
		return EIO;
	}
}

void serve_fail(struct serve *s, struct command *c, int err, const char *text)
{
	size_t len = strnlen(text, TEXT_MAX);
	uint8_t head[6];
	struct iovec iov[3] = {
		[1] = { head, sizeof(head) }, [2] = { (void *)text, len },
	};

	nbd_put16(nbd_put32(head, wire_error(err)), len);
	send_chunk(s, c, NBD_CHUNK_DONE, NBD_CHUNK_ERROR, iov, 3);
	serve_drop(c);
}
