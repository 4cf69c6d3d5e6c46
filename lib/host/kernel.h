/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel.h - one running kernel instance, seen from the rest of lib/
 *
 * lib/host loads the kernel object, gives it memory, time, threads and a
 * console, and lets host threads run system calls.  It knows nothing of disks
 * but the hooks in struct host_block_ops.
 */
#ifndef ANYFS_HOST_KERNEL_H
#define ANYFS_HOST_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lkl_abi.h"

struct anyfs_kernel;

/* Where block requests go; see lkl_abi.h.  @disk is lkl_disk_params.host_disk. */
struct host_block_ops {
	int (*submit)(struct anyfs_kernel *k, void *disk, struct lkl_block_req *req);
	void (*release)(struct anyfs_kernel *k, void *disk);
	/*
	 * Called by a thread that waits in @k, without the CPU: do a read ahead
	 * that no thread has begun, if that needs no waiting.  False: there is none.
	 */
	bool (*help)(struct anyfs_kernel *k);
};

struct host_boot_opts {
	const char *object;		/* path of the kernel object; NULL: where it is installed */
	size_t mem;			/* bytes */
	const char *cmdline;
	void (*print)(void *data, const char *text, size_t len);	/* NULL: silent */
	void *print_data;
	int (*lock_in)(void *data);	/* as in AnyfsKernelOpts; may be NULL */
	void *lock_in_data;
	const struct host_block_ops *block;
};

/* kernel.c */

/*
 * Path of the kernel object: $ANYFS_KERNEL, or beside this library, where build and
 * installation alike put it.  0, or -ENOENT or -ENAMETOOLONG with a text.
 */
int host_kernel_object(char *path, size_t len);

/* Boot; the calling thread becomes pid 1.  0 or -errno, the text in error.h's last error. */
int host_kernel_boot(const struct host_boot_opts *opts, struct anyfs_kernel **k);

/*
 * End @k without asking it: threads inside it return -EIO.  Frees everything
 * once the last of them has left.  Disks still there are released.
 */
void host_kernel_destroy(struct anyfs_kernel *k);

bool host_kernel_is_running(struct anyfs_kernel *k);
/* Why it died; "" while it runs. */
const char *host_kernel_death(struct anyfs_kernel *k);
const char *host_kernel_release(struct anyfs_kernel *k);

/* A number that no other kernel of this process has or had. */
uint64_t host_kernel_id(struct anyfs_kernel *k);
/* False once the kernel of that number was destroyed. */
bool host_kernel_exists(uint64_t id);

/* The thread's current kernel: the one set here, else the first one booted; may be NULL. */
struct anyfs_kernel *host_kernel_current(void);
/* Returns the one set before, NULL for none. */
struct anyfs_kernel *host_kernel_set_current(struct anyfs_kernel *k);

/* thread.c */

/* A system call of the calling thread.  @args: six slots.  -EIO when @k has died. */
int64_t host_syscall(struct anyfs_kernel *k, int64_t nr, const int64_t *args);

/* The disk calls of lkl_kernel_ops, likewise. */
int host_disk_add(struct anyfs_kernel *k, const struct lkl_disk_params *params);
int host_disk_remove(struct anyfs_kernel *k, int disk);
int64_t host_disk_dev(struct anyfs_kernel *k, int disk, unsigned int partition);
/* Die by a BUG that says @why; NULL: by a bad access. */
int host_crash(struct anyfs_kernel *k, const char *why);

/*
 * Hand a completed request back to the kernel, from any thread; req->status is
 * set.  @may_carry: the kernel may run right here, for as long as it has
 * something to run: the thread holds no lock, and nobody waits for it.
 */
void host_block_complete(struct anyfs_kernel *k, struct lkl_block_req *req, bool may_carry);

/*
 * True while the calling thread runs on a stack of the kernel's: it must
 * neither make a system call nor use much stack.
 */
bool host_in_kernel(void);

#endif /* ANYFS_HOST_KERNEL_H */
