// SPDX-License-Identifier: GPL-2.0
/*
 * ops.c - the table of what the kernel asks of the host
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "internal.h"

static void print(void *host, const char *text, size_t len)
{
	struct anyfs_kernel *k = host;
	struct host_thread *t = k->carrier;

	if (!k->print)
		return;
	/* The function is the user's: give it a stack of the usual size. */
	if (cpu_on_coroutine(t))
		host_on_stack(t->sp, k->print, k->print_data, text, len);
	else
		k->print(k->print_data, text, len);
}

static void random_bytes(void *host, void *buf, size_t len)
{
	(void)host;
	while (len) {
		ssize_t n = getrandom(buf, len, 0);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			abort();	/* no source of randomness at all */
		}
		buf = (char *)buf + n;
		len -= n;
	}
}

static int map(void *host, lkl_addr va, lkl_addr pa, lkl_size len)
{
	struct anyfs_kernel *k = host;

	return arena_map(&k->arena, va, pa, len);
}

static int unmap(void *host, lkl_addr va, lkl_size len)
{
	struct anyfs_kernel *k = host;

	return arena_unmap(&k->arena, va, len);
}

/* Waking a thread takes longer than copying less. */
#define AHEAD_MIN	(512u << 10)

static bool is_worth_a_thread(const struct anyfs_kernel *k, const struct lkl_block_req *req)
{
	return (req->flags & LKL_BLK_AHEAD) && req->len >= AHEAD_MIN && k->many_processors;
}

static int blk_submit(void *host, void *disk, struct lkl_block_req *req)
{
	struct anyfs_kernel *k = host;
	bool ahead = is_worth_a_thread(k, req);
	int kept;

	/* Before submit: it may be completed before that returns. */
	if (!ahead)
		req->flags &= ~LKL_BLK_AHEAD;
	else
		__atomic_fetch_add(&k->ahead, 1, __ATOMIC_RELAXED);
	kept = k->block->submit(k, disk, req);
	if (ahead && !kept)
		__atomic_fetch_sub(&k->ahead, 1, __ATOMIC_RELAXED);
	return kept;
}

static void blk_release(void *host, void *disk)
{
	struct anyfs_kernel *k = host;

	if (disks_remove(k, disk))
		k->block->release(k, disk);
}

const struct lkl_host_ops host_ops = {
	.size = sizeof(host_ops),
	.version = LKL_ABI_VERSION,
	.print = print,
	.stop = cpu_stop,
	.clock_ns = clock_monotonic,
	.sched_clock_ns = clock_sched,
	.realtime_ns = clock_realtime,
	.timer_set = timer_set,
	.random = random_bytes,
	.memcpy = memcpy,
	.memmove = memmove,
	.memset = memset,
	.memcmp = memcmp,
	.map = map,
	.unmap = unmap,
	.ctx_init = cpu_ctx_init,
	.ctx_switch = cpu_ctx_switch,
	.ctx_native = cpu_ctx_native,
	.thread_gone = cpu_thread_gone,
	.idle = cpu_idle,
	.blk_submit = blk_submit,
	.blk_release = blk_release,
};
