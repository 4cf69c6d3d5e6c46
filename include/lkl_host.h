/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl_host.h - the classic interface: what the host does for the kernel
 *
 * The operations that programs for the Linux Kernel Library call or replace,
 * and the disks that a program serves itself.  <lkl.h> includes this file.
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
 * Every member may be called, from any thread, before and after the kernel
 * runs.  print and panic may be replaced; the others are for the program's
 * use only: the kernel has its own ways, and replacing them changes nothing
 * for it.  What an alloc member returns goes back through its free member.
 */
struct lkl_host_operations {
	/*
	 * Console output and what lkl_printf(), lkl_perror() and lkl_bug() say,
	 * @len bytes, not zero-terminated.  Called from any thread, must not
	 * make system calls of the kernel.  NULL: silence.  Default: stdout.
	 */
	void (*print)(const char *str, int len);
	/*
	 * End the process; what lkl_bug() does last.  Default: abort().  A kernel
	 * that dies does not call it: its system calls fail with -EIO.
	 */
	void (*panic)(void);

	/* Counting semaphores.  NULL if there is no memory. */
	struct lkl_sem *(*sem_alloc)(int count);
	void (*sem_free)(struct lkl_sem *sem);
	void (*sem_up)(struct lkl_sem *sem);
	void (*sem_down)(struct lkl_sem *sem);		/* waits while it is 0 */

	/* @recursive: its owner may lock it again.  NULL if there is no memory. */
	struct lkl_mutex *(*mutex_alloc)(int recursive);
	void (*mutex_free)(struct lkl_mutex *mutex);
	void (*mutex_lock)(struct lkl_mutex *mutex);
	void (*mutex_unlock)(struct lkl_mutex *mutex);	/* by its owner */

	/* Run @fn(@arg) on a new thread, to be joined or detached; 0 if there is none. */
	lkl_thread_t (*thread_create)(void (*fn)(void *arg), void *arg);
	void (*thread_detach)(void);			/* the calling thread */
	void (*thread_exit)(void);			/* likewise; does not return */
	int (*thread_join)(lkl_thread_t tid);		/* 0 or -errno */
	lkl_thread_t (*thread_self)(void);
	int (*thread_equal)(lkl_thread_t a, lkl_thread_t b);
	long (*gettid)(void);				/* the host's number of this thread */

	/*
	 * A value for each thread, at first NULL.  @destructor, or NULL, gets
	 * values that are not NULL when their thread ends.  tls_alloc: NULL if
	 * there are no more; tls_set: 0 or -errno.
	 */
	struct lkl_tls_key *(*tls_alloc)(void (*destructor)(void *value));
	void (*tls_free)(struct lkl_tls_key *key);
	int (*tls_set)(struct lkl_tls_key *key, void *value);
	void *(*tls_get)(struct lkl_tls_key *key);

	/* Bytes.  Not cleared; NULL if there are none. */
	void *(*mem_alloc)(unsigned long size);
	void (*mem_free)(void *mem);
	/* Whole pages, cleared; page_free gets the same size. */
	void *(*page_alloc)(unsigned long size);
	void (*page_free)(void *addr, unsigned long size);

	/* Nanoseconds of a clock that never goes back. */
	unsigned long long (*time)(void);

	void *(*memcpy)(void *dest, const void *src, unsigned long count);
	void *(*memset)(void *s, int c, unsigned long count);
	void *(*memmove)(void *dest, const void *src, unsigned long count);
};

/* The operations as they come; lkl_init() takes them or the program's own. */
extern struct lkl_host_operations lkl_host_ops;

/* ---- Disks -------------------------------------------------------------- */

struct lkl_dev_blk_ops;

/*
 * A disk, filled in by the program and given to lkl_disk_add().  The order of the members
 * is part of the interface: bindings of other languages declare it themselves.
 */
struct lkl_disk {
	void *dev;			/* the library's; set by lkl_disk_add() */
	__extension__ union {
		int fd;			/* of a file or block device; stays the program's */
		void *handle;		/* whatever ops want */
	};
	/* NULL or &lkl_dev_blk_ops: the disk is what fd has open. */
	struct lkl_dev_blk_ops *ops;
};

#define LKL_DEV_BLK_TYPE_READ		0
#define LKL_DEV_BLK_TYPE_WRITE		1
#define LKL_DEV_BLK_TYPE_FLUSH		4	/* make durable what was written */
#define LKL_DEV_BLK_TYPE_FLUSH_OUT	5	/* likewise; not sent by this kernel */

#define LKL_DEV_BLK_STATUS_OK		0
#define LKL_DEV_BLK_STATUS_IOERR	1
#define LKL_DEV_BLK_STATUS_UNSUP	2

/* One request.  The library's, buffers too, until request() returns. */
struct lkl_blk_req {
	unsigned int type;		/* LKL_DEV_BLK_TYPE_* */
	unsigned int prio;		/* always 0 */
	unsigned long long sector;	/* where it begins, in units of 512 bytes */
	struct iovec *buf;		/* the data in order; NULL with FLUSH */
	int count;			/* entries of buf */
};

/*
 * What serves a disk.  Both get the struct as it was when the disk was added.
 * They must not make system calls of the kernel that has the disk.
 */
struct lkl_dev_blk_ops {
	/* The size in bytes; what is no whole sector of 512 is not used.  0 or negative. */
	int (*get_capacity)(struct lkl_disk disk, unsigned long long *res);
	/*
	 * Do all of @req and return LKL_DEV_BLK_STATUS_*.  Called on a thread of
	 * the library's, one request of a disk at a time; may wait.  Answering
	 * FLUSH with UNSUP says that writes are durable without.
	 */
	int (*request)(struct lkl_disk disk, struct lkl_blk_req *req);
};

/*
 * The operations of a disk whose fd is a file or block device.  A program may call them,
 * from any thread, before and after the kernel runs; as the ops of a disk they mean the
 * same as NULL.  get_capacity: 0, or -errno of lseek(2).
 */
extern struct lkl_dev_blk_ops lkl_dev_blk_ops;

#ifdef __cplusplus
}
#endif

#endif /* LKL_HOST_H */
