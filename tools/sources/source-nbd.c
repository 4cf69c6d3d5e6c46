// SPDX-License-Identifier: GPL-2.0
/*
 * source-nbd.c - anyfs-source-nbd: an image that an NBD server exports
 *
 * Passes commands on with libnbd.  When the connection breaks, commands without an
 * answer are sent again over a new one, until their time is over.  A flush fails
 * once if written data was not flushed when the connection broke: the server may
 * have lost it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <libnbd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "nbd-server.h"

#define TIMEOUT_S	60u
#define CONNECT_NS	15000000000ull
#define FIRST_PAUSE	100000000ull	/* ns */
#define LAST_PAUSE	2000000000ull
#define TICK_MS		200
#define PAIRS_MAX	8192u		/* numbers of an answer: two for each range */

/* A command of the library that is being passed to the server. */
struct job {
	struct job *next;
	struct command *c;
	uint8_t *data;			/* data read */
	uint32_t *pairs;
	size_t nr_pairs;
	uint64_t since;			/* ns */
	bool done;
	int err;
};

static struct serve serve;
static const char *address;
static struct nbd_handle *nbd;
static bool ready;			/* nbd is connected */
static bool was_ready;			/* the first connection was made */
static struct job *sent, *waiting, **waiting_tail = &waiting;
static uint64_t timeout, connect_since, next_try, pause_ns = FIRST_PAUSE;
static bool dirty, lost;		/* data is not flushed; was dirty when a connection broke */
static char reason[512] = "no answer from the server";
static bool changed;			/* the server has an image of another size now */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static void free_job(struct job *j)
{
	free(j->data);
	free(j->pairs);
	free(j);
}

static void wait_more(struct job *j)
{
	j->next = NULL;
	*waiting_tail = j;
	waiting_tail = &j->next;
}

/* ---- answers ---------------------------------------------------------------------------- */

static int on_done(void *data, int *error)
{
	struct job *j = data;

	j->done = true;
	j->err = *error;
	return 1;
}

static int on_extent(void *data, const char *context, uint64_t offset, uint32_t *entries,
		     size_t nr, int *error)
{
	struct job *j = data;

	(void)offset, (void)error;
	if (strcmp(context, LIBNBD_CONTEXT_BASE_ALLOCATION) || j->pairs)
		return 0;
	nr = nr < PAIRS_MAX ? nr / 2 * 2 : PAIRS_MAX;
	j->pairs = malloc(nr * sizeof(*entries) + 1);
	if (!j->pairs)
		_exit(1);
	memcpy(j->pairs, entries, nr * sizeof(*entries));
	j->nr_pairs = nr / 2;
	return 0;
}

static void fail(struct job *j, int err, const char *text)
{
	serve_fail(&serve, j->c, err, text);
	free_job(j);
}

static void answer(struct job *j)
{
	struct command *c = j->c;
	struct iovec iov = { j->data, c->len };

	if (j->err) {
		char text[128];

		snprintf(text, sizeof(text), "the NBD server answers: %s", strerror(j->err));
		fail(j, j->err, text);
		return;
	}
	if (c->type == NBD_CMD_WRITE || c->type == NBD_CMD_WRITE_ZEROES || c->type == NBD_CMD_TRIM)
		dirty = true;
	if (c->type == NBD_CMD_FLUSH) {
		dirty = false;
		if (lost) {
			lost = false;
			fail(j, EIO, "the connection to the server broke before written data was flushed; the server may have lost some of it");
			return;
		}
	}
	if (c->type == NBD_CMD_READ)
		serve_data(&serve, c, c->offset, &iov, 1);
	if (c->type == NBD_CMD_BLOCK_STATUS)
		serve_status(&serve, c, j->pairs, j->nr_pairs);
	serve_end(&serve, c);
	free_job(j);
}

/* ---- commands ----------------------------------------------------------------------------- */

static int64_t send_command(struct job *j)
{
	nbd_completion_callback done = { .callback = on_done, .user_data = j };
	nbd_extent_callback extent = { .callback = on_extent, .user_data = j };
	const struct command *c = j->c;
	uint32_t flags = c->flags & NBD_CMD_FLAG_FUA ? LIBNBD_CMD_FLAG_FUA : 0;

	switch (c->type) {
	case NBD_CMD_READ:
		if (!j->data && !(j->data = malloc(c->len + 1)))
			_exit(1);
		return nbd_aio_pread(nbd, j->data, c->len, c->offset, done, 0);
	case NBD_CMD_WRITE:
		return nbd_aio_pwrite(nbd, c->data, c->len, c->offset, done, flags);
	case NBD_CMD_FLUSH:
		return nbd_aio_flush(nbd, done, 0);
	case NBD_CMD_TRIM:
		return nbd_aio_trim(nbd, c->len, c->offset, done, flags);
	case NBD_CMD_WRITE_ZEROES:
		if (c->flags & NBD_CMD_FLAG_NO_HOLE)
			flags |= LIBNBD_CMD_FLAG_NO_HOLE;
		return nbd_aio_zero(nbd, c->len, c->offset, done, flags);
	case NBD_CMD_BLOCK_STATUS:
		return nbd_aio_block_status(nbd, c->len, c->offset, extent, done, 0);
	default:
		errno = EINVAL;
		return -1;
	}
}

static void send_job(struct job *j)
{
	j->done = false;
	free(j->pairs);
	j->pairs = NULL;
	if (send_command(j) < 0) {
		/* check_connection() detects a connection that has just broken. */
		if (nbd_aio_is_dead(nbd) || nbd_aio_is_closed(nbd))
			wait_more(j);
		else
			fail(j, nbd_get_errno() ? nbd_get_errno() : EIO, nbd_get_error());
		return;
	}
	j->next = sent;
	sent = j;
}

static void send_waiting(void)
{
	struct job *list = waiting;

	waiting = NULL;
	waiting_tail = &waiting;
	while (list) {
		struct job *j = list;

		list = j->next;
		send_job(j);
	}
}

/* ---- the connection ------------------------------------------------------------------------ */

static void drop_connection(void)
{
	if (!nbd)
		return;
	nbd_close(nbd);
	nbd = NULL;
	ready = false;
	lost |= dirty;
	dirty = false;
	while (sent) {
		struct job *j = sent;

		sent = j->next;
		wait_more(j);
	}
	next_try = now_ns() + pause_ns;
	pause_ns = 2 * pause_ns < LAST_PAUSE ? 2 * pause_ns : LAST_PAUSE;
}

static void begin_connection(void)
{
	nbd = nbd_create();
	if (!nbd)
		_exit(1);
	connect_since = now_ns();
	nbd_set_uri_allow_local_file(nbd, true);
	if (nbd_add_meta_context(nbd, LIBNBD_CONTEXT_BASE_ALLOCATION) ||
	    nbd_aio_connect_uri(nbd, address)) {
		snprintf(reason, sizeof(reason), "%s", nbd_get_error());
		drop_connection();
	}
}

static void learn_export(void)
{
	serve.size = nbd_get_size(nbd);
	serve.flags = (nbd_is_read_only(nbd) > 0 ? NBD_READ_ONLY : 0) |
		      (nbd_can_flush(nbd) > 0 ? NBD_SEND_FLUSH : 0) |
		      (nbd_can_fua(nbd) > 0 ? NBD_SEND_FUA : 0) |
		      (nbd_can_trim(nbd) > 0 ? NBD_SEND_TRIM : 0) |
		      (nbd_can_zero(nbd) > 0 ? NBD_SEND_WRITE_ZEROES : 0);
	serve.has_extents = nbd_can_meta_context(nbd, LIBNBD_CONTEXT_BASE_ALLOCATION) > 0;
}

static void check_connection(void)
{
	if (!nbd)
		return;
	if (nbd_aio_is_dead(nbd) || nbd_aio_is_closed(nbd)) {
		const char *text = nbd_get_error();

		snprintf(reason, sizeof(reason), "%s", text && *text ? text :
			 "the connection to the server broke");
		drop_connection();
	} else if (!ready && nbd_aio_is_ready(nbd)) {
		ready = true;
		pause_ns = FIRST_PAUSE;
		if (!was_ready)
			learn_export();
		else if (nbd_get_size(nbd) != (int64_t)serve.size)
			changed = true;
		was_ready = true;
		send_waiting();
	} else if (!ready && now_ns() - connect_since > CONNECT_NS) {
		strcpy(reason, "the server does not answer");
		drop_connection();
	}
}

static void take_answers(void)
{
	struct job **pos = &sent, *j;

	while ((j = *pos)) {
		/* Errors of a broken connection were not sent by the server. */
		if (!j->done || (j->err && nbd_aio_is_dead(nbd))) {
			pos = &j->next;
			continue;
		}
		*pos = j->next;
		nbd_aio_command_completed(nbd, 0);
		answer(j);
	}
}

/* Fail commands that have waited too long. */
static void fail_expired(void)
{
	uint64_t now = now_ns();
	char text[640];

	for (struct job *j = sent; j; j = j->next)
		if (now - j->since > timeout) {
			strcpy(reason, "no answer from the server");
			drop_connection();
			break;
		}
	while (waiting && (changed || now - waiting->since > timeout)) {
		struct job *j = waiting;

		waiting = j->next;
		if (!waiting)
			waiting_tail = &waiting;
		snprintf(text, sizeof(text), "%s (tried for %llu seconds)", reason,
			 (unsigned long long)(timeout / 1000000000));
		fail(j, EIO, changed ? "the image has changed its size on the server" : text);
	}
}

static void take_command(void)
{
	struct job *j = calloc(1, sizeof(*j));

	if (!j)
		_exit(1);
	j->c = serve_next(&serve);
	j->since = now_ns();
	if (changed)
		fail(j, EIO, "the image has changed its size on the server");
	else if (ready)
		send_job(j);
	else
		wait_more(j);
}

/* Wait for the server, and with @commands for the library. */
static void step(bool commands)
{
	struct pollfd fds[2] = { { .fd = commands ? SERVE_FD : -1, .events = POLLIN },
				 { .fd = -1 } };
	unsigned int dir = nbd ? nbd_aio_get_direction(nbd) : 0;

	if (!nbd && (waiting || !was_ready) && now_ns() >= next_try) {
		begin_connection();
		dir = nbd ? nbd_aio_get_direction(nbd) : 0;
	}
	if (nbd) {
		fds[1].fd = nbd_aio_get_fd(nbd);
		fds[1].events = (dir & LIBNBD_AIO_DIRECTION_READ ? POLLIN : 0) |
				(dir & LIBNBD_AIO_DIRECTION_WRITE ? POLLOUT : 0);
	}
	poll(fds, 2, sent || waiting || !ready ? TICK_MS : -1);
	if (fds[1].revents & (POLLIN | POLLHUP | POLLERR) && dir & LIBNBD_AIO_DIRECTION_READ)
		nbd_aio_notify_read(nbd);
	else if (fds[1].revents & (POLLOUT | POLLHUP | POLLERR) && dir & LIBNBD_AIO_DIRECTION_WRITE)
		nbd_aio_notify_write(nbd);
	if (nbd)
		take_answers();
	check_connection();
	if (fds[0].revents)
		take_command();
	fail_expired();
}

/*
 * Get the value of a parameter such as "...tls-psk-file=PATH&...", to be freed; NULL if it is
 * missing.
 */
static char *file_parameter(const char *key)
{
	const char *at = strstr(address, key);

	return at ? strndup(at + strlen(key), strcspn(at + strlen(key), "&#")) : NULL;
}

/* ---- certificates -------------------------------------------------------------------------- */

/* Whether this libnbd refuses a server if it finds no authority's certificate. */
static bool library_is_strict(void)
{
	struct nbd_handle *h = nbd_create();
	unsigned int major = 0, minor = 0, patch = 0;

	if (h && nbd_get_version(h))
		sscanf(nbd_get_version(h), "%u.%u.%u", &major, &minor, &patch);
	nbd_close(h);
	return major > 1 || minor > 20 || (minor == 20 && patch >= 2) ||
	       (minor == 18 && patch >= 5);
}

/* The directory in which libnbd looks for certificates, to be freed. */
static char *certificates_dir(void)
{
	char *dir = file_parameter("tls-certificates=");

	if (dir)
		return dir;
	if (!geteuid())
		return strdup("/etc/pki/libnbd");
	return asprintf(&dir, "%s/.pki/libnbd", getenv("HOME") ? getenv("HOME") : "") < 0 ? NULL :
	       dir;
}

/*
 * libnbd before 1.18.5 and 1.20.2 accepts every server if it has no certificate of an
 * authority (CVE-2024-7383).
 */
static void check_authority(void)
{
	bool unix_socket = !strncmp(address, "nbds+unix", 9);
	char *dir, *file;

	if (strncmp(address, "nbds", 4) || unix_socket || strstr(address, "tls-psk-file=") ||
	    strstr(address, "tls-verify-peer=false") || library_is_strict())
		return;
	dir = certificates_dir();
	if (!dir || asprintf(&file, "%s/ca-cert.pem", dir) < 0)
		serve_refuse(&serve, ENOMEM, "out of memory");
	if (access(file, R_OK))
		serve_refuse(&serve, errno, "%s: %s: the server's certificate cannot be checked without that of its authority; name the directory with ca-cert.pem by ?tls-certificates=/DIR",
			     file, strerror(errno));
	free(file);
	free(dir);
}

static void enter_sandbox(void)
{
	static char pki[4096];
	const char *home = getenv("HOME");
	struct sandbox_path paths[24] = {
		SERVE_NET_PATHS, { .path = pki }, { .path = "/etc/gnutls" },
		{ .path = "/etc/crypto-policies" }, { .path = "/usr/share/crypto-policies" },
	};
	size_t nr = 0;

	snprintf(pki, sizeof(pki), "%s/.pki", home ? home : "");
	while (paths[nr].path)
		nr++;
	paths[nr].path = file_parameter("tls-psk-file=");
	nr += paths[nr].path != NULL;
	paths[nr].path = file_parameter("tls-certificates=");
	nr += paths[nr].path != NULL;
	serve_sandbox(&serve, SANDBOX_NET, paths, nr);
}

int main(void)
{
	uint64_t end;

	serve_start(&serve, "anyfs-source-nbd");
	address = serve_setting(&serve, "address", 0);
	timeout = serve_number(&serve, "timeout", TIMEOUT_S) * 1000000000ull;
	if (!address)
		serve_refuse(&serve, EINVAL, "no address was given");
	enter_sandbox();
	check_authority();
	/* Report a missing server after a few tries. */
	end = now_ns() + (timeout < 5000000000ull ? timeout : 5000000000ull);
	while (!was_ready && now_ns() < end)
		step(false);
	if (!was_ready)
		serve_refuse(&serve, EIO, "%s", reason);
	serve_accept(&serve);
	for (;;)
		step(true);
}
