/* SPDX-License-Identifier: GPL-2.0 */
/*
 * arena.h - an instance's memory: one block, and a window of addresses in
 * which the kernel may show pages of it a second time
 */
#ifndef ANYFS_HOST_ARENA_H
#define ANYFS_HOST_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct host_arena {
	int fd;			/* memfd of size bytes */
	char *base;
	size_t size;		/* bytes */
	size_t shared;		/* bytes, the first ones: the memfd's from the start */
	char *window;
	size_t window_size;	/* bytes */
};

/* @size is rounded up to pages.  0 or -errno. */
int arena_create(struct host_arena *a, size_t size);
void arena_destroy(struct host_arena *a);

/*
 * Show bytes [@pa, @pa + @len) of the memfd at @va: of the window, or where they
 * belong in the arena.  The other: take them back from the window.  0 or -errno.
 */
int arena_map(struct host_arena *a, uintptr_t va, size_t pa, size_t len);
int arena_unmap(struct host_arena *a, uintptr_t va, size_t len);

#endif /* ANYFS_HOST_ARENA_H */
