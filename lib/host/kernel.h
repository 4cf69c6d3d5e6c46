/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel.h - interface of lib/host to the rest of lib/: kernel instances
 *
 * lib/host loads the kernel object, gives it memory, time, threads and a
 * console, and runs system calls on host threads.  It passes block requests to
 * struct host_block_ops and knows nothing else about disks.
 */
#ifndef ANYFS_HOST_KERNEL_H
#define ANYFS_HOST_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lkl_abi.h"

struct anyfs_kernel;

/* Called for block requests; see lkl_abi.h.  @disk is lkl_disk_params.host_disk. */
struct host_block_ops {
	int (*submit)(struct anyfs_kernel *k, void *disk, struct lkl_block_req *req);
	void (*release)(struct anyfs_kernel *k, void *disk);
	/* Whether @disk is at an address: another process reads it, and needs processors. */
	bool (*is_remote)(void *disk);
	/*
	 * Called by a thread that waits in @k without the CPU: take one readahead
	 * request that no thread has started and do it, if that does not block.
	 * False if there is none.
	 */
	bool (*help)(struct anyfs_kernel *k);
};

struct host_boot_opts {
	const char *object;		/* path of the kernel object; NULL: the installed one */
	size_t mem;			/* bytes */
	const char *cmdline;
	void (*print)(void *data, const char *text, size_t len);	/* NULL: silent */
	void *print_data;
	int (*lock_in)(void *data);	/* see struct anyfs_kernel_opts; may be NULL */
	void *lock_in_data;
	uint64_t fixed_time_ns;		/* since 1970, to stamp files with; 0: the current time */
	bool reproducible;		/* see struct anyfs_kernel_opts */
	const struct host_block_ops *block;
};

/* kernel.c */

/*
 * Write the path of the kernel object to @path, a buffer of @len bytes: $ANYFS_KERNEL, or
 * the file beside this library, in the build directory and when installed.  0, or
 * -ENOENT or -ENAMETOOLONG with error_set().
 */
int host_kernel_object(char *path, size_t len);

/* Boot; the calling thread becomes pid 1.  0 or -errno with error_set(). */
int host_kernel_boot(const struct host_boot_opts *opts, struct anyfs_kernel **k);

/*
 * End @k without a shutdown: calls of other threads that are inside @k return -EIO.
 * Waits until they have left, then releases the remaining disks and frees @k.
 */
void host_kernel_destroy(struct anyfs_kernel *k);

/* anyfs_kernel_use_host_file_times(), with a message on failure. */
int host_kernel_open_file_clock(struct anyfs_kernel *k);

bool host_kernel_is_running(struct anyfs_kernel *k);
/* True if requests to @k's disks must complete before submit() returns. */
bool host_kernel_is_reproducible(struct anyfs_kernel *k);
/* Why the kernel stopped; "" while it runs. */
const char *host_kernel_death(struct anyfs_kernel *k);
const char *host_kernel_release(struct anyfs_kernel *k);

/* The id of @k, unique in this process and never reused. */
uint64_t host_kernel_id(struct anyfs_kernel *k);
/* False after the kernel with that id was destroyed. */
bool host_kernel_exists(uint64_t id);

/*
 * The calling thread's current kernel: set by host_kernel_set_current(), else the
 * oldest one of the process; NULL if there is none.
 */
struct anyfs_kernel *host_kernel_current(void);
/* Set the current kernel, NULL for the oldest one; returns the previous setting. */
struct anyfs_kernel *host_kernel_set_current(struct anyfs_kernel *k);

/* call.c */

/* Make a system call.  @args: six values.  Returns -EIO if @k has died. */
int64_t host_syscall(struct anyfs_kernel *k, int64_t nr, const int64_t *args);

/* Call the disk functions of struct lkl_kernel_ops.  -EIO if @k has died. */
int host_disk_add(struct anyfs_kernel *k, const struct lkl_disk_params *params);
int host_disk_remove(struct anyfs_kernel *k, int disk);
int64_t host_disk_dev(struct anyfs_kernel *k, int disk, unsigned int partition);
/* For tests: crash the kernel with BUG() and the text @why; NULL: with a bad access. */
int host_crash(struct anyfs_kernel *k, const char *why);

/*
 * Return a completed request to the kernel, from any thread; the caller has set
 * req->status.  @may_carry: the kernel may run on the calling thread, for as long as
 * it has something to run; allowed if the thread holds no lock and no other thread
 * waits for it.
 */
void host_block_complete(struct anyfs_kernel *k, struct lkl_block_req *req, bool may_carry);

/* thread.c */

/*
 * True while the calling thread runs inside a kernel, perhaps on a kernel stack:
 * then it must not make a system call of a kernel, nor use much stack.
 */
bool host_in_kernel(void);

#endif /* ANYFS_HOST_KERNEL_H */
