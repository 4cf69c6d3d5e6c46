/* SPDX-License-Identifier: GPL-2.0 */
/*
 * os.h - everything that a port to another host has to bring
 *
 * The files of lib/host itself are the same on every host.  They use the C
 * library (ISO C), GNU C's atomic operations and thread-local variables, the
 * mutexes, once-functions, keys and pthread_join() of POSIX threads, and the
 * functions below.  lib/host/linux has them for Linux; a port is a directory
 * beside it.  switch_<machine>.S is per processor, not per host.
 *
 * Errors are negative errno values, numbered as on Linux.  Every function may
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
	int fd;			/* port's: the object that the memory is mapped from */
	char *base;
	size_t size;		/* bytes */
	size_t shared;		/* bytes at the start that are mapped from the object */
	char *window;
	size_t window_size;	/* bytes */
};

/* Reserve memory of @size bytes, rounded up to pages, zeroed.  0 or -errno. */
int os_arena_create(struct os_arena *a, size_t size);
void os_arena_destroy(struct os_arena *a);
/*
 * Map bytes [@pa, @pa + @len) of the object at @va, which is in the window or is
 * the place of these bytes in the block.  0 or -errno.
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
 * Map the object file at @path and relocate it, as often as one likes: text is
 * shared by all loads, data is private to each.  0; -ENOEXEC if it is not a kernel
 * object; -errno.  The text goes to error_set().
 */
int os_object_load(struct os_object *obj, const char *path);
void os_object_unload(struct os_object *obj);
/*
 * Write the path of the installed object to @path (@len bytes with the zero); the
 * environment variable ANYFS_KERNEL overrides it.  0, or -errno with error_set().
 */
int os_object_path(char *path, size_t len);

/* ---- time: clock.c ---- */

/* Call once before the first instance boots; later calls do nothing. */
void os_clock_init(void);
/* Nanoseconds of a clock that never goes back. */
uint64_t os_clock_ns(void);
/* As os_clock_ns(), cheaper: may drift from it and go back by a little. */
uint64_t os_sched_clock_ns(void);
/* Nanoseconds since 1970-01-01 00:00 UTC. */
uint64_t os_realtime_ns(void);

/* ---- threads: thread.c, futex.c, barrier.c ---- */

/*
 * As pthread_create(), for a thread of the library's own: signals sent to the
 * process are never delivered to it, since they are for the program.  0 or -errno.
 */
int os_thread_start(pthread_t *thread, void *(*fn)(void *arg), void *arg);
/* Name the calling thread for debuggers, up to 15 bytes. */
void os_thread_set_name(const char *name);
/* Let another thread run. */
void os_thread_yield(void);
/* The process may run on more than one processor.  True if that is unknown. */
bool os_has_many_processors(void);

/*
 * Sleep while *@word is @val, until os_futex_wake() or until @deadline of
 * os_clock_ns() (~0: without limit).  May return early: look at *@word again.
 */
void os_futex_wait(uint32_t *word, uint32_t val, uint64_t deadline);
/* Wake up to @n threads that sleep on @word. */
void os_futex_wake(uint32_t *word, int n);

/*
 * True if os_barrier() can be used.  The first call should come while the process
 * has one thread; else it may return false although the host has the operation.
 */
bool os_barrier_init(void);
/* A full memory barrier on every processor that runs a thread of this process. */
void os_barrier(void);

/* ---- faults: fault.c ---- */

struct os_fault {
	const char *name;		/* "Segmentation fault" */
	const void *address;		/* that was accessed */
	uintptr_t code;			/* the program counter; 0: unknown */
	const uintptr_t *stack;		/* the stack pointer; NULL: unknown */
};

struct os_fault_handler {
	/* True if the calling thread runs kernel code. */
	bool (*is_ours)(void);
	/* Called then, on the faulting thread.  Does not return. */
	void (*end)(const struct os_fault *fault);
};

/*
 * From now on call @handler when an instruction faults (bad access, bad
 * instruction, division by zero).  Faults that are not ours go to the handler
 * that was there before.  Call it at every boot: programs install handlers too.
 */
void os_fault_catch(const struct os_fault_handler *handler);

/* ---- randomness: random.c ---- */

/* Fill @buf with random bytes fit for keys; ends the process if the host has none. */
void os_random(void *buf, size_t len);

#endif /* ANYFS_HOST_OS_H */
