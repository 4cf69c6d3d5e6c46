// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - a disk in memory, and the example of a backend
 *
 * Read this file before you write a backend, and copy it.  A backend has three
 * parts:
 *
 *   1. a struct that begins with struct blockdev,
 *   2. a table with two functions, submit and close,
 *   3. a function that opens it and sets what the blockdev can do.
 *
 * Other files do the rest: blockdev.c rejects requests that are out of range,
 * unaligned or not supported by the backend; attach.c adds the blockdev to a
 * kernel.  Then add the backend to blockdev.h, lib/block/meson.build and, with
 * a test of five lines, to the contract suite in tests/block/.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "blockdev.h"
#include "error.h"

/*
 * The backend's own struct.  The blockdev is its first member, so that a pointer
 * to the blockdev can be cast to a pointer to this struct.
 */
struct memory {
	struct blockdev bd;
	char *data;			/* bd.capacity bytes */
	size_t page;			/* bytes */
};

/*
 * Copy between the disk and the request's buffers.  A request is an array of
 * buffers that together cover one range of the disk.
 */
static void copy(struct memory *mem, const struct lkl_block_req *req)
{
	char *pos = mem->data + req->offset;

	for (unsigned int i = 0; i < req->nr_iov; i++) {
		const struct lkl_block_iov *iov = &req->iov[i];

		if (req->op == LKL_BLK_READ)
			memcpy(iov->base, pos, iov->len);
		else
			memcpy(pos, iov->base, iov->len);
		pos += iov->len;
	}
}

/*
 * Zero a range.  Whole pages are returned to the host, which provides zeroed pages
 * on the next access; the rest is overwritten.
 */
static void zero_range(struct memory *mem, uint64_t offset, uint64_t len, bool keep)
{
	uint64_t end = offset + len;
	uint64_t first = (offset + mem->page - 1) / mem->page * mem->page;
	uint64_t last = end / mem->page * mem->page;

	if (keep || first >= last ||
	    madvise(mem->data + first, last - first, MADV_DONTNEED) < 0) {
		memset(mem->data + offset, 0, len);
		return;
	}
	memset(mem->data + offset, 0, first - offset);
	memset(mem->data + last, 0, end - last);
}

/*
 * Serve a request.  This backend never has to wait, so it completes each request
 * at once: it sets req->status (0 or -errno) and returns BLOCKDEV_DONE.
 *
 * A backend that has to wait returns BLOCKDEV_KEPT instead and calls
 * blockdev_complete(req, status) later, from any thread.  Until then the request
 * and its buffers stay valid.  To wait on another thread, use block_pool_submit()
 * of pool.c; callback.c is a short example.
 *
 * Several threads may call this function at the same time, for different requests.
 * The backend need not order requests that overlap: the kernel sends the second one
 * after the first one has completed.  The stack may be small (8 KiB), so do not put
 * large arrays on it.
 */
static int memory_submit(struct blockdev *bd, struct lkl_block_req *req)
{
	struct memory *mem = (struct memory *)bd;

	switch (req->op) {
	case LKL_BLK_READ:
	case LKL_BLK_WRITE:
		copy(mem, req);
		break;
	case LKL_BLK_DISCARD:
		zero_range(mem, req->offset, req->len, false);
		break;
	case LKL_BLK_ZERO:
		zero_range(mem, req->offset, req->len, req->flags & LKL_BLK_NOUNMAP);
		break;
	}
	req->status = 0;
	return BLOCKDEV_DONE;
}

/* Free everything but bd->name, which blockdev_close() frees. */
static void memory_close(struct blockdev *bd)
{
	struct memory *mem = (struct memory *)bd;

	munmap(mem->data, bd->capacity);
	free(mem);
}

static const struct blockdev_ops memory_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "memory",
	.submit = memory_submit,
	.close = memory_close,
};

/*
 * The host allocates pages on first access.  With MAP_NORESERVE the disk may be
 * larger than the machine's memory, as long as the written data fits.
 */
static int map_memory(struct memory *mem, uint64_t capacity)
{
	if (capacity != (size_t)capacity)
		return -ENOMEM;
	mem->data = mmap(NULL, capacity, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return mem->data == MAP_FAILED ? -ENOMEM : 0;
}

/*
 * Open.  On failure set the error text with error_set(): "object: reason; what to do".
 * On success the blockdev's members are set, and do not change later.
 */
int memory_open(uint64_t capacity, struct blockdev **bd)
{
	struct memory *mem;

	if (!capacity || capacity % 512)
		return error_set(-EINVAL, "memory disk: size %llu is not a multiple of 512",
				 (unsigned long long)capacity);
	mem = calloc(1, sizeof(*mem));
	if (!mem || blockdev_init(&mem->bd, &memory_ops, "memory") < 0 ||
	    map_memory(mem, capacity) < 0) {
		if (mem)
			free(mem->bd.name);
		free(mem);
		return error_set(-ENOMEM, "memory disk: not enough memory for %llu bytes; make the disk smaller",
				 (unsigned long long)capacity);
	}
	mem->page = sysconf(_SC_PAGESIZE);
	mem->bd.capacity = capacity;
	mem->bd.limits.logical_block = 512;
	mem->bd.limits.physical_block = 4096;
	mem->bd.limits.io_opt = 1 << 20;	/* the kernel derives its readahead size from it */
	mem->bd.limits.discard_granularity = mem->page;
	mem->bd.can_write = true;
	mem->bd.can_discard = true;
	mem->bd.can_zero = true;
	/*
	 * can_flush and can_fua stay false: a flush would do nothing, since memory
	 * never becomes durable.
	 */
	*bd = &mem->bd;
	return 0;
}
