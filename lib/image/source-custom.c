// SPDX-License-Identifier: GPL-2.0
/*
 * source-custom.c - images on a disk that the program serves with its own functions
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "options.h"
#include "source.h"

/* Serve a request with several buffers by one call, through one buffer. */
static int serve_scattered(const struct anyfs_custom_disk *c, struct lkl_block_req *req)
{
	char *buf = malloc(req->len), *pos = buf;
	int rc;

	if (!buf)
		return -ENOMEM;
	if (req->op == LKL_BLK_WRITE)
		for (uint32_t i = 0; i < req->nr_iov; pos += req->iov[i++].len)
			memcpy(pos, req->iov[i].base, req->iov[i].len);
	rc = req->op == LKL_BLK_WRITE ? c->write(c->data, buf, req->len, req->offset) :
					c->read(c->data, buf, req->len, req->offset);
	if (req->op == LKL_BLK_READ && !rc)
		for (uint32_t i = 0; i < req->nr_iov; pos += req->iov[i++].len)
			memcpy(req->iov[i].base, pos, req->iov[i].len);
	free(buf);
	return rc;
}

static int custom_request(void *data, struct lkl_block_req *req)
{
	const struct anyfs_custom_disk *c = data;

	if (req->op == LKL_BLK_FLUSH)
		return c->flush ? c->flush(c->data) : 0;
	if (req->nr_iov != 1)
		return serve_scattered(c, req);
	if (req->op == LKL_BLK_READ)
		return c->read(c->data, req->iov->base, req->len, req->offset);
	return c->write(c->data, req->iov->base, req->len, req->offset);
}

static void custom_close(void *data)
{
	struct anyfs_custom_disk *c = data;

	if (c->close)
		c->close(c->data);
	free(c);
}

static const struct callback_ops custom_ops = {
	.request = custom_request,
	.close = custom_close,
};

static int check(const struct anyfs_custom_disk *disk, bool write)
{
	const char *name = disk->name;

	if (!disk->read)
		return error_set(-EINVAL, "%s: the disk has no function to read", name);
	if (disk->capacity < 512)
		return error_set(-EINVAL, "%s: a disk of %llu bytes is too small; it needs at least one sector of 512 bytes",
				 name, (unsigned long long)disk->capacity);
	if (write && !disk->write)
		return error_set(-EROFS, "%s: the disk has no function to write; open it read-only",
				 name);
	return 0;
}

static int open_custom(const struct anyfs_custom_disk *disk, bool write, struct blockdev **bd)
{
	struct anyfs_custom_disk *c = malloc(sizeof(*c));
	char *copy = strdup(disk->name);
	int rc = -ENOMEM;

	if (c && copy) {
		*c = *disk;
		rc = callback_open(&custom_ops, c, disk->capacity & ~511ull, write,
				   disk->threads ? disk->threads : 1, bd);
	} else {
		error_set(rc, "%s: out of memory", disk->name);
	}
	if (rc) {
		free(c);
		free(copy);
		return rc;
	}
	free((*bd)->name);
	(*bd)->name = copy;
	return 0;
}

int anyfs_source_custom(const struct anyfs_custom_disk *given, const struct anyfs_disk_opts *opts,
			struct anyfs_source **source)
{
	bool write = !opts || (!(opts->flags & ANYFS_DISK_READONLY) && !opts->overlay);
	struct anyfs_custom_disk disk;
	struct blockdev *bd;
	int rc = OPTIONS_READ(anyfs_custom_disk, threads, &disk, given);

	if (rc)
		return rc;
	if (!disk.name)
		disk.name = "disk";
	rc = check(&disk, write);
	if (!rc)
		rc = open_custom(&disk, write, &bd);
	if (rc) {
		if (disk.close)
			disk.close(disk.data);
		return rc;
	}
	rc = source_open(&(struct disk_source){ .bd = bd, .fd = -1 }, opts, source);
	blockdev_close(bd);
	return rc;
}
