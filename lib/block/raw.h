/* SPDX-License-Identifier: GPL-2.0 */
/*
 * raw.h - between the files of the raw backend: raw.c opens, raw-io.c serves,
 * raw-lock.c locks
 */
#ifndef ANYFS_BLOCK_RAW_H
#define ANYFS_BLOCK_RAW_H

#include <stdatomic.h>
#include <sys/uio.h>
#include "blockdev.h"
#ifndef __GLIBC__
#include <sys/syscall.h>
#include <unistd.h>

/* musl 1.2.3 has no wrappers.  The offset is one word on 64-bit machines, and 0 follows. */
#define preadv2(fd, iov, nr, off, flags)	syscall(SYS_preadv2, fd, iov, nr, off, 0L, flags)
#define pwritev2(fd, iov, nr, off, flags)	syscall(SYS_pwritev2, fd, iov, nr, off, 0L, flags)
#endif

/* What may be tried on the submitting thread before the pool gets a request. */
enum raw_first {
	RAW_POOL,			/* nothing: who knows what it waits for */
	RAW_NOWAIT,			/* whatever the host's page cache can do at once */
	RAW_WHILE_QUICK,		/* everything, until that turns out to be slow */
	RAW_INLINE,			/* everything: the file is memory */
};

/* One direction, reading or writing. */
struct raw_way {
	_Atomic enum raw_first first;
	_Atomic uint64_t slow_until;	/* RAW_WHILE_QUICK: monotonic ns; until then the pool */
};

struct raw {
	struct blockdev bd;
	struct block_pool *pool;
	uint64_t bytes;			/* of all of the file or device, when it was opened */
	int fd, probe_fd;		/* as BLOCKDEV_FD_*; probe_fd is -1 while it opens */
	bool is_file;			/* regular file, not block device */
	bool locked;
	struct raw_way read, write;
	_Atomic bool can_zero_range;	/* learnt from the first try */
};

/* raw-io.c */

int raw_submit(struct blockdev *bd, struct lkl_block_req *req);
bool raw_help(struct blockdev *bd);
int raw_extents(struct blockdev *bd, uint64_t offset, uint64_t len,
		struct blockdev_extent *extents, unsigned int max);
/* For the pool, @data is the struct raw. */
int raw_serve(void *data, struct lkl_block_req *req);

/* raw-lock.c */

/*
 * Lock the file behind @fd.  @given is the descriptor of the same file that the program
 * handed over, or -1: a lock that the program holds by it is taken instead.  0, or -errno
 * with the text set.  raw_unlock() is needed if *@locked.
 */
int raw_lock(int fd, int given, const char *name, bool write, bool *locked);
void raw_unlock(int fd);

#endif /* ANYFS_BLOCK_RAW_H */
