// SPDX-License-Identifier: GPL-2.0
/*
 * nbd-receive.c - receive the server's replies to the commands of the NBD client
 *
 * One thread at a time receives, and reads data directly into the buffers of the request, or copies
 * them from shared memory.  The server is not trusted: a reply that fits no command, or data
 * outside of the requested range or the memory, ends the connection.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "error.h"
#include "nbd.h"
#include "socket.h"

#define IOV_STEP	64
#define TEXT_MAX	1024u

static int receive_bytes(struct nbd *nbd, void *data, size_t len)
{
	return socket_receive(nbd->fd, data, len);
}

static int discard_bytes(struct nbd *nbd, uint64_t len)
{
	int err = 0;

	while (len && !err) {
		size_t step = len < sizeof(nbd->scratch) ? len : sizeof(nbd->scratch);

		err = receive_bytes(nbd, nbd->scratch, step);
		len -= step;
	}
	return err;
}

/*
 * Describe bytes [@from, @from + @len) of the buffers of @req by iovecs; returns the number of
 * bytes.
 */
static size_t find_buffers(const struct lkl_block_req *req, uint64_t from, uint64_t len,
			   struct iovec *iov, int *nr)
{
	size_t total = 0;

	*nr = 0;
	for (uint32_t i = 0; i < req->nr_iov && *nr < IOV_STEP && total < len; i++) {
		uint64_t n = req->iov[i].len;

		if (from >= n) {
			from -= n;
			continue;
		}
		n -= from;
		if (n > len - total)
			n = len - total;
		iov[*nr].iov_base = (char *)req->iov[i].base + from;
		iov[(*nr)++].iov_len = n;
		total += n;
		from = 0;
	}
	return total;
}

static int receive_data(struct nbd *nbd, const struct lkl_block_req *req, uint64_t from,
			uint64_t len)
{
	struct iovec iov[IOV_STEP];
	int nr;

	while (len) {
		ssize_t n;

		if (!find_buffers(req, from, len, iov, &nr))
			return -EIO;
		n = readv(nbd->fd, iov, nr);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -EIO;
		from += n;
		len -= n;
	}
	return 0;
}

/* Copy @len bytes of the shared memory, which the server can change at any time. */
static int copy_data(const struct lkl_block_req *req, uint64_t to, const uint8_t *from,
		     uint64_t len)
{
	struct iovec iov[IOV_STEP];
	int nr;

	while (len) {
		size_t n = find_buffers(req, to, len, iov, &nr);

		if (!n)
			return -EIO;
		for (int i = 0; i < nr; i++) {
			memcpy(iov[i].iov_base, from, iov[i].iov_len);
			from += iov[i].iov_len;
		}
		to += n;
		len -= n;
	}
	return 0;
}

static void clear_data(const struct lkl_block_req *req, uint64_t from, uint64_t len)
{
	struct iovec iov[IOV_STEP];
	int nr;

	while (len) {
		size_t n = find_buffers(req, from, len, iov, &nr);

		if (!n)
			return;
		for (int i = 0; i < nr; i++)
			memset(iov[i].iov_base, 0, iov[i].iov_len);
		from += n;
		len -= n;
	}
}

/* Mark the entry of @cookie as being received, and return it; NULL if there is none. */
static struct nbd_pending *begin_reply(struct nbd *nbd, uint64_t cookie, struct lkl_block_req **req)
{
	uint32_t index = (uint32_t)cookie;
	struct nbd_pending *p = NULL;

	pthread_mutex_lock(&nbd->lock);
	if (index < nbd->nr && nbd_entry(nbd, index)->used && !nbd_entry(nbd, index)->sending &&
	    nbd_entry(nbd, index)->generation == cookie >> 32) {
		p = nbd_entry(nbd, index);
		*req = p->req;
		nbd->receiving = index;
	}
	pthread_mutex_unlock(&nbd->lock);
	return p;
}

/* The command of entry @index has ended: send the next part of the request, or complete it. */
static int end_command(struct nbd *nbd, uint32_t index)
{
	struct lkl_block_req *req;
	struct nbd_pending *p;
	int status = 0, err = 0;

	pthread_mutex_lock(&nbd->lock);
	nbd->receiving = UINT32_MAX;
	p = nbd_entry(nbd, index);
	req = p->req;
	status = p->status;
	if (req && req->op == LKL_BLK_READ && !status) {
		if (p->received != p->step)
			status = -EIO;
		clear_data(req, p->done + p->step, p->zeros);
	}
	p->done += p->step + p->zeros;
	if (req && !status && req->op < NBD_OP_STATUS && req->op != LKL_BLK_FLUSH &&
	    p->done < req->len && !nbd_queue(nbd, index)) {
		err = nbd_send_some(nbd);
		req = NULL;
	} else {
		if (req && !status && req->op < NBD_OP_STATUS && req->op != LKL_BLK_FLUSH &&
		    p->done < req->len)
			status = -ENOMEM;
		nbd_entry_put(nbd, index);
	}
	pthread_mutex_unlock(&nbd->lock);
	if (req && !status && (req->op == LKL_BLK_READ || req->op == LKL_BLK_WRITE))
		nbd->error_noted = false;
	if (req)
		blockdev_complete(req, status);
	return err;
}

static void pause_entry(struct nbd *nbd)
{
	pthread_mutex_lock(&nbd->lock);
	nbd->receiving = UINT32_MAX;
	pthread_mutex_unlock(&nbd->lock);
}

static int status_of(uint32_t error)
{
	switch (error) {
	case 0:
		return 0;
	case 1:
		return -EPERM;
	case 12:
		return -ENOMEM;
	case 22:
		return -EINVAL;
	case 28:
		return -ENOSPC;
	case 95:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

static int simple_reply(struct nbd *nbd, const uint8_t *head)
{
	uint64_t cookie = get_be64(head + 8);
	struct lkl_block_req *req;
	struct nbd_pending *p = begin_reply(nbd, cookie, &req);
	uint32_t index = (uint32_t)cookie, step;
	int err = 0;

	if (!p)
		return -EPROTO;
	step = p->step;
	p->status = status_of(get_be32(head + 4));
	if (!p->status && req && req->op == LKL_BLK_READ) {
		err = receive_data(nbd, req, p->done, step);
		nbd_entry(nbd, index)->received = step;
	} else if (!p->status && p->op == LKL_BLK_READ) {
		err = discard_bytes(nbd, step);	/* no caller waits for it */
	}
	return err ? err : end_command(nbd, index);
}

/* ---- chunks ------------------------------------------------------------------ */

/* Set *@at to the position of @offset in @req.  -EPROTO: the command @p lacks these bytes. */
static int place_chunk(const struct nbd_pending *p, const struct lkl_block_req *req,
		       uint64_t offset, uint32_t len, uint64_t *at)
{
	uint64_t first = req->offset + p->done;

	if (req->op != LKL_BLK_READ || offset < first || offset - first > p->step ||
	    len > p->step - (offset - first))
		return -EPROTO;
	*at = offset - req->offset;
	return 0;
}

static int data_chunk(struct nbd *nbd, uint32_t index, struct lkl_block_req *req, uint32_t len)
{
	uint8_t head[8];
	uint64_t at;
	int err = len < sizeof(head) ? -EPROTO : receive_bytes(nbd, head, sizeof(head));

	if (err || !req)
		return err ? err : discard_bytes(nbd, len - sizeof(head));
	len -= sizeof(head);
	err = place_chunk(nbd_entry(nbd, index), req, get_be64(head), len, &at);
	if (!err)
		err = receive_data(nbd, req, at, len);
	if (!err)
		nbd_entry(nbd, index)->received += len;
	return err;
}

/* Copy @len bytes at @from of the shared memory, the bytes at @offset of the disk. */
static int memory_range(struct nbd *nbd, uint32_t index, const struct lkl_block_req *req,
			uint64_t offset, uint64_t from, uint32_t len)
{
	uint64_t at;
	int err = from > nbd->memory_len || len > nbd->memory_len - from ? -EPROTO :
		  place_chunk(nbd_entry(nbd, index), req, offset, len, &at);

	if (!err)
		err = copy_data(req, at, nbd->memory + from, len);
	if (!err)
		nbd_entry(nbd, index)->received += len;
	return err;
}

static int memory_chunk(struct nbd *nbd, uint32_t index, const struct lkl_block_req *req,
			uint32_t len)
{
	uint8_t data[NBD_MEMORY_HEAD + NBD_MEMORY_RANGES * NBD_MEMORY_RANGE];
	uint64_t offset;
	int err;

	if (!nbd->memory || len < NBD_MEMORY_HEAD || len > sizeof(data) ||
	    (len - NBD_MEMORY_HEAD) % NBD_MEMORY_RANGE)
		return -EPROTO;
	err = receive_bytes(nbd, data, len);
	if (err)
		return err;
	offset = get_be64(data + 8);
	for (uint8_t *p = data + NBD_MEMORY_HEAD; req && p < data + len; p += NBD_MEMORY_RANGE) {
		err = memory_range(nbd, index, req, offset, get_be64(p), get_be32(p + 8));
		if (err)
			return err;
		offset += get_be32(p + 8);
	}
	return nbd_release(nbd, get_be64(data));
}

static int hole_chunk(struct nbd *nbd, uint32_t index, struct lkl_block_req *req, uint32_t len)
{
	uint8_t data[12];
	uint64_t at;
	int err = len != sizeof(data) ? -EPROTO : receive_bytes(nbd, data, sizeof(data));

	if (err || !req)
		return err;
	err = place_chunk(nbd_entry(nbd, index), req, get_be64(data), get_be32(data + 8), &at);
	if (!err) {
		clear_data(req, at, get_be32(data + 8));
		nbd_entry(nbd, index)->received += get_be32(data + 8);
	}
	return err;
}

static int status_chunk(struct nbd *nbd, struct lkl_block_req *req, uint32_t len)
{
	struct nbd_status *status = req && req->op == NBD_OP_STATUS ? req->submitter : NULL;
	uint8_t data[8];
	int err = len < 4 || (len - 4) % 8 ? -EPROTO : receive_bytes(nbd, data, 4);
	bool ours = get_be32(data) == nbd->export.context;

	for (len -= 4; !err && len; len -= 8) {
		err = receive_bytes(nbd, data, 8);
		if (err || !ours || !status || status->nr == status->max || !get_be32(data))
			continue;
		status->extents[status->nr++] = (struct blockdev_extent){
			.len = get_be32(data),
			.flags = (get_be32(data + 4) & NBD_STATE_ZERO ? BLOCKDEV_EXTENT_ZERO : 0) |
				 (get_be32(data + 4) & NBD_STATE_HOLE ? BLOCKDEV_EXTENT_HOLE : 0),
		};
	}
	return err;
}

/* Report the server's error text, but only once. */
static void report_error(struct nbd *nbd, const char *text)
{
	if (nbd->note && !nbd->error_noted)
		nbd->note(nbd->note_data, text);
	nbd->error_noted = true;
}

static int error_chunk(struct nbd *nbd, uint32_t index, const struct lkl_block_req *req,
		       uint32_t len)
{
	char text[TEXT_MAX], line[TEXT_MAX + 256];
	uint8_t head[6];
	uint32_t n;
	int err = len < sizeof(head) ? -EPROTO : receive_bytes(nbd, head, sizeof(head));

	if (err)
		return err;
	n = get_be16(head + 4);
	if (n > len - sizeof(head) || n >= sizeof(text))
		return -EPROTO;
	err = receive_bytes(nbd, text, n);
	if (!err)
		err = discard_bytes(nbd, len - sizeof(head) - n);
	text[n] = '\0';
	nbd_entry(nbd, index)->status = status_of(get_be32(head));
	if (!nbd_entry(nbd, index)->status)
		nbd_entry(nbd, index)->status = -EIO;
	snprintf(line, sizeof(line), "%s: %s", nbd->bd.name, text);
	/* Do not report errors of read-ahead: the range may never be read. */
	if (!err && n && req && req->op != NBD_OP_CACHE)
		report_error(nbd, line);
	return err;
}

static int receive_chunk(struct nbd *nbd, const uint8_t *head)
{
	uint16_t flags = get_be16(head + 4), type = get_be16(head + 6);
	uint64_t cookie = get_be64(head + 8);
	uint32_t len = get_be32(head + 16), index = (uint32_t)cookie;
	struct lkl_block_req *req;
	int err;

	if (!begin_reply(nbd, cookie, &req))
		return -EPROTO;
	if (type & NBD_CHUNK_IS_ERROR)
		err = error_chunk(nbd, index, req, len);
	else if (type == NBD_CHUNK_OFFSET_DATA)
		err = data_chunk(nbd, index, req, len);
	else if (type == NBD_CHUNK_MEMORY)
		err = memory_chunk(nbd, index, req, len);
	else if (type == NBD_CHUNK_OFFSET_HOLE)
		err = hole_chunk(nbd, index, req, len);
	else if (type == NBD_CHUNK_BLOCK_STATUS)
		err = status_chunk(nbd, req, len);
	else
		err = type == NBD_CHUNK_NONE && !len ? 0 : -EPROTO;
	if (err)
		return err;
	if (flags & NBD_CHUNK_DONE)
		return end_command(nbd, index);
	pause_entry(nbd);
	return 0;
}

/* True if no request waits for an answer. */
static bool is_idle(struct nbd *nbd)
{
	bool idle = true;

	pthread_mutex_lock(&nbd->lock);
	for (uint32_t i = 0; i < nbd->nr && idle; i++)
		idle = !nbd_entry(nbd, i)->used;
	pthread_mutex_unlock(&nbd->lock);
	return idle;
}

/* Receive the header of a message; the time limit applies only while an answer is expected. */
static int receive_head(struct nbd *nbd, uint8_t *head)
{
	int err;

	do
		err = receive_bytes(nbd, head, NBD_SIMPLE_REPLY_BYTES);
	while (err == -EAGAIN && is_idle(nbd));
	nbd->hung = err == -EAGAIN;
	return err;
}

int nbd_receive_one(struct nbd *nbd)
{
	uint8_t head[NBD_CHUNK_BYTES];
	int err = receive_head(nbd, head);

	if (!err && get_be32(head) == NBD_SIMPLE_REPLY_MAGIC)
		return simple_reply(nbd, head);
	if (!err && (get_be32(head) != NBD_CHUNK_MAGIC || !nbd->export.structured))
		err = -EPROTO;
	if (!err)
		err = receive_bytes(nbd, head + NBD_SIMPLE_REPLY_BYTES,
				    NBD_CHUNK_BYTES - NBD_SIMPLE_REPLY_BYTES);
	return err ? err : receive_chunk(nbd, head);
}

void *nbd_receiver(void *data)
{
	struct nbd *nbd = data;

	pthread_mutex_lock(&nbd->receive_lock);
	while (!nbd_receive_one(nbd))
		;
	nbd_die(nbd);
	pthread_mutex_unlock(&nbd->receive_lock);
	return NULL;
}
