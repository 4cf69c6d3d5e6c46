// SPDX-License-Identifier: GPL-2.0
/*
 * host.c - joins the image formats of lib/block/format to a JavaScript host
 *
 * The image file is a blockdev whose bytes the host copies into this memory.  If the host does
 * not have them yet, the read fails; the host gets the bytes and calls the exported function
 * again.  So every exported function can be repeated after an error: a function that fails
 * changes nothing except caches.
 *
 * Offsets and sizes cross as doubles, which are exact up to 2^53.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "error.h"
#include "mapped.h"

#define IMPORT(name)	__attribute__((import_module("host"), import_name(#name)))
#define EXPORT(name)	__attribute__((export_name(#name), used))
#define SECTOR		512u
#define NESTED		4u		/* maximum depth of formats in formats */

/* Copy bytes of the image file to @buf.  Returns 0 or -errno. */
IMPORT(read) int js_read(void *buf, size_t len, double offset);

/* ---- the image file ---- */

static int file_read_now(struct blockdev *bd, void *buf, size_t len, uint64_t offset)
{
	uint64_t size = bd->capacity - bd->tail;
	size_t have = offset >= size ? 0 : size - offset < len ? size - offset : len;

	memset((char *)buf + have, 0, len - have);
	return have ? js_read(buf, have, offset) : 0;
}

static int file_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	uint64_t offset = req->offset;

	req->status = 0;
	for (unsigned int i = 0; i < req->nr_iov && !req->status; i++) {
		req->status = file_read_now(bd, req->iov[i].base, req->iov[i].len, offset);
		offset += req->iov[i].len;
	}
	return BLOCKDEV_DONE;
}

static void file_close(struct blockdev *bd)
{
	free(bd);
}

static const struct blockdev_ops file_ops = {
	.size = sizeof(file_ops),
	.kind = "host",
	.submit = file_submit,
	.read_now = file_read_now,
	.close = file_close,
};

static struct blockdev *file_open(const char *name, uint64_t size)
{
	struct blockdev *bd = calloc(1, sizeof(*bd));

	if (!bd || blockdev_init(bd, &file_ops, name) < 0) {
		free(bd);
		return NULL;
	}
	bd->capacity = (size + SECTOR - 1) / SECTOR * SECTOR;
	bd->tail = bd->capacity - size;
	bd->limits.logical_block = SECTOR;
	return bd;
}

/* ---- a pool without threads ---- */

struct block_pool {
	int (*fn)(void *data, struct lkl_block_req *req);
	void *data;
};

int block_pool_create(unsigned int threads, int (*fn)(void *data, struct lkl_block_req *req),
		      void *data, struct block_pool **pool)
{
	*pool = malloc(sizeof(**pool));
	if (!*pool)
		return -ENOMEM;
	**pool = (struct block_pool){ fn, data };
	return 0;
}

bool block_pool_has_threads(void)
{
	return false;
}

void block_pool_submit(struct block_pool *pool, struct lkl_block_req *req)
{
	blockdev_complete(req, pool->fn(pool->data, req));
}

void block_pool_cancel(struct block_pool *pool, struct lkl_block_req *req)
{
	/* Requests are never queued. */
}

void block_pool_destroy(struct block_pool *pool)
{
	free(pool);
}

/* ---- functions that lib/block needs and wasi-libc lacks ---- */

/* Every request is completed while it is submitted, so a semaphore is only a counter. */
int sem_init(sem_t *sem, int shared, unsigned int value)
{
	*(unsigned int *)sem = value;
	return 0;
}

int sem_destroy(sem_t *sem)
{
	return 0;
}

int sem_post(sem_t *sem)
{
	++*(unsigned int *)sem;
	return 0;
}

int sem_wait(sem_t *sem)
{
	if (!*(unsigned int *)sem)
		__builtin_trap();
	--*(unsigned int *)sem;
	return 0;
}

/* No blockdev of this module has a descriptor. */
ssize_t pread(int fd, void *buf, size_t len, off_t offset)
{
	return -1;
}

/* ---- the interface ---- */

/* Result of map(); formats.ts knows its layout. */
struct range {
	uint32_t kind;			/* enum run_kind; RUN_DATA only of the image file itself */
	uint32_t pad;
	double len, offset;
};

static struct blockdev *file;		/* the image; an instance of this module opens one */
static struct blockdev *disk;		/* its content */
static struct range found;

/* Detect the format of @bd; NULL: none.  @err is not 0 if the bytes of @bd cannot be read. */
static const struct format *detect(struct blockdev *bd, int *err)
{
	static uint8_t head[FORMAT_HEAD], tail[FORMAT_TAIL];
	uint64_t size = format_file_size(bd);
	struct format_sample sample = {
		.head = head, .tail = tail, .size = size,
		.head_len = size < FORMAT_HEAD ? size : FORMAT_HEAD,
		.tail_len = size < FORMAT_TAIL ? size : FORMAT_TAIL,
	};

	*err = blockdev_read_bytes(bd, head, sample.head_len, 0);
	if (!*err)
		*err = blockdev_read_bytes(bd, tail, sample.tail_len, size - sample.tail_len);
	return *err ? NULL : format_probe(&sample);
}

static int open_format(const struct format *format, struct blockdev **bd)
{
	static const struct format_options options;
	struct blockdev *upper = NULL;
	int err = format->open(*bd, &options, &upper);

	if (err)
		return err;
	strncpy(upper->format, format->name, sizeof(upper->format) - 1);
	blockdev_close(*bd);
	*bd = upper;
	return 0;
}

static int open_all(struct blockdev **bd, const char *wanted)
{
	const struct format *format;
	int err = 0, nested = 0;

	if (*wanted) {
		format = format_find(wanted);
		if (!format)
			return error_set(-EINVAL, "%s: not a format; formats are %s", wanted,
					 format_names());
		return open_format(format, bd);
	}
	do {
		format = detect(*bd, &err);
		if (format)
			err = open_format(format, bd);
	} while (!err && format && format->container && ++nested < (int)NESTED);
	return err;
}

/* Open an image of @size bytes in format @wanted; "": detect the format.  Returns 0 or -errno. */
EXPORT(open)
int formats_open(const char *name, double size, const char *wanted)
{
	struct blockdev *bd;
	int err;

	file = file_open(name, size);
	if (!file)
		return -ENOMEM;
	error_set(0, "%s", "");
	bd = blockdev_get(file);
	err = open_all(&bd, wanted);
	if (!err) {
		disk = bd;
		return 0;
	}
	blockdev_close(bd);
	blockdev_close(file);
	return err;
}

EXPORT(size)
double formats_size(void)
{
	return disk->capacity - disk->tail;
}

/* "": the image is raw. */
EXPORT(format)
const char *formats_name(void)
{
	return disk->format;
}

EXPORT(text)
const char *formats_text(void)
{
	return error_last();
}

static bool is_mapped(const struct blockdev *bd)
{
	return !strcmp(bd->ops->kind, "format");
}

/* Say where up to @len bytes at @offset, both whole sectors, are stored.  NULL: an error. */
EXPORT(map)
const struct range *formats_map(double offset, double len)
{
	struct mapped *m = (struct mapped *)disk;
	struct run run = { .kind = RUN_PACKED, .len = len };

	if (is_mapped(disk) && m->ops->map(m, offset, len, true, &run))
		return NULL;
	/* Compressed data, and data in another format, are read through this module. */
	if (run.kind != RUN_ZERO && (run.kind != RUN_DATA || run.from != file))
		run.kind = RUN_PACKED;
	found = (struct range){ .kind = run.kind, .len = run.len, .offset = run.offset };
	return &found;
}

/* Read bytes of the disk.  Returns 0 or -errno. */
EXPORT(read)
int formats_read(void *buf, size_t len, double offset)
{
	return blockdev_read_bytes(disk, buf, len, offset);
}

EXPORT(allocate)
void *allocate(size_t len)
{
	return malloc(len);
}

EXPORT(release)
void release(void *buf)
{
	free(buf);
}
