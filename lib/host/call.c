// SPDX-License-Identifier: GPL-2.0
/*
 * call.c - calls into the kernel on the caller's own thread and stack
 */
#include <errno.h>
#include "error.h"
#include "internal.h"

static inline int enter_kernel(struct anyfs_kernel *k, struct host_thread **tp)
{
	struct host_thread *t;
	int err;

	t = *tp = thread_get(k);
	if (!t)
		return -ENOMEM;
	/* Code that the kernel calls back (print, a disk) must not call the kernel. */
	if (t->inside || cpu_on_coroutine(t))
		return -EDEADLK;
	reproducible_call(k, 1);
	err = cpu_enter(t);
	if (err) {
		reproducible_call(k, -1);
		return err;
	}
	__atomic_store_n(&t->inside, true, __ATOMIC_RELAXED);
	return 0;
}

static inline void leave_kernel(struct host_thread *t)
{
	reproducible_call(t->k, -1);
	/* If the instance ended during the call, this thread no longer holds the CPU. */
	if (__builtin_expect(__atomic_load_n(&t->k->state, __ATOMIC_RELAXED) == STATE_RUNNING, 1))
		cpu_leave(t);
	__atomic_store_n(&t->inside, false, __ATOMIC_RELEASE);
}

static inline int64_t call_kernel(struct anyfs_kernel *k, void *fn, int64_t b, const void *c)
{
	struct host_thread *t;
	int64_t ret = enter_kernel(k, &t);

	if (ret)
		return ret;
	ret = host_call(&t->unwind, fn, k, b, c);
	leave_kernel(t);
	return ret;
}

int64_t host_syscall(struct anyfs_kernel *k, int64_t nr, const int64_t *args)
{
	return call_kernel(k, k->ops->syscall, nr, args);
}

int host_disk_add(struct anyfs_kernel *k, const struct lkl_disk_params *params)
{
	int ret = disks_add(k, params->host_disk);

	if (ret)
		return ret;
	ret = call_kernel(k, k->ops->disk_add, (intptr_t)params, NULL);
	if (ret < 0)
		disks_remove(k, params->host_disk);
	return ret;
}

int host_disk_remove(struct anyfs_kernel *k, int disk)
{
	return call_kernel(k, k->ops->disk_remove, disk, NULL);
}

/*
 * host_call() passes the second argument in 64 bits.  Where arguments lie on the stack, a third
 * one after a shorter second one would not be found.
 */
static LKL_CALL int64_t disk_dev(void *k, int64_t disk, const void *partition)
{
	return ((struct anyfs_kernel *)k)->ops->disk_dev(k, disk, (uintptr_t)partition);
}

int64_t host_disk_dev(struct anyfs_kernel *k, int disk, unsigned int partition)
{
	return call_kernel(k, disk_dev, disk, (void *)(uintptr_t)partition);
}

int host_crash(struct anyfs_kernel *k, const char *why)
{
	call_kernel(k, k->ops->crash, (intptr_t)why, NULL);
	return error_set(-EIO, "kernel: %s", host_kernel_death(k));
}

void host_block_complete(struct anyfs_kernel *k, struct lkl_block_req *req, bool may_carry)
{
	struct lkl_block_req *head = __atomic_load_n(&k->cpu->blk_done, __ATOMIC_RELAXED);

	reproducible_block(k, -1);
	if (req->flags & BLK_POLLED)
		__atomic_fetch_sub(&k->ahead, 1, __ATOMIC_RELAXED);
	do {
		req->next = head;
	} while (!__atomic_compare_exchange_n(&k->cpu->blk_done, &head, req, true,
					      __ATOMIC_RELEASE, __ATOMIC_RELAXED));
	cpu_post(k, LKL_IRQ_BLOCK, may_carry);
}
