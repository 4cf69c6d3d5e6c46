/* SPDX-License-Identifier: GPL-2.0 */
/*
 * os.h - the functions that a port to another host operating system provides
 *
 * The files directly in lib/host are the same on every host.  They use the ISO C library, GNU C's
 * atomic operations and thread-local variables, the functions below, and only these parts of
 * POSIX threads: mutexes, pthread_once(), keys and pthread_join().  lib/host/linux implements
 * them for Linux; a port is a directory beside it.  switch_<machine>.S depends on the processor,
 * not on the host.
 *
 * Errors are negative errno values, with the numbers of Linux.  Every function may
 * be called by any thread unless stated.
 */
#ifndef ANYFS_HOST_OS_H
#define ANYFS_HOST_OS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lkl_abi.h"

/* ---- memory: arena.c ---- */

/*
 * An instance's memory: one block, and a window of addresses in which the
 * kernel may map pages of the block a second time.
 */
struct os_arena {
	int fd;			/* used by the port only: the object that backs the memory */
	char *base;
	size_t size;		/* bytes */
	size_t shared;		/* bytes at the start that are mapped from the object */
	char *window;		/* NULL: a 32-bit kernel, which has no MMU */
	size_t window_size;	/* bytes */
};

/* Allocate zeroed memory of @size bytes, rounded up to pages.  0 or -errno. */
int os_arena_create(struct os_arena *a, size_t size);
void os_arena_destroy(struct os_arena *a);
/*
 * Map bytes [@pa, @pa + @len) of the object at address @va, which is in the window
 * or is the address of these bytes in the block.  0 or -errno.
 */
int os_arena_map(struct os_arena *a, uintptr_t va, size_t pa, size_t len);
/* Undo os_arena_map() of a range of the window: any access to it faults.  0 or -errno. */
int os_arena_unmap(struct os_arena *a, uintptr_t va, size_t len);

/* ---- the kernel object: load.c, object-path.c ---- */

struct os_object {
	char *base;
	size_t size;		/* bytes of address space */
	const struct lkl_kernel_ops *(LKL_CALL *entry)(const struct lkl_host_ops *host);
};

/*
 * Map the object file at @path and relocate it.  The same file can be loaded any
 * number of times: the code is shared, each load has its own data.  0, -ENOEXEC if
 * the file is not a kernel object, or another -errno; errors set the error text.
 */
int os_object_load(struct os_object *obj, const char *path);
void os_object_unload(struct os_object *obj);
/*
 * Write the path of the installed kernel object to @path, a buffer of @len bytes; the
 * environment variable ANYFS_KERNEL overrides it.  0, or -errno with error_set().
 */
int os_object_path(char *path, size_t len);

/* ---- time: clock.c ---- */

/* Call once before the first instance boots; later calls do nothing. */
void os_clock_init(void);
/* Nanoseconds of a clock that never goes back. */
uint64_t os_clock_ns(void);
/* Like os_clock_ns(), but cheaper: it may drift, and step back slightly. */
uint64_t os_sched_clock_ns(void);
/* Nanoseconds since 1970-01-01 00:00 UTC. */
uint64_t os_realtime_ns(void);

/* ---- file times: file-time.c ---- */

/*
 * Open a clock that shows the time stamp which the host's kernel would give a changed file
 * now: not less than any earlier stamp, not more than any later one.  Returns a descriptor, or
 * -errno.
 */
int os_file_clock_open(void);
/* @clock may be -1. */
void os_file_clock_close(int clock);
/* Nanoseconds since 1970-01-01 00:00 UTC. */
uint64_t os_file_clock_ns(int clock);

/* ---- threads: thread.c, futex.c, barrier.c ---- */

/*
 * Like pthread_create(), for the library's own threads: they block the signals sent to
 * the process, which are for the program's threads.  0 or -errno.
 */
int os_thread_start(pthread_t *thread, void *(*fn)(void *arg), void *arg);
/* Name the calling thread for debuggers, up to 15 bytes. */
void os_thread_set_name(const char *name);
/* Let another thread run. */
void os_thread_yield(void);
/* True if the process may run on more than one processor, or if that is unknown. */
bool os_has_many_processors(void);

/*
 * Sleep while *@word is @val, until os_futex_wake() or until os_clock_ns() reaches
 * @deadline (~0: no limit).  May return early: the caller checks *@word again.
 */
void os_futex_wait(uint32_t *word, uint32_t val, uint64_t deadline);
/* Wake up to @n threads that sleep on @word. */
void os_futex_wake(uint32_t *word, int n);

/*
 * True if os_barrier() can be used.  Make the first call while the process has one
 * thread; later it may return false although the host has the operation.
 */
bool os_barrier_init(void);
/* A full memory barrier on every processor that runs a thread of this process. */
void os_barrier(void);

/* ---- faults: fault.c ---- */

struct os_fault {
	const char *name;		/* "Segmentation fault" */
	const void *address;		/* the address that was accessed */
	uintptr_t code;			/* the program counter; 0: unknown */
	const uintptr_t *stack;		/* the stack pointer; NULL: unknown */
};

struct os_fault_handler {
	/* True if the calling thread runs kernel code. */
	bool (*is_ours)(void);
	/* Called on the faulting thread if is_ours() returns true.  Does not return. */
	void (*end)(const struct os_fault *fault);
};

/*
 * Call @handler when an instruction faults (bad access, bad instruction, division
 * by zero).  Faults outside kernel code go to the previously installed handler.
 * Call this at every boot, because programs install handlers too.
 */
void os_fault_catch(const struct os_fault_handler *handler);

/* ---- randomness: random.c ---- */

/* Fill @buf with random bytes fit for keys; aborts if the host has no source of them. */
void os_random(void *buf, size_t len);

#endif /* ANYFS_HOST_OS_H */
