/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_host.h - the classic interface: host operations and disks
 *
 * The host operations that programs for the Linux Kernel Library call or replace, and
 * the operations of disks that a program serves itself.  <lkl.h> includes this file.
 */
#ifndef LKL_HOST_H
#define LKL_HOST_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Host operations ---------------------------------------------------- */

typedef unsigned long lkl_thread_t;	/* 0: none */
struct lkl_sem;
struct lkl_mutex;
struct lkl_tls_key;

/*
 * Every member may be called, from any thread, also before the kernel is started and
 * after it was halted.  print and panic may be replaced.  The other members are for the
 * program only: the library does not call them, so replacing them has no effect on the
 * kernel.  Free the result of an alloc member with the free member of the same name.
 */
struct lkl_host_operations {
	/*
	 * Print @len bytes, not zero-terminated: console output of the kernel and the
	 * messages of lkl_printf(), lkl_perror() and lkl_bug().  Called from any thread;
	 * must not make system calls of the kernel.  NULL: print nothing.  Default: print
	 * to stdout.
	 */
	void (*print)(const char *str, int len);
	/*
	 * End the process; called by lkl_bug().  Default: abort().  Not called when a
	 * kernel dies: its system calls return -EIO then.
	 */
	void (*panic)(void);

	/* Counting semaphores.  sem_alloc returns NULL if out of memory. */
	struct lkl_sem *(*sem_alloc)(int count);
	void (*sem_free)(struct lkl_sem *sem);
	void (*sem_up)(struct lkl_sem *sem);
	void (*sem_down)(struct lkl_sem *sem);		/* waits while the count is 0 */

	/* @recursive: the owner may lock the mutex again.  NULL if out of memory. */
	struct lkl_mutex *(*mutex_alloc)(int recursive);
	void (*mutex_free)(struct lkl_mutex *mutex);
	void (*mutex_lock)(struct lkl_mutex *mutex);
	void (*mutex_unlock)(struct lkl_mutex *mutex);	/* only the owner may call it */

	/* Run @fn(@arg) on a new thread, to be joined or detached; 0 on failure. */
	lkl_thread_t (*thread_create)(void (*fn)(void *arg), void *arg);
	void (*thread_detach)(void);			/* detach the calling thread */
	void (*thread_exit)(void);			/* end the calling thread */
	int (*thread_join)(lkl_thread_t tid);		/* 0 or -errno */
	lkl_thread_t (*thread_self)(void);
	int (*thread_equal)(lkl_thread_t a, lkl_thread_t b);
	long (*gettid)(void);				/* the host's id of the calling thread */

	/*
	 * Thread-local storage: a value for each thread, NULL at first.  @destructor
	 * (may be NULL) is called with a thread's value when the thread ends, unless the
	 * value is NULL.  tls_alloc: NULL if no key is left; tls_set: 0 or -errno.
	 */
	struct lkl_tls_key *(*tls_alloc)(void (*destructor)(void *value));
	void (*tls_free)(struct lkl_tls_key *key);
	int (*tls_set)(struct lkl_tls_key *key, void *value);
	void *(*tls_get)(struct lkl_tls_key *key);

	/* Allocate @size bytes, not cleared; NULL if out of memory. */
	void *(*mem_alloc)(unsigned long size);
	void (*mem_free)(void *mem);
	/* Allocate whole cleared pages; pass the same size to page_free. */
	void *(*page_alloc)(unsigned long size);
	void (*page_free)(void *addr, unsigned long size);

	/* Nanoseconds of a clock that never goes back. */
	unsigned long long (*time)(void);

	void *(*memcpy)(void *dest, const void *src, size_t count);
	void *(*memset)(void *s, int c, size_t count);
	void *(*memmove)(void *dest, const void *src, size_t count);
};

/* The default operations, for lkl_init(). */
extern struct lkl_host_operations lkl_host_ops;

/* ---- Disks -------------------------------------------------------------- */

struct lkl_dev_blk_ops;

/*
 * A disk: the program fills it in and passes it to lkl_disk_add().  Do not change the
 * order of the members: bindings for other languages declare the struct themselves.
 */
struct lkl_disk {
	void *dev;			/* set by lkl_disk_add(), for the library */
	__extension__ union {
		int fd;			/* a file or block device; the program owns it */
		void *handle;		/* for the functions in ops */
	};
	/* NULL or &lkl_dev_blk_ops: the disk is the file or block device open at fd. */
	struct lkl_dev_blk_ops *ops;
};

#define LKL_DEV_BLK_TYPE_READ		0
#define LKL_DEV_BLK_TYPE_WRITE		1
#define LKL_DEV_BLK_TYPE_FLUSH		4	/* make completed writes durable */
#define LKL_DEV_BLK_TYPE_FLUSH_OUT	5	/* like FLUSH; this kernel does not send it */

#define LKL_DEV_BLK_STATUS_OK		0
#define LKL_DEV_BLK_STATUS_IOERR	1
#define LKL_DEV_BLK_STATUS_UNSUP	2

/* A request.  It and its buffers belong to the library and are valid until request() returns. */
struct lkl_blk_req {
	unsigned int type;		/* LKL_DEV_BLK_TYPE_* */
	unsigned int prio;		/* always 0 */
	unsigned long long sector;	/* start on the disk, in units of 512 bytes */
	struct iovec *buf;		/* buffers of the data, in order; NULL for FLUSH */
	int count;			/* number of entries in buf */
};

/*
 * The functions that serve a disk.  Both get a copy of the struct that was passed to
 * lkl_disk_add().  They must not make system calls of the kernel that has the disk.
 */
struct lkl_dev_blk_ops {
	/*
	 * Store the disk's size in bytes in *@res; it is rounded down to whole sectors of
	 * 512 bytes.  Returns 0 or a negative error number.
	 */
	int (*get_capacity)(struct lkl_disk disk, unsigned long long *res);
	/*
	 * Serve the whole @req and return LKL_DEV_BLK_STATUS_*.  Called on a thread of the
	 * library, for one request of a disk at a time; may wait.  Return UNSUP for FLUSH
	 * if writes are durable without a flush.
	 */
	int (*request)(struct lkl_disk disk, struct lkl_blk_req *req);
};

/*
 * The operations of a disk whose fd is a file or block device.  A program may call them
 * from any thread, also while no kernel runs.  As ops of a disk, &lkl_dev_blk_ops
 * means the same as NULL.  get_capacity returns 0, or -errno of lseek(2).
 */
extern struct lkl_dev_blk_ops lkl_dev_blk_ops;

#ifdef __cplusplus
}
#endif

#endif /* LKL_HOST_H */
