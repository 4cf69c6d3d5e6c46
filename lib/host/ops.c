// SPDX-License-Identifier: GPL-2.0
/*
 * ops.c - struct lkl_host_ops, the table of functions that the kernel calls
 *
 * The variable lkl_host_ops of include/lkl_host.h is another table: the operations of programs
 * that were written for LKL.
 */
#include <string.h>
#include "internal.h"

/* Without a file clock, the real time is read again when the last time stamp is this old. */
#define FILE_TIME_STEP_NS	20000

static LKL_CALL void print(void *host, const char *text, size_t len)
{
	struct anyfs_kernel *k = host;
	struct host_thread *t = k->carrier;

	if (!k->print)
		return;
	/* The program's print function needs more stack than a kernel stack has. */
	if (cpu_on_coroutine(t))
		host_on_stack(t->sp, k->print, k->print_data, text, len);
	else
		k->print(k->print_data, text, len);
}

static LKL_CALL lkl_u64 clock_ns(void *host)
{
	struct anyfs_kernel *k = host;

	return k->reproducible ? reproducible_clock_ns(k) : os_clock_ns();
}

static LKL_CALL lkl_u64 sched_clock_ns(void *host)
{
	struct anyfs_kernel *k = host;

	return k->reproducible ? reproducible_clock_ns(k) : os_sched_clock_ns();
}

/* The time of a reproducible kernel may be that of 1970, which is 0. */
static bool has_fixed_time(const struct anyfs_kernel *k)
{
	return k->fixed_time_ns || k->reproducible;
}

/* Read at boot; from then on the kernel's wall clock advances with clock_ns(). */
static LKL_CALL lkl_u64 realtime_ns(void *host)
{
	const struct anyfs_kernel *k = host;

	return has_fixed_time(k) ? k->fixed_time_ns : os_realtime_ns();
}

/* Only the thread that has the virtual CPU calls this. */
static LKL_CALL lkl_u64 file_time_ns(void *host)
{
	struct anyfs_kernel *k = host;
	int clock = __atomic_load_n(&k->file_clock, __ATOMIC_RELAXED);
	uint64_t now;

	if (has_fixed_time(k))
		return k->fixed_time_ns;
	if (clock >= 0)
		return os_file_clock_ns(clock);
	now = os_sched_clock_ns();
	if (now - k->file_time_read >= FILE_TIME_STEP_NS) {
		k->file_time_read = now;
		k->file_time = os_realtime_ns();
	}
	return k->file_time;
}

static LKL_CALL void random_bytes(void *host, void *buf, lkl_size len)
{
	struct anyfs_kernel *k = host;

	if (k->reproducible)
		reproducible_random(k, buf, len);
	else
		os_random(buf, len);
}

static LKL_CALL int map(void *host, lkl_addr va, lkl_addr pa, lkl_size len)
{
	struct anyfs_kernel *k = host;

	return os_arena_map(&k->arena, va, pa, len);
}

static LKL_CALL int unmap(void *host, lkl_addr va, lkl_size len)
{
	struct anyfs_kernel *k = host;

	return os_arena_unmap(&k->arena, va, len);
}

/* Bytes.  Smaller readahead is done at once: waking a thread takes longer than the copy. */
#define AHEAD_MIN	(512u << 10)

static bool is_worth_a_thread(const struct anyfs_kernel *k, const struct lkl_block_req *req)
{
	return (req->flags & LKL_BLK_AHEAD) && req->len >= AHEAD_MIN && k->many_processors &&
	       !k->reproducible;
}

/* Mark @req if a thread may poll for its completion, and count it. */
static void choose_polling(struct anyfs_kernel *k, void *disk, struct lkl_block_req *req)
{
	if (k->block->is_remote(disk))
		return;
	req->flags |= BLK_POLLED;
	__atomic_fetch_add(&k->ahead, 1, __ATOMIC_RELAXED);
}

static LKL_CALL int blk_submit(void *host, void *disk, struct lkl_block_req *req)
{
	struct anyfs_kernel *k = host;
	bool polled;
	int kept;

	/* Count the request before submit(): it may complete before submit() returns. */
	if (is_worth_a_thread(k, req))
		choose_polling(k, disk, req);
	else
		req->flags &= ~LKL_BLK_AHEAD;
	polled = req->flags & BLK_POLLED;
	reproducible_block(k, 1);
	kept = k->block->submit(k, disk, req);
	if (!kept)
		reproducible_block(k, -1);
	if (polled && !kept)
		__atomic_fetch_sub(&k->ahead, 1, __ATOMIC_RELAXED);
	return kept;
}

static LKL_CALL void blk_release(void *host, void *disk)
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
	.clock_ns = clock_ns,
	.sched_clock_ns = sched_clock_ns,
	.realtime_ns = realtime_ns,
	.file_time_ns = file_time_ns,
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
