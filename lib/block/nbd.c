// SPDX-License-Identifier: GPL-2.0
/*
 * nbd.c - a blockdev that an NBD server serves, over a connected socket
 *
 * The server is a program of tools/sources, which may use the network, or qemu-storage-daemon.
 * This client uses no other library: it runs in the process of the kernel, in the sandbox, and
 * needs nothing but the socket.
 *
 * Threads start with the first request.  Before that, read_now() serves a
 * program that has not entered its sandbox yet, on the calling thread.
 */
#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "error.h"
#include "nbd.h"
#include "os.h"
#include "remote.h"

#define NONE	UINT32_MAX

int nbd_entry_get(struct nbd *nbd, struct lkl_block_req *req, uint32_t *index)
{
	struct nbd_pending *p;

	if (nbd->free == nbd->nr) {
		struct nbd_pending **table = &nbd->table[nbd->nr / NBD_ENTRIES];

		if (nbd->nr == NBD_TABLES * NBD_ENTRIES)
			return -ENOMEM;
		if (!*table && !(*table = calloc(NBD_ENTRIES, sizeof(**table))))
			return -ENOMEM;
		nbd_entry(nbd, nbd->nr)->next_free = nbd->nr + 1;
		nbd->nr++;
	}
	*index = nbd->free;
	p = nbd_entry(nbd, *index);
	nbd->free = p->next_free;
	p->req = req;
	p->op = req->op;
	p->used = true;
	p->generation++;
	p->done = 0;
	p->status = 0;
	return 0;
}

void nbd_entry_put(struct nbd *nbd, uint32_t index)
{
	struct nbd_pending *p = nbd_entry(nbd, index);

	p->used = false;
	p->req = NULL;
	p->next_free = nbd->free;
	nbd->free = index;
}

/* Lock held. */
static void fail_requests(struct nbd *nbd)
{
	for (uint32_t i = 0; i < nbd->nr; i++) {
		struct lkl_block_req *req = nbd_entry(nbd, i)->req;

		if (!nbd_entry(nbd, i)->used)
			continue;
		nbd_entry_put(nbd, i);
		if (!req)
			continue;
		pthread_mutex_unlock(&nbd->lock);
		blockdev_complete(req, -EIO);
		pthread_mutex_lock(&nbd->lock);
	}
}

static void note_death(struct nbd *nbd)
{
	char text[512];

	snprintf(text, sizeof(text), nbd->hung ?
		 "%s: the process that serves it does not answer; all further reads and writes fail" :
		 "%s: the process that serves it has ended or broken the protocol; all further reads and writes fail",
		 nbd->bd.name);
	nbd->note(nbd->note_data, text);
}

void nbd_die(struct nbd *nbd)
{
	bool tell;

	pthread_mutex_lock(&nbd->lock);
	tell = !nbd->closing && !nbd->dead_noted && nbd->note;
	nbd->dead_noted = true;
	nbd->dead = true;
	nbd->receiving = NONE;
	pthread_cond_broadcast(&nbd->work);
	pthread_mutex_unlock(&nbd->lock);
	if (tell)			/* before a failed request ends the program */
		note_death(nbd);
	pthread_mutex_lock(&nbd->lock);
	fail_requests(nbd);
	pthread_mutex_unlock(&nbd->lock);
}

/* Lock held. */
static int start_threads(struct nbd *nbd)
{
	int err = 0;

	if (!nbd->has_receiver) {
		err = os_thread_start(&nbd->receiver, nbd_receiver, nbd);
		nbd->has_receiver = !err;
	}
	if (!err && !nbd->has_sender) {
		err = os_thread_start(&nbd->sender, nbd_sender, nbd);
		nbd->has_sender = !err;
	}
	return err;
}

/* Send @req.  With @threads, threads receive the reply; else the caller does.  0 or -errno. */
static int start_request(struct nbd *nbd, struct lkl_block_req *req, bool threads)
{
	uint32_t index;
	int err;

	pthread_mutex_lock(&nbd->lock);
	err = nbd->dead ? -EIO : threads ? start_threads(nbd) : 0;
	if (!err)
		err = nbd_entry_get(nbd, req, &index);
	if (!err) {
		err = nbd_queue(nbd, index);
		if (err)
			nbd_entry_put(nbd, index);
		else
			nbd_send_some(nbd);	/* the receiver detects a broken connection */
	}
	pthread_mutex_unlock(&nbd->lock);
	return err;
}

static int nbd_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	bool empty = !req->len && req->op != LKL_BLK_FLUSH;	/* servers refuse such requests */
	int err = empty ? 0 : start_request((struct nbd *)bd, req, true);

	if (!err && !empty)
		return BLOCKDEV_KEPT;
	req->status = err;
	return BLOCKDEV_DONE;
}

static void set_flag(struct lkl_block_req *req)
{
	*(bool *)req->submitter = true;
}

static int nbd_read_now(struct blockdev *bd, void *buf, size_t len, uint64_t offset)
{
	struct nbd *nbd = (struct nbd *)bd;
	bool done = false;
	struct lkl_block_iov iov = { buf, len };
	struct lkl_block_req req = {
		.op = LKL_BLK_READ, .iov = &iov, .nr_iov = 1, .offset = offset, .len = len,
		.done = set_flag, .submitter = &done,
	};
	int err;

	if (pthread_mutex_trylock(&nbd->receive_lock))
		return -EAGAIN;
	err = start_request(nbd, &req, false);
	while (!err && !done)
		if (nbd_receive_one(nbd))
			nbd_die(nbd);
	pthread_mutex_unlock(&nbd->receive_lock);
	return err ? err : req.status;
}

static void free_request(struct lkl_block_req *req)
{
	free(req);
}

int nbd_release(struct nbd *nbd, uint64_t token)
{
	struct lkl_block_req *req = calloc(1, sizeof(*req));
	int err;

	if (!req)
		return -ENOMEM;
	req->op = NBD_OP_RELEASE;
	req->offset = token;
	req->done = free_request;
	err = start_request(nbd, req, false);
	if (err)
		free(req);
	return err;
}

static void nbd_prefetch(struct blockdev *bd, uint64_t offset, uint64_t len)
{
	struct nbd *nbd = (struct nbd *)bd;
	struct lkl_block_req *req = nbd->export.flags & NBD_SEND_CACHE && len ?
				    calloc(1, sizeof(*req)) : NULL;

	if (!req)
		return;
	req->op = NBD_OP_CACHE;
	req->offset = offset;
	req->len = len;
	req->done = free_request;
	if (start_request(nbd, req, false))
		free(req);
}

/* Whether the request of entry @p may be cancelled: no thread uses its buffers. */
static bool is_free(const struct nbd *nbd, const struct nbd_pending *p, uint32_t index)
{
	return !p->sending && nbd->receiving != index;
}

static void nbd_cancel(struct blockdev *bd, struct lkl_block_req *req)
{
	struct nbd *nbd = (struct nbd *)bd;

	pthread_mutex_lock(&nbd->lock);
	for (uint32_t i = 0; i < nbd->nr; i++) {
		struct nbd_pending *p = nbd_entry(nbd, i);
		struct lkl_block_req *canceled = p->req;

		if (!p->used || !canceled || (req && canceled != req) || !is_free(nbd, p, i))
			continue;
		p->req = NULL;
		pthread_mutex_unlock(&nbd->lock);
		blockdev_complete(canceled, -ECANCELED);
		pthread_mutex_lock(&nbd->lock);
	}
	/* The data of a cancelled request arrives, and might never end: break the connection. */
	if (!req && nbd->receiving != NONE && nbd_entry(nbd, nbd->receiving)->req)
		shutdown(nbd->fd, SHUT_RDWR);
	pthread_mutex_unlock(&nbd->lock);
}

struct status_wait {
	struct nbd_status status;
	sem_t done;
};

static void post_status(struct lkl_block_req *req)
{
	sem_post(&((struct status_wait *)req->submitter)->done);
}

/* Ask the server for the states of ranges.  Returns the number of extents; 0: failure. */
static unsigned int ask_status(struct nbd *nbd, uint64_t offset, uint64_t len,
			       struct blockdev_extent *extents, unsigned int max)
{
	struct status_wait w = { .status = { .extents = extents, .max = max } };
	struct lkl_block_req req = {
		.op = NBD_OP_STATUS, .offset = offset, .done = post_status, .submitter = &w,
		.len = len < NBD_RANGE_MAX ? len : NBD_RANGE_MAX,
	};

	sem_init(&w.done, 0, 0);
	if (!start_request(nbd, &req, true)) {
		while (sem_wait(&w.done) < 0)
			;	/* EINTR */
		if (req.status)
			w.status.nr = 0;
	}
	sem_destroy(&w.done);
	return w.status.nr;
}

static int nbd_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
		       struct blockdev_extent *extents, unsigned int max)
{
	struct nbd *nbd = (struct nbd *)bd;
	unsigned int nr = 0, keep;
	uint64_t total = 0;

	/* The file may end within the last sector: report that sector as data. */
	if (nbd->export.can_extents && offset + len <= nbd->export.size)
		nr = ask_status(nbd, offset, len, extents, max);
	for (keep = 0; keep < nr && total < len; keep++) {
		if (extents[keep].len > len - total)
			extents[keep].len = len - total;
		total += extents[keep].len;
	}
	if (!keep)
		extents[keep++] = (struct blockdev_extent){ .len = len };
	return keep;
}

static void unmap(const uint8_t *memory, uint64_t len)
{
	if (memory)
		munmap((void *)memory, len);
}

static void free_nbd(struct nbd *nbd)
{
	for (uint32_t i = 0; i < NBD_TABLES; i++)
		free(nbd->table[i]);
	free(nbd->line.entries);
	free(nbd->buffer);
	unmap(nbd->memory, nbd->memory_len);
	pthread_cond_destroy(&nbd->work);
	pthread_mutex_destroy(&nbd->lock);
	pthread_mutex_destroy(&nbd->receive_lock);
	free(nbd);
}

/* Send the disconnect command, unless the connection is broken. */
static void send_disconnect(struct nbd *nbd)
{
	uint8_t disc[NBD_REQUEST_BYTES] = { 0 };

	nbd_put32(disc, NBD_REQUEST_MAGIC);
	disc[7] = NBD_CMD_DISC;
	if (!nbd->dead && nbd->buffer_pos == nbd->buffer_len)
		send(nbd->fd, disc, sizeof(disc), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void nbd_close(struct blockdev *bd)
{
	struct nbd *nbd = (struct nbd *)bd;
	char last;

	pthread_mutex_lock(&nbd->lock);
	nbd->closing = true;
	send_disconnect(nbd);
	pthread_cond_broadcast(&nbd->work);
	shutdown(nbd->fd, SHUT_RDWR);
	pthread_mutex_unlock(&nbd->lock);
	if (nbd->has_sender)
		pthread_join(nbd->sender, NULL);
	if (nbd->has_receiver)
		pthread_join(nbd->receiver, NULL);
	/* Wait for the program that serves a writable image; it ends when all is written. */
	if (nbd->control >= 0) {
		shutdown(nbd->control, SHUT_WR);
		while (read(nbd->control, &last, 1) > 0)
			;
		close(nbd->control);
	}
	close(nbd->fd);
	free_nbd(nbd);
}

static const struct blockdev_ops nbd_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "nbd",
	.submit = nbd_submit,
	.cancel = nbd_cancel,
	.extents = nbd_extents,
	.read_now = nbd_read_now,
	.prefetch = nbd_prefetch,
	.close = nbd_close,
};

static void set_limits(struct nbd *nbd, bool write)
{
	struct blockdev *bd = &nbd->bd;
	const struct nbd_export *e = &nbd->export;
	uint16_t flags = write ? e->flags : 0;

	bd->limits.logical_block = e->min_block > 512 && e->min_block <= 4096 ? e->min_block : 512;
	bd->limits.physical_block = 4096;
	bd->limits.io_opt = 1 << 20;
	bd->limits.discard_granularity = bd->limits.logical_block;
	bd->can_write = write;
	bd->can_flush = flags & NBD_SEND_FLUSH;
	bd->can_fua = flags & NBD_SEND_FUA;
	bd->can_discard = flags & NBD_SEND_TRIM;
	bd->can_zero = flags & NBD_SEND_WRITE_ZEROES;
	bd->is_remote = true;
	/* Writes at the end must be stored, so the size is rounded down to whole sectors. */
	bd->capacity = e->size / bd->limits.logical_block * bd->limits.logical_block;
	if (!write && bd->capacity < e->size) {
		bd->capacity += bd->limits.logical_block;
		bd->tail = bd->capacity - e->size;
	}
}

static struct nbd *new_nbd(const struct nbd_server *server)
{
	struct nbd *nbd = calloc(1, sizeof(*nbd));

	if (!nbd)
		return NULL;
	nbd->fd = server->fd;
	nbd->control = server->control;
	nbd->memory = server->memory;
	nbd->memory_len = server->memory_len;
	nbd->note = server->note;
	nbd->note_data = server->note_data;
	nbd->receiving = NONE;
	pthread_mutex_init(&nbd->lock, NULL);
	pthread_mutex_init(&nbd->receive_lock, NULL);
	pthread_cond_init(&nbd->work, NULL);
	nbd->buffer = malloc(NBD_BUFFER);
	if (!nbd->buffer || blockdev_init(&nbd->bd, &nbd_ops, server->name) < 0) {
		free_nbd(nbd);
		return NULL;
	}
	return nbd;
}

static int check_export(const struct nbd *nbd, bool write)
{
	const char *name = nbd->bd.name;

	if (!nbd->export.size)
		return error_set(-ENODATA, "%s: is empty", name);
	if (nbd->export.size > INT64_MAX)
		return error_set(-EFBIG, "%s: the server says that it has %llu bytes", name,
				 (unsigned long long)nbd->export.size);
	if (nbd->export.size < 512)
		return error_set(-EINVAL, "%s: is shorter than a sector of 512 bytes", name);
	if (nbd->export.min_block > 4096)
		return error_set(-EOPNOTSUPP, "%s: has blocks of %u bytes; at most 4096 are supported",
				 name, nbd->export.min_block);
	if (write && (nbd->export.flags & NBD_READ_ONLY))
		return error_set(-EROFS, "%s: the server allows only reading; keep changes in an overlay (--overlay FILE)",
				 name);
	return 0;
}

/* Reads from the socket fail with EAGAIN after @seconds; 0: never. */
static void limit_silence(int fd, unsigned int seconds)
{
	const struct timeval limit = { .tv_sec = seconds };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

int nbd_open(const struct nbd_server *server, bool write, struct blockdev **bd)
{
	struct nbd *nbd = new_nbd(server);
	int err;

	if (!nbd) {
		unmap(server->memory, server->memory_len);
		close(server->fd);
		if (server->control >= 0)
			close(server->control);
		return error_set(-ENOMEM, "%s: out of memory", server->name);
	}
	limit_silence(nbd->fd, server->silence_s);
	err = nbd_handshake(nbd->fd, server->name, server->export_name ? server->export_name : "",
			    &nbd->export);
	if (!err)
		err = check_export(nbd, write);
	if (err) {
		blockdev_close(&nbd->bd);
		return err;
	}
	set_limits(nbd, write);
	nbd->bd.has_cache = server->has_cache;
	*bd = &nbd->bd;
	return 0;
}
