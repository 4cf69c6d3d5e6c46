// SPDX-License-Identifier: GPL-2.0
/*
 * Blockdevs as disks of a kernel: ownership, and that a blockdev is not closed while a
 * request is in flight.  A few lines here replace the kernel of lib/host.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include "attach.h"
#include "contract.h"
#include "error.h"
#include "fault.h"

#define SIZE	65536

struct anyfs_kernel {
	struct lkl_disk_params params;
	int add_result, remove_result;
	bool in_kernel;
	bool reproducible;
	bool release_late;		/* on another thread, after disk_remove */
	pthread_t late;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	unsigned int completed;
};

static struct anyfs_kernel kernel;
static int closed;

int host_disk_add(struct anyfs_kernel *k, const struct lkl_disk_params *params)
{
	k->params = *params;
	return k->add_result;
}

static void *release(void *arg)
{
	struct anyfs_kernel *k = arg;

	block_attach_ops.release(k, k->params.host_disk);
	return NULL;
}

int host_disk_remove(struct anyfs_kernel *k, int disk)
{
	if (k->remove_result)
		return k->remove_result;
	if (k->release_late)
		pthread_create(&k->late, NULL, release, k);
	else
		release(k);
	return 0;
}

bool host_in_kernel(void)
{
	return kernel.in_kernel;
}

bool host_kernel_is_reproducible(struct anyfs_kernel *k)
{
	return k->reproducible;
}

void host_block_complete(struct anyfs_kernel *k, struct lkl_block_req *req, bool may_carry)
{
	pthread_mutex_lock(&k->lock);
	k->completed++;
	pthread_cond_signal(&k->cond);
	pthread_mutex_unlock(&k->lock);
}

static int set_up(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	pthread_mutex_init(&kernel.lock, NULL);
	pthread_cond_init(&kernel.cond, NULL);
	closed = 0;
	return 0;
}

static int nothing(void *data, struct lkl_block_req *req)
{
	return 0;
}

static void note_close(void *data)
{
	closed++;
}

/* A blockdev that reports when it is closed. */
static struct blockdev *open_seen(void)
{
	static const struct callback_ops ops = { .request = nothing, .close = note_close };
	struct blockdev *bd;

	assert_int_equal(callback_open(&ops, NULL, SIZE, true, 2, &bd), 0);
	return bd;
}

static void the_kernel_knows_the_abilities_of_the_blockdev(void **state)
{
	struct blockdev *bd = open_seen();

	bd->can_discard = bd->can_zero = bd->can_fua = true;
	bd->limits.discard_granularity = 4096;
	assert_int_equal(block_attach(&kernel, bd), 0);
	assert_int_equal(kernel.params.size, sizeof(kernel.params));
	assert_int_equal(kernel.params.capacity, SIZE);
	assert_int_equal(kernel.params.logical_block, 512);
	assert_int_equal(kernel.params.discard_granularity, 4096);
	assert_int_equal(kernel.params.flags, LKL_DISK_FLUSH | LKL_DISK_FUA |
			 LKL_DISK_DISCARD | LKL_DISK_ZERO);
	assert_int_equal(block_detach(&kernel, 0), 0);
	bd = open_seen();
	bd->can_write = bd->can_flush = false;
	assert_int_equal(block_attach(&kernel, bd), 0);
	assert_int_equal(kernel.params.flags, LKL_DISK_READONLY);
	assert_int_equal(block_detach(&kernel, 0), 0);
}

static void attaching_takes_over_the_blockdev(void **state)
{
	struct blockdev *bd = open_seen();

	kernel.add_result = 3;
	assert_int_equal(block_attach(&kernel, bd), 3);
	assert_ptr_equal(block_attached(&kernel, 3), bd);
	assert_null(block_attached(&kernel, 0));
	assert_null(block_attached(NULL, 3));
	assert_int_equal(block_detach(&kernel, 3), 0);
	assert_int_equal(closed, 1);
	assert_null(block_attached(&kernel, 3));
	assert_int_equal(block_detach(&kernel, 3), -ENODEV);
}

static void a_failed_attach_leaves_the_blockdev_to_the_caller(void **state)
{
	struct blockdev *bd = open_seen();

	kernel.add_result = -EIO;
	assert_int_equal(block_attach(&kernel, bd), -EIO);
	assert_non_null(strstr(error_last(), bd->name));
	/* A kernel that died while it took the disk may still release it. */
	release(&kernel);
	assert_int_equal(closed, 0);
	blockdev_close(bd);
	assert_int_equal(closed, 1);
}

static void a_busy_disk_cannot_be_detached(void **state)
{
	struct blockdev *bd = open_seen();

	assert_int_equal(block_attach(&kernel, bd), 0);
	kernel.remove_result = -EBUSY;
	assert_int_equal(block_detach(&kernel, 0), -EBUSY);
	assert_non_null(strstr(error_last(), "in use"));
	assert_ptr_equal(block_attached(&kernel, 0), bd);
	assert_int_equal(closed, 0);
	kernel.remove_result = 0;
	assert_int_equal(block_detach(&kernel, 0), 0);
}

static void the_blockdev_is_closed_when_detaching_returns(void **state)
{
	kernel.release_late = true;
	for (unsigned int i = 0; i < 50; i++) {
		assert_int_equal(block_attach(&kernel, open_seen()), 0);
		assert_int_equal(block_detach(&kernel, 0), 0);
		assert_int_equal(closed, i + 1);
		pthread_join(kernel.late, NULL);
	}
}

static void a_blockdev_released_on_a_kernel_stack_is_closed_by_a_thread(void **state)
{
	kernel.in_kernel = true;
	assert_int_equal(block_attach(&kernel, open_seen()), 0);
	assert_int_equal(block_detach(&kernel, 0), 0);
	assert_int_equal(closed, 1);
}

static void passes_requests_down_and_completions_up(void **state)
{
	struct blockdev *bd;
	struct io io[16];

	assert_int_equal(memory_open(SIZE, &bd), 0);
	assert_int_equal(block_attach(&kernel, bd), 0);
	io_init(&io[0], LKL_BLK_DISCARD, NULL, 4096, 0);
	assert_int_equal(block_attach_ops.submit(&kernel, kernel.params.host_disk, &io[0].req), 0);
	assert_int_equal(io[0].req.status, 0);
	assert_int_equal(kernel.completed, 0);
	assert_int_equal(block_detach(&kernel, 0), 0);

	assert_int_equal(block_attach(&kernel, open_seen()), 0);
	for (unsigned int i = 0; i < 16; i++) {
		io_init(&io[i], LKL_BLK_FLUSH, NULL, 0, 0);
		assert_int_equal(block_attach_ops.submit(&kernel, kernel.params.host_disk,
							 &io[i].req), 1);
	}
	pthread_mutex_lock(&kernel.lock);
	while (kernel.completed < 16)
		pthread_cond_wait(&kernel.cond, &kernel.lock);
	pthread_mutex_unlock(&kernel.lock);
	assert_int_equal(block_detach(&kernel, 0), 0);
}

/* Submit a request as the kernel does; its status. */
static int status_of(unsigned int op)
{
	static char data[512];
	unsigned int before = kernel.completed;
	struct io io;

	io_init(&io, op, op == LKL_BLK_READ || op == LKL_BLK_WRITE ? data : NULL,
		op == LKL_BLK_FLUSH ? 0 : sizeof(data), 0);
	if (block_attach_ops.submit(&kernel, kernel.params.host_disk, &io.req) == BLOCKDEV_KEPT) {
		pthread_mutex_lock(&kernel.lock);
		while (kernel.completed == before)
			pthread_cond_wait(&kernel.cond, &kernel.lock);
		pthread_mutex_unlock(&kernel.lock);
	}
	return io.req.status;
}

/* Attach a disk, let one request of the kind @op fail once, and return the status of a write. */
static int status_of_write_after_failed(unsigned int op, bool stop, bool late)
{
	struct blockdev *lower = open_seen(), *bd;

	lower->can_discard = lower->can_zero = true;
	assert_int_equal(fault_open(lower, &bd), 0);
	bd->stop_on_error = stop;
	fault_set(bd, &(struct fault_rules){
		.error = -ENOSPC, .error_ops = FAULT_OP(op), .error_count = 1,
		.delay_ops = late ? FAULT_ALL_OPS : 0, .delay_max_us = 100,
	});
	assert_int_equal(block_attach(&kernel, bd), 0);
	assert_int_equal(status_of(op), -ENOSPC);
	return status_of(LKL_BLK_WRITE);
}

static void a_disk_may_stop_when_a_write_or_flush_has_failed(void **state)
{
	static const unsigned int ops[] = { LKL_BLK_WRITE, LKL_BLK_FLUSH };

	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(status_of_write_after_failed(ops[i / 2], true, i % 2), -ENOSPC);
		assert_int_equal(status_of(LKL_BLK_FLUSH), -ENOSPC);
		assert_int_equal(status_of(LKL_BLK_ZERO), -ENOSPC);
		assert_int_equal(status_of(LKL_BLK_DISCARD), -ENOSPC);
		assert_int_equal(status_of(LKL_BLK_READ), 0);
		assert_int_equal(blockdev_stopped(block_attached(&kernel, 0)), -ENOSPC);
		assert_int_equal(block_detach(&kernel, 0), 0);
	}
}

static void a_disk_that_must_not_stop_goes_on(void **state)
{
	assert_int_equal(status_of_write_after_failed(LKL_BLK_WRITE, false, false), 0);
	assert_int_equal(status_of(LKL_BLK_FLUSH), 0);
	assert_int_equal(block_detach(&kernel, 0), 0);
}

static void other_failed_requests_do_not_stop_a_disk(void **state)
{
	static const unsigned int ops[] = { LKL_BLK_READ, LKL_BLK_DISCARD, LKL_BLK_ZERO };

	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(status_of_write_after_failed(ops[i], true, false), 0);
		assert_int_equal(block_detach(&kernel, 0), 0);
	}
}

static void release_waits_for_pending_requests(void **state)
{
	struct blockdev *lower, *bd;
	struct io *io = calloc(16, sizeof(*io));
	char *data = malloc(SIZE);

	assert_int_equal(memory_open(SIZE, &lower), 0);
	assert_int_equal(fault_open(lower, &bd), 0);
	fault_set(bd, &(struct fault_rules){
		.delay_ops = FAULT_ALL_OPS, .delay_min_us = 5000, .delay_max_us = 30000,
	});
	assert_int_equal(block_attach(&kernel, bd), 0);
	for (unsigned int i = 0; i < 16; i++) {
		io_init(&io[i], LKL_BLK_READ, data + i * 4096, 4096, i * 4096);
		assert_int_equal(block_attach_ops.submit(&kernel, kernel.params.host_disk,
							 &io[i].req), 1);
	}
	/* The kernel dies, and its memory is freed at once. */
	release(&kernel);
	free(io);
	free(data);
	assert_int_equal(kernel.completed, 16);
}

/* A blockdev with a few reads ahead that a waiting thread can do. */
struct helpable {
	struct blockdev bd;
	_Atomic int left, inside;
};

static bool help_once(struct blockdev *bd)
{
	struct helpable *helped = (struct helpable *)bd;
	bool any;

	helped->inside++;
	any = helped->left > 0;
	if (any)
		helped->left--;
	sched_yield();
	helped->inside--;
	return any;
}

static void close_helped(struct blockdev *bd)
{
	assert_int_equal(((struct helpable *)bd)->inside, 0);
	closed++;
	free(bd);
}

static struct helpable *open_helped(int left)
{
	static const struct blockdev_ops ops = {
		.size = sizeof(ops), .help = help_once, .close = close_helped,
	};
	struct helpable *helped = calloc(1, sizeof(*helped));

	assert_int_equal(blockdev_init(&helped->bd, &ops, "helped"), 0);
	helped->bd.capacity = SIZE;
	helped->bd.limits.logical_block = 512;
	helped->left = left;
	return helped;
}

static void a_waiting_thread_helps_the_disks_of_its_own_kernel(void **state)
{
	struct helpable *mine[2] = { open_helped(1), open_helped(2) }, *other = open_helped(1);
	struct anyfs_kernel other_kernel = { .add_result = 0 };
	void *disks[3];

	/* A disk without a help operation is skipped. */
	kernel.add_result = 7;
	assert_int_equal(block_attach(&kernel, open_seen()), 7);
	disks[2] = kernel.params.host_disk;
	for (int i = 0; i < 2; i++) {
		kernel.add_result = i;
		assert_int_equal(block_attach(&kernel, &mine[i]->bd), i);
		disks[i] = kernel.params.host_disk;
	}
	assert_int_equal(block_attach(&other_kernel, &other->bd), 0);
	for (int i = 0; i < 3; i++)
		assert_true(block_attach_ops.help(&kernel));
	assert_false(block_attach_ops.help(&kernel));
	assert_int_equal(mine[0]->left + mine[1]->left, 0);
	assert_int_equal(other->left, 1);
	release(&other_kernel);
	for (int i = 0; i < 3; i++)
		block_attach_ops.release(&kernel, disks[i]);
	assert_int_equal(closed, 4);
}

static void *help_always(void *stop)
{
	while (!*(_Atomic bool *)stop)
		block_attach_ops.help(&kernel);
	return NULL;
}

static void no_disk_is_closed_while_a_thread_helps_it(void **state)
{
	_Atomic bool stop = false;
	pthread_t helper;

	pthread_create(&helper, NULL, help_always, &stop);
	for (unsigned int i = 0; i < 500; i++) {
		assert_int_equal(block_attach(&kernel, &open_helped(1)->bd), 0);
		assert_int_equal(block_detach(&kernel, 0), 0);
		assert_int_equal(closed, i + 1);
	}
	stop = true;
	pthread_join(helper, NULL);
}

#define CASE(text, fn)	{ text, fn, set_up, NULL, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("the kernel knows the abilities of the blockdev",
		     the_kernel_knows_the_abilities_of_the_blockdev),
		CASE("attaching takes over the blockdev", attaching_takes_over_the_blockdev),
		CASE("a failed attach leaves the blockdev to the caller",
		     a_failed_attach_leaves_the_blockdev_to_the_caller),
		CASE("a busy disk cannot be detached", a_busy_disk_cannot_be_detached),
		CASE("the blockdev is closed when detaching returns",
		     the_blockdev_is_closed_when_detaching_returns),
		CASE("a blockdev released on a kernel stack is closed by a thread",
		     a_blockdev_released_on_a_kernel_stack_is_closed_by_a_thread),
		CASE("passes requests down and completions up",
		     passes_requests_down_and_completions_up),
		CASE("a disk may stop when a write or flush has failed",
		     a_disk_may_stop_when_a_write_or_flush_has_failed),
		CASE("a disk that must not stop goes on", a_disk_that_must_not_stop_goes_on),
		CASE("other failed requests do not stop a disk",
		     other_failed_requests_do_not_stop_a_disk),
		CASE("release waits for pending requests",
		     release_waits_for_pending_requests),
		CASE("a waiting thread helps the disks of its own kernel",
		     a_waiting_thread_helps_the_disks_of_its_own_kernel),
		CASE("no disk is closed while a thread helps it",
		     no_disk_is_closed_while_a_thread_helps_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
