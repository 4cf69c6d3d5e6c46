// SPDX-License-Identifier: GPL-2.0
/*
 * arena.c - memory for one instance
 *
 * A part of the memory is a memfd, so that one page can be mapped at two
 * addresses.  Pages are allocated on first access.  The window, where the kernel's
 * vmalloc() maps pages, is reserved address space without memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "os.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23	/* Linux 5.14; older C libraries do not name it */
#endif

#define PAGE		4096UL
#define HUGE_PAGE	(2UL << 20)	/* on x86-64, and on arm64 with 4 KiB pages */
#define SHARED_WANTED	(16UL << 20)

static void *reserve(size_t size)
{
	return mmap(NULL, size, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

#if UINTPTR_MAX > UINT32_MAX
#define WINDOW_SIZE	(8UL << 30)
#define TOP_TABLE_SPAN	(1UL << 39)	/* bytes that the kernel's top page table covers */

/* A limit of the address space (ulimit -v) must leave room for everything else. */
static size_t window_size(void)
{
	size_t size = WINDOW_SIZE;
	struct rlimit limit;

	if (!getrlimit(RLIMIT_AS, &limit))
		while (size > limit.rlim_cur / 4 && size > HUGE_PAGE)
			size /= 2;
	return size;
}

static bool is_in_one_span(const char *p, size_t size)
{
	return (uintptr_t)p / TOP_TABLE_SPAN == ((uintptr_t)p + size - 1) / TOP_TABLE_SPAN;
}

/* Reserve the window such that it lies within one span of the kernel's top page table. */
static int make_window(struct os_arena *a)
{
	size_t size = window_size(), extra = 0;
	char *p = reserve(size), *start = p;

	if (p != MAP_FAILED && !is_in_one_span(p, size)) {
		munmap(p, size);
		extra = size;
		p = start = reserve(size + extra);
	}
	if (p == MAP_FAILED)
		return -errno;
	if (!is_in_one_span(p, size))
		start = (char *)(((uintptr_t)p / TOP_TABLE_SPAN + 1) * TOP_TABLE_SPAN);

	if (start > p)
		munmap(p, start - p);
	if (p + extra > start)
		munmap(start + size, p + extra - start);
	a->window = start;
	a->window_size = size;
	return 0;
}

static void free_window(struct os_arena *a)
{
	munmap(a->window, a->window_size);
}
#else
/* A 32-bit kernel has no MMU, and thus no window. */
static int make_window(struct os_arena *a)
{
	(void)a;
	return 0;
}

static void free_window(struct os_arena *a)
{
	(void)a;
}
#endif

/*
 * Bytes of private memory, at the end of the arena.  Private memory cannot be mapped
 * a second time, but it can use huge pages, where one page fault costs as much as a
 * few in shared memory.  The kernel maps pages a second time for vmalloc() and for
 * what some file systems cache.  If it needs more shared memory than there is, it
 * maps parts of the memfd over private memory with os_arena_map().
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
 * Keep the contents of images out of core dumps, and the memory of a running kernel
 * out of child processes.
 */
static void advise_private(void *start, size_t len)
{
	madvise(start, len, MADV_DONTDUMP);
	madvise(start, len, MADV_DONTFORK);
}

/* Map the memory such that it ends at a huge page boundary. */
static int make_memory(struct os_arena *a)
{
	size_t private = a->size - a->shared;
	/* The kernel's page structs are at the end of the memory; a boot touches all. */
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
	advise_private(base, a->size);
	/* Best effort: a host without huge pages refuses, and small pages work as well. */
	madvise(base, a->size, MADV_HUGEPAGE);
	/* Without huge pages, one call is cheaper than a fault for each page. */
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
	free_window(a);
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
		advise_private(p, len);
	return 0;
}

int os_arena_unmap(struct os_arena *a, uintptr_t va, size_t len)
{
	void *p = mmap((void *)va, len, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);

	(void)a;
	return p == MAP_FAILED ? -errno : 0;
}
