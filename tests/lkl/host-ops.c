// SPDX-License-Identifier: GPL-2.0
/*
 * Every host operation works without a kernel, and messages go to the program's print operation.
 */
#include "common.h"
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static struct lkl_sem *sem;
static struct lkl_mutex *mutex;
static struct lkl_tls_key *key;
static int counter, destroyed;
static lkl_thread_t seen_self;

static void count(void *arg)
{
	lkl_host_ops.mutex_lock(mutex);
	seen_self = lkl_host_ops.thread_self();
	lkl_host_ops.mutex_unlock(mutex);
	for (int i = 0; i < 10000; i++) {
		lkl_host_ops.mutex_lock(mutex);
		lkl_host_ops.mutex_lock(mutex);		/* it is recursive */
		counter++;
		lkl_host_ops.mutex_unlock(mutex);
		lkl_host_ops.mutex_unlock(mutex);
	}
	lkl_host_ops.sem_up(sem);
	*(int *)arg = 1;
	lkl_host_ops.thread_exit();
	*(int *)arg = 2;
}

static void threads_share_locks_and_semaphores(void **state)
{
	lkl_thread_t t[2];
	int ended[2] = { 0 };

	sem = lkl_host_ops.sem_alloc(1);
	mutex = lkl_host_ops.mutex_alloc(1);
	assert_non_null(sem);
	assert_non_null(mutex);
	lkl_host_ops.sem_down(sem);
	for (int i = 0; i < 2; i++) {
		t[i] = lkl_host_ops.thread_create(count, &ended[i]);
		assert_true(t[i]);
	}
	lkl_host_ops.sem_down(sem);
	lkl_host_ops.sem_down(sem);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lkl_host_ops.thread_join(t[i]), 0);
		assert_int_equal(ended[i], 1);
	}
	assert_int_equal(counter, 20000);
	assert_true(lkl_host_ops.thread_equal(seen_self, t[0]) ||
		    lkl_host_ops.thread_equal(seen_self, t[1]));
	assert_false(lkl_host_ops.thread_equal(seen_self, lkl_host_ops.thread_self()));
	assert_int_equal(lkl_host_ops.gettid(), syscall(SYS_gettid));
	lkl_host_ops.mutex_free(mutex);
	lkl_host_ops.sem_free(sem);
	lkl_host_ops.mutex_free(NULL);
	lkl_host_ops.sem_free(NULL);
	mutex = lkl_host_ops.mutex_alloc(0);
	lkl_host_ops.mutex_lock(mutex);
	lkl_host_ops.mutex_unlock(mutex);
	lkl_host_ops.mutex_free(mutex);
}

static void detach(void *arg)
{
	lkl_host_ops.thread_detach();
	lkl_host_ops.sem_up(sem);
}

static void a_thread_can_detach_itself(void **state)
{
	sem = lkl_host_ops.sem_alloc(0);
	assert_true(lkl_host_ops.thread_create(detach, NULL));
	lkl_host_ops.sem_down(sem);
	lkl_host_ops.sem_free(sem);
}

static void destroy(void *value)
{
	destroyed = *(int *)value;
}

static void use_tls(void *arg)
{
	*(int *)arg = lkl_host_ops.tls_get(key) ? -1 : 5;
	lkl_host_ops.tls_set(key, arg);
}

static void each_thread_has_its_own_tls_value(void **state)
{
	int mine = 1, theirs = 0;
	lkl_thread_t t;

	key = lkl_host_ops.tls_alloc(destroy);
	assert_non_null(key);
	assert_int_equal(lkl_host_ops.tls_set(key, &mine), 0);
	t = lkl_host_ops.thread_create(use_tls, &theirs);
	assert_int_equal(lkl_host_ops.thread_join(t), 0);
	assert_int_equal(destroyed, 5);
	assert_ptr_equal(lkl_host_ops.tls_get(key), &mine);
	assert_int_equal(lkl_host_ops.tls_set(key, NULL), 0);
	lkl_host_ops.tls_free(key);
}

static void memory_operations_and_time_work(void **state)
{
	unsigned long long before = lkl_host_ops.time();
	char *a = lkl_host_ops.mem_alloc(100), *b = lkl_host_ops.page_alloc(10000);

	assert_non_null(a);
	assert_non_null(b);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(b[i], 0);
	lkl_host_ops.memset(a, 'a', 100);
	lkl_host_ops.memcpy(b, a, 100);
	lkl_host_ops.memmove(b + 50, b, 100);
	assert_int_equal(b[149], 'a');
	assert_int_equal(b[150], 0);
	lkl_host_ops.mem_free(a);
	lkl_host_ops.page_free(b, 10000);
	usleep(2000);
	assert_in_range(lkl_host_ops.time() - before, 2000000, 60000000000ULL);
}

/* ---- messages ---- */

static char printed[4096];

static void keep(const char *str, int len)
{
	strncat(printed, str, len);
}

static void messages_go_to_print(void **state)
{
	struct lkl_host_operations own = lkl_host_ops;

	own.print = keep;
	assert_int_equal(lkl_init(&own), 0);
	assert_int_equal(lkl_printf("%s %d\n", "number", 7), 9);
	lkl_perror("disk.img", -LKL_ENOENT);
	assert_string_equal(printed, "number 7\ndisk.img: No such file or directory\n");
	own.print = NULL;
	assert_int_equal(lkl_printf("unheard"), 7);
	assert_null(strstr(printed, "unheard"));
	lkl_cleanup();
}

static void kernel_messages_go_to_print(void **state)
{
	struct lkl_host_operations own = lkl_host_ops;

	own.print = keep;
	printed[0] = '\0';
	assert_int_equal(lkl_init(&own), 0);
	must(lkl_start_kernel("mem=32M loglevel=6"));
	assert_non_null(strstr(printed, "Linux version"));
	assert_int_equal(lkl_sys_halt(), 0);

	own.print = NULL;
	printed[0] = '\0';
	must(lkl_start_kernel("mem=32M loglevel=8"));
	assert_int_equal(lkl_sys_halt(), 0);
	assert_string_equal(printed, "");
	lkl_cleanup();
}

static void every_errno_has_a_text(void **state)
{
	assert_string_equal(lkl_strerror(0), "Success");
	assert_string_equal(lkl_strerror(-LKL_EPERM), "Operation not permitted");
	assert_string_equal(lkl_strerror(LKL_EHWPOISON), "Memory page has hardware error");
	assert_string_equal(lkl_strerror(-524), "Operation not supported by the kernel");
	for (int err = 1; err <= LKL_EHWPOISON; err++)
		if (err != 41 && err != 58)	/* not assigned to an error */
			assert_string_not_equal(lkl_strerror(-err), "unknown error");
	assert_string_equal(lkl_strerror(-520), "unknown error");
	assert_string_equal(lkl_strerror(-532), "unknown error");
	assert_string_equal(lkl_strerror(-2147483647 - 1), "unknown error");
}

/* panic() ends the process, so call it in a child. */
static int lkl_bug_status(void (*panic)(void), char *output, size_t size)
{
	int pipefd[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(pipefd), 0);
	pid = fork();
	if (!pid) {
		dup2(pipefd[1], 1);
		signal(SIGABRT, SIG_DFL);
		lkl_host_ops.panic = panic;
		lkl_bug("bad %s\n", "thing");
		_exit(99);
	}
	close(pipefd[1]);
	n = read(pipefd[0], output, size - 1);
	output[n > 0 ? n : 0] = '\0';
	close(pipefd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void leave(void)
{
	_exit(42);
}

static void return_from_panic(void)
{
}

static void lkl_bug_ends_the_process(void **state)
{
	char output[64];
	int status = lkl_bug_status(lkl_host_ops.panic, output, sizeof(output));

	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_string_equal(output, "bad thing\n");
	status = lkl_bug_status(leave, output, sizeof(output));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	status = lkl_bug_status(return_from_panic, output, sizeof(output));
	assert_true(WIFSIGNALED(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_locks_and_semaphores),
		cmocka_unit_test(a_thread_can_detach_itself),
		cmocka_unit_test(each_thread_has_its_own_tls_value),
		cmocka_unit_test(memory_operations_and_time_work),
		cmocka_unit_test(messages_go_to_print),
		cmocka_unit_test(kernel_messages_go_to_print),
		cmocka_unit_test(every_errno_has_a_text),
		cmocka_unit_test(lkl_bug_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
