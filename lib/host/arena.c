// SPDX-License-Identifier: GPL-2.0
/*
 * arena.c - memory for one instance
 *
 * A memfd, so that the same page can stand at two addresses; touched on
 * demand.  The window for vmalloc is address space alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "arena.h"
#include "lkl_abi.h"

#define PAGE		4096UL
#define WINDOW_SIZE	(8UL << 30)
#define TOP_TABLE_SPAN	(1UL << 39)	/* what the kernel's top page table covers */

static void *reserve(size_t size)
{
	return mmap(NULL, size, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/* Addresses that do not wrap around in the kernel's top page table. */
static int make_window(struct host_arena *a)
{
	char *p = reserve(2 * WINDOW_SIZE), *start;
	uintptr_t end;

	if (p == MAP_FAILED)
		return -errno;
	start = p;
	end = (uintptr_t)p + WINDOW_SIZE - 1;
	if ((uintptr_t)p / TOP_TABLE_SPAN != end / TOP_TABLE_SPAN)
		start = (char *)(end / TOP_TABLE_SPAN * TOP_TABLE_SPAN);

	if (start > p)
		munmap(p, start - p);
	munmap(start + WINDOW_SIZE, p + WINDOW_SIZE - start);
	a->window = start;
	a->window_size = WINDOW_SIZE;
	return 0;
}

int arena_create(struct host_arena *a, size_t size)
{
	int err;

	memset(a, 0, sizeof(*a));
	a->size = (size + PAGE - 1) & ~(PAGE - 1);
	a->fd = memfd_create("anyfs", MFD_CLOEXEC);
	if (a->fd < 0)
		return -errno;
	if (ftruncate(a->fd, a->size) < 0) {
		err = -errno;
		goto close;
	}
	a->base = mmap(NULL, a->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, a->fd, 0);
	if (a->base == MAP_FAILED) {
		err = -errno;
		goto close;
	}
	/*
	 * Page structs are all touched at once at boot, and nobody maps them a second
	 * time: memory that is not shared costs half as much there.
	 */
	a->shared = a->size - PAGE - a->size / PAGE * LKL_PAGE_STRUCT_MIN / PAGE * PAGE;
	if (mmap(a->base + a->shared, a->size - a->shared, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) == MAP_FAILED) {
		err = -errno;
		goto unmap;
	}
	err = make_window(a);
	if (err)
		goto unmap;
	/*
	 * A core dump of the process should not hold strangers' files, and a
	 * child must not share a running kernel's memory.  Huge pages where
	 * the host has them for shared memory; no error where it has not.
	 */
	madvise(a->base, a->size, MADV_DONTDUMP);
	madvise(a->base, a->size, MADV_DONTFORK);
	madvise(a->base, a->size, MADV_HUGEPAGE);
	/* In one go. */
	madvise(a->base + a->shared, a->size - a->shared, MADV_POPULATE_WRITE);
	return 0;

unmap:
	munmap(a->base, a->size);
close:
	close(a->fd);
	return err;
}

void arena_destroy(struct host_arena *a)
{
	munmap(a->window, a->window_size);
	munmap(a->base, a->size);
	close(a->fd);
}

int arena_map(struct host_arena *a, uintptr_t va, size_t pa, size_t len)
{
	void *p;

	if (pa > a->shared || len > a->shared - pa)
		return -EINVAL;
	p = mmap((void *)va, len, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, a->fd, pa);
	return p == MAP_FAILED ? -errno : 0;
}

int arena_unmap(struct host_arena *a, uintptr_t va, size_t len)
{
	void *p = mmap((void *)va, len, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);

	(void)a;
	return p == MAP_FAILED ? -errno : 0;
}
