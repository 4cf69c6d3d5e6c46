// SPDX-License-Identifier: GPL-2.0
/*
 * arena.c - memory for one instance
 *
 * A part is a memfd, so that the same page can stand at two addresses; all is
 * touched on demand.  The window for vmalloc is address space alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "os.h"

#define PAGE		4096UL
#define HUGE_PAGE	(2UL << 20)	/* of x86-64 and of arm64 with pages of 4 KiB */
#define SHARED_WANTED	(16UL << 20)
#define WINDOW_SIZE	(8UL << 30)
#define TOP_TABLE_SPAN	(1UL << 39)	/* what the kernel's top page table covers */

static void *reserve(size_t size)
{
	return mmap(NULL, size, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/* Addresses that do not wrap around in the kernel's top page table. */
static int make_window(struct os_arena *a)
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

/*
 * The end of the arena is private memory: nobody maps it a second time, and it can
 * be huge pages, one fault of which costs as much as a few of shared memory.  What
 * the kernel does map a second time is vmalloc's, and what some file systems cache.
 * If that is more, the kernel maps the memfd over private memory: os_arena_map().
 */
static size_t private_size(size_t size)
{
	size_t shared = size / 8;

	if (shared < SHARED_WANTED)
		shared = SHARED_WANTED;
	if (shared > size / 2)
		shared = size / 2;
	return (size - shared) & ~(HUGE_PAGE - 1);
}

/*
 * A core dump of the process should not hold strangers' files, and a child must not
 * share a running kernel's memory.
 */
static void keep_to_ourselves(void *start, size_t len)
{
	madvise(start, len, MADV_DONTDUMP);
	madvise(start, len, MADV_DONTFORK);
}

/* The memory, the end of which is the end of a huge page. */
static int make_memory(struct os_arena *a)
{
	size_t private = a->size - a->shared;
	/* Page structs are there, and a boot touches all of them. */
	size_t touched = a->size / PAGE * LKL_PAGE_STRUCT_MIN & ~(PAGE - 1);
	char *p = reserve(a->size + HUGE_PAGE), *base;

	if (p == MAP_FAILED)
		return -errno;
	base = (char *)(((uintptr_t)p + a->size + HUGE_PAGE) & ~(HUGE_PAGE - 1)) - a->size;
	if (base > p)
		munmap(p, base - p);
	if (base < p + HUGE_PAGE)
		munmap(base + a->size, p + HUGE_PAGE - base);
	a->base = base;
	if (mmap(base, a->shared, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, a->fd, 0) == MAP_FAILED ||
	    mprotect(base + a->shared, private, PROT_READ | PROT_WRITE)) {
		int err = -errno;

		munmap(base, a->size);
		return err;
	}
	keep_to_ourselves(base, a->size);
	/* Where the host has them, for shared memory too; no error where it has not. */
	madvise(base, a->size, MADV_HUGEPAGE);
	/* In one go, should there be no huge pages. */
	madvise(base + a->size - touched, touched, MADV_POPULATE_WRITE);
	return 0;
}

int os_arena_create(struct os_arena *a, size_t size)
{
	int err;

	memset(a, 0, sizeof(*a));
	a->size = (size + PAGE - 1) & ~(PAGE - 1);
	a->shared = a->size - private_size(a->size);
	a->fd = memfd_create("anyfs", MFD_CLOEXEC);
	if (a->fd < 0)
		return -errno;
	err = ftruncate(a->fd, a->size) < 0 ? -errno : make_memory(a);
	if (err)
		goto close;
	err = make_window(a);
	if (err)
		goto unmap;
	return 0;

unmap:
	munmap(a->base, a->size);
close:
	close(a->fd);
	return err;
}

void os_arena_destroy(struct os_arena *a)
{
	munmap(a->window, a->window_size);
	munmap(a->base, a->size);
	close(a->fd);
}

int os_arena_map(struct os_arena *a, uintptr_t va, size_t pa, size_t len)
{
	void *p;

	if (pa > a->size || len > a->size - pa)
		return -EINVAL;
	p = mmap((void *)va, len, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, a->fd, pa);
	if (p == MAP_FAILED)
		return -errno;
	if (p == a->base + pa)
		keep_to_ourselves(p, len);
	return 0;
}

int os_arena_unmap(struct os_arena *a, uintptr_t va, size_t len)
{
	void *p = mmap((void *)va, len, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);

	(void)a;
	return p == MAP_FAILED ? -errno : 0;
}
