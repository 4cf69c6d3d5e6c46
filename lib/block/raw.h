/* SPDX-License-Identifier: GPL-2.0 */
/*
 * raw.h - shared by the files of the raw backend: raw.c opens the image, raw-io.c
 * serves requests, raw-lock.c locks the image
 */
#ifndef ANYFS_BLOCK_RAW_H
#define ANYFS_BLOCK_RAW_H

#include <stdatomic.h>
#include <sys/uio.h>
#include "blockdev.h"
#ifndef __GLIBC__
#include <sys/syscall.h>
#include <unistd.h>

/* musl 1.2.3 has no wrappers.  The offset is two words; on 64-bit machines the second is 0. */
#define preadv2(fd, iov, nr, off, flags)	syscall(SYS_preadv2, fd, iov, nr, off, 0L, flags)
#define pwritev2(fd, iov, nr, off, flags)	syscall(SYS_pwritev2, fd, iov, nr, off, 0L, flags)
#endif

/* How the submitting thread tries a request before the pool gets it. */
enum raw_first {
	RAW_POOL,			/* not at all: it may wait for long */
	RAW_NOWAIT,			/* with RWF_NOWAIT, from the host's page cache only */
	RAW_WHILE_QUICK,		/* like a pool thread, until one request is slow */
	RAW_INLINE,			/* like a pool thread: the file is in memory */
};

/* One direction, reading or writing. */
struct raw_way {
	_Atomic enum raw_first first;
	_Atomic uint64_t slow_until;	/* RAW_WHILE_QUICK: use the pool until then, monotonic ns */
};

struct raw {
	struct blockdev bd;
	struct block_pool *pool;
	uint64_t bytes;			/* size of the whole file or device when opened */
	int fd, probe_fd;		/* see BLOCKDEV_FD_*; probe_fd is -1 during opening */
	bool is_file;			/* regular file, not block device */
	bool locked;
	struct raw_way read, write;
	_Atomic bool can_zero_range;	/* cleared if the first try fails */
};

/* raw-io.c */

int raw_submit(struct blockdev *bd, struct lkl_block_req *req);
bool raw_help(struct blockdev *bd);
int raw_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
		struct blockdev_extent *extents, unsigned int max);
/* The pool's function: serve @req on a pool thread.  @data is the struct raw. */
int raw_serve(void *data, struct lkl_block_req *req);

/* raw-lock.c */

/*
 * Lock the file of @fd.  @given is the descriptor of the same file that the program
 * passed to the library, or -1: if the program already holds a suitable lock by it, that
 * lock is enough.  0, or -errno with error text.  Call raw_unlock() later if *@locked.
 */
int raw_lock(int fd, int given, const char *name, bool write, bool *locked);
void raw_unlock(int fd);

#endif /* ANYFS_BLOCK_RAW_H */
