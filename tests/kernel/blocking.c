// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that block release the CPU: pipes, futexes and sleeps of several host threads, which
 * wake each other.
 */
#include "common.h"
#include <lkl/linux/futex.h>
#include <lkl/linux/time.h>

#define THREADS	8

/* ---- pipes: threads pass a token around a ring ---- */

#define ROUNDS	200

struct link {
	int in, out;
	long err;
};

static void *pass_on(void *arg)
{
	struct link *l = arg;
	unsigned int token;

	for (int i = 0; i < ROUNDS; i++) {
		l->err = lkl_sys_read(l->in, &token, sizeof(token));
		if (l->err != sizeof(token))
			return l;
		token++;
		l->err = lkl_sys_write(l->out, &token, sizeof(token));
		if (l->err != sizeof(token))
			return l;
	}
	return NULL;
}

static void pipes_pass_a_token_around_a_ring(void **state)
{
	struct link links[THREADS];
	pthread_t threads[THREADS];
	int fds[THREADS + 1][2];
	unsigned int token = 0;

	for (int i = 0; i <= THREADS; i++)
		assert_int_equal(lkl_sys_pipe2(fds[i], 0), 0);
	for (int i = 0; i < THREADS; i++) {
		links[i] = (struct link) { .in = fds[i][0], .out = fds[i + 1][1] };
		threads[i] = start(pass_on, &links[i]);
	}
	for (int i = 0; i < ROUNDS; i++) {
		assert_int_equal(lkl_sys_write(fds[0][1], &token, 4), 4);
		assert_int_equal(lkl_sys_read(fds[THREADS][0], &token, 4), 4);
	}
	assert_int_equal(token, ROUNDS * THREADS);
	for (int i = 0; i < THREADS; i++)
		assert_null(finish(threads[i]));
	for (int i = 0; i <= THREADS; i++) {
		lkl_sys_close(fds[i][0]);
		lkl_sys_close(fds[i][1]);
	}
}

/* ---- futex: a counter under a lock that sleeps ---- */

static uint32_t lock_word;
static unsigned long counter;

static void futex_lock(void)
{
	uint32_t free = 0;

	if (__atomic_compare_exchange_n(&lock_word, &free, 1, 0, __ATOMIC_ACQUIRE,
					__ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&lock_word, 2, __ATOMIC_ACQUIRE))
		lkl_sys_futex(&lock_word, LKL_FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
}

static void futex_unlock(void)
{
	if (__atomic_exchange_n(&lock_word, 0, __ATOMIC_RELEASE) == 2)
		lkl_sys_futex(&lock_word, LKL_FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *count_up(void *arg)
{
	for (int i = 0; i < 5000; i++) {
		futex_lock();
		counter++;
		futex_unlock();
	}
	return NULL;
}

static void futexes_wake_sleepers(void **state)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		threads[i] = start(count_up, NULL);
	for (int i = 0; i < THREADS; i++)
		finish(threads[i]);
	assert_int_equal(counter, THREADS * 5000);
}

/* ---- sleep: sleeping threads do not block others ---- */

static int sleepers_done;

static void *sleep_a_while(void *arg)
{
	struct __lkl__kernel_timespec ts = { .tv_nsec = 300 * 1000 * 1000 };
	long err = lkl_sys_nanosleep(&ts, NULL);

	__atomic_add_fetch(&sleepers_done, 1, __ATOMIC_SEQ_CST);
	return (void *)err;
}

/* Returns how many calls succeed while all sleepers sleep. */
static int calls_beside_sleepers(void)
{
	pthread_t threads[THREADS];
	int calls = 0;

	sleepers_done = 0;
	for (int i = 0; i < THREADS; i++)
		threads[i] = start(sleep_a_while, NULL);
	while (!__atomic_load_n(&sleepers_done, __ATOMIC_SEQ_CST)) {
		assert_true(lkl_sys_getppid() >= 0);
		calls++;
	}
	for (int i = 0; i < THREADS; i++)
		assert_null(finish(threads[i]));
	return calls;
}

static void sleepers_do_not_hold_the_cpu(void **state)
{
	int calls = 0;

	/* On a busy machine the first sleeper may wake up before the last one is started. */
	for (int round = 0; round < 20 && calls <= 100; round++)
		calls = calls_beside_sleepers();
	assert_true(calls > 100);
}

/* A thread wakes from sleep while another is blocked in a read. */
static void *write_later(void *arg)
{
	struct __lkl__kernel_timespec ts = { .tv_nsec = 20 * 1000 * 1000 };
	int *fds = arg;

	lkl_sys_nanosleep(&ts, NULL);
	return (void *)(lkl_sys_write(fds[1], "x", 1) - 1);
}

static void a_reader_sleeps_until_written_to(void **state)
{
	int fds[2];
	char c = 0;
	pthread_t t;

	assert_int_equal(lkl_sys_pipe2(fds, 0), 0);
	t = start(write_later, fds);
	assert_int_equal(lkl_sys_read(fds[0], &c, 1), 1);
	assert_int_equal(c, 'x');
	assert_null(finish(t));
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
}

/* Right after boot, some threads that the kernel has started have not run yet. */
static void *first_call(void *k)
{
	int64_t args[6] = { 0 };

	/* Each thread has a task of its own: not pid 1, and no error. */
	return (void *)(intptr_t)(anyfs_kernel_syscall(k, __lkl__NR_getpid, args) > 1 ? 0 : -1);
}

static void the_first_call_may_come_from_another_thread(void **state)
{
	for (int i = 0; i < 20; i++) {
		struct anyfs_kernel *k = boot_kernel();

		assert_null(finish(start(first_call, k)));
		assert_int_equal(anyfs_kernel_shutdown(k), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_call_may_come_from_another_thread),
		cmocka_unit_test(pipes_pass_a_token_around_a_ring),
		cmocka_unit_test(futexes_wake_sleepers),
		cmocka_unit_test(sleepers_do_not_hold_the_cpu),
		cmocka_unit_test(a_reader_sleeps_until_written_to),
	};

	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
