// SPDX-License-Identifier: GPL-2.0
/*
 * nbd-send.c - send the commands of the NBD client
 *
 * Commands are queued, and copied to a buffer.  The submitting thread sends as much as the
 * socket accepts at once; a thread of the client sends the rest, because submitting must not
 * wait.  send() is used because it can suppress SIGPIPE.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "nbd.h"

static int line_add(struct nbd_line *line, uint32_t index)
{
	if (line->nr == line->room) {
		uint32_t room = line->room ? 2 * line->room : 64;
		uint32_t *entries = malloc(room * sizeof(*entries));

		if (!entries)
			return -ENOMEM;
		for (uint32_t i = 0; i < line->nr; i++)
			entries[i] = line->entries[(line->first + i) % line->room];
		free(line->entries);
		line->entries = entries;
		line->first = 0;
		line->room = room;
	}
	line->entries[(line->first + line->nr++) % line->room] = index;
	return 0;
}

static void line_drop_first(struct nbd_line *line)
{
	line->first = (line->first + 1) % line->room;
	line->nr--;
}

/* Choose the part of the request for the next command. */
static void choose_step(const struct nbd *nbd, struct nbd_pending *p)
{
	const struct lkl_block_req *req = p->req;
	uint64_t max = req->op == LKL_BLK_READ || req->op == LKL_BLK_WRITE ? NBD_STEP_MAX :
		       NBD_RANGE_MAX;
	uint64_t left = req->len - p->done, at = req->offset + p->done;

	if (nbd->export.max_block && max > nbd->export.max_block && max == NBD_STEP_MAX)
		max = nbd->export.max_block;
	p->step = left < max ? left : max;
	p->received = 0;
	p->zeros = 0;
	if (req->op == NBD_OP_RELEASE)
		return;
	/* The file may end within the last sector. */
	if (req->op != LKL_BLK_FLUSH && at + p->step > nbd->export.size) {
		p->zeros = at + p->step - nbd->export.size;
		p->step -= p->zeros;
	}
}

int nbd_queue(struct nbd *nbd, uint32_t index)
{
	int err = line_add(&nbd->line, index);

	if (!err) {
		nbd_entry(nbd, index)->sending = true;
		choose_step(nbd, nbd_entry(nbd, index));
	}
	return err;
}

static uint16_t command_type(const struct lkl_block_req *req)
{
	switch (req->op) {
	case LKL_BLK_READ:
		return NBD_CMD_READ;
	case LKL_BLK_WRITE:
		return NBD_CMD_WRITE;
	case LKL_BLK_FLUSH:
		return NBD_CMD_FLUSH;
	case LKL_BLK_DISCARD:
		return NBD_CMD_TRIM;
	case NBD_OP_STATUS:
		return NBD_CMD_BLOCK_STATUS;
	case NBD_OP_CACHE:
		return NBD_CMD_CACHE;
	case NBD_OP_RELEASE:
		return NBD_CMD_RELEASE;
	default:
		return NBD_CMD_WRITE_ZEROES;
	}
}

static void put_header(struct nbd *nbd, uint32_t index)
{
	const struct nbd_pending *p = nbd_entry(nbd, index);
	const struct lkl_block_req *req = p->req;
	uint16_t flags = 0;
	uint8_t *at = nbd->buffer + nbd->buffer_len;
	bool is_flush = req->op == LKL_BLK_FLUSH;

	if (req->op < NBD_OP_STATUS && (req->flags & LKL_BLK_FUA))
		flags |= NBD_CMD_FLAG_FUA;
	if (req->op == LKL_BLK_ZERO && (req->flags & LKL_BLK_NOUNMAP))
		flags |= NBD_CMD_FLAG_NO_HOLE;
	at = nbd_put16(nbd_put32(at, NBD_REQUEST_MAGIC), flags);
	at = nbd_put64(nbd_put16(at, command_type(req)), (uint64_t)p->generation << 32 | index);
	nbd_put32(nbd_put64(at, is_flush ? 0 : req->offset + p->done), is_flush ? 0 : p->step);
	nbd->buffer_len += NBD_REQUEST_BYTES;
}

/* Copy data of the first command to the buffer, from byte @nbd->sent on. */
static void put_data(struct nbd *nbd, const struct nbd_pending *p)
{
	uint64_t skip = p->done + nbd->sent;

	for (uint32_t i = 0; i < p->req->nr_iov && nbd->buffer_len < NBD_BUFFER; i++) {
		const struct lkl_block_iov *iov = &p->req->iov[i];
		uint64_t n = iov->len;

		if (skip >= n) {
			skip -= n;
			continue;
		}
		n -= skip;
		if (n > NBD_BUFFER - nbd->buffer_len)
			n = NBD_BUFFER - nbd->buffer_len;
		if (n > p->step - nbd->sent)
			n = p->step - nbd->sent;
		memcpy(nbd->buffer + nbd->buffer_len, (const char *)iov->base + skip, n);
		nbd->buffer_len += n;
		nbd->sent += n;
		skip = 0;
		if (nbd->sent == p->step)
			return;
	}
}

/* Fill the buffer with queued commands. */
static void fill_buffer(struct nbd *nbd)
{
	nbd->buffer_pos = nbd->buffer_len = 0;
	while (nbd->line.nr && nbd->buffer_len + NBD_REQUEST_BYTES < NBD_BUFFER) {
		uint32_t index = nbd->line.entries[nbd->line.first];
		struct nbd_pending *p = nbd_entry(nbd, index);

		if (!nbd->head_begun)
			put_header(nbd, index);
		nbd->head_begun = true;
		if (p->req->op == LKL_BLK_WRITE)
			put_data(nbd, p);
		if (p->req->op == LKL_BLK_WRITE && nbd->sent < p->step)
			return;
		p->sending = false;
		nbd->head_begun = false;
		nbd->sent = 0;
		line_drop_first(&nbd->line);
		if (p->op == NBD_OP_RELEASE) {
			free(p->req);
			nbd_entry_put(nbd, index);
		}
	}
}

int nbd_send_some(struct nbd *nbd)
{
	while (!nbd->dead) {
		ssize_t n;

		if (nbd->buffer_pos == nbd->buffer_len)
			fill_buffer(nbd);
		if (nbd->buffer_pos == nbd->buffer_len)
			break;
		n = send(nbd->fd, nbd->buffer + nbd->buffer_pos,
			 nbd->buffer_len - nbd->buffer_pos, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			nbd->want_sender = true;
			pthread_cond_signal(&nbd->work);
			return 0;
		}
		if (n < 0)
			return -EIO;
		nbd->buffer_pos += n;
	}
	nbd->want_sender = false;
	return 0;
}

void *nbd_sender(void *data)
{
	struct nbd *nbd = data;

	pthread_mutex_lock(&nbd->lock);
	while (!nbd->closing && !nbd->dead) {
		struct pollfd fd = { .fd = nbd->fd, .events = POLLOUT };

		if (!nbd->want_sender) {
			pthread_cond_wait(&nbd->work, &nbd->lock);
			continue;
		}
		pthread_mutex_unlock(&nbd->lock);
		poll(&fd, 1, -1);
		pthread_mutex_lock(&nbd->lock);
		/* The receiver detects a broken connection. */
		if (nbd_send_some(nbd))
			break;
	}
	pthread_mutex_unlock(&nbd->lock);
	return NULL;
}
