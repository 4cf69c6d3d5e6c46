// SPDX-License-Identifier: GPL-2.0
/*
 * Two kernels, each with an image of its own, used at once from eight threads
 * that write, read back and delete files.
 *
 *	two-kernels IMAGE-A IMAGE-B	(file systems, written to)
 */
#include "common.h"

#define THREADS	8
#define FILES	40

static const char *images[2];

struct instance {
	struct anyfs_kernel *k;
	int disk;
	AnyfsMount m;
};

struct worker {
	struct instance *w;
	int id;
	char where[160];		/* the error; "" if none */
};

static int report_error(struct worker *wk, const char *what, long err)
{
	snprintf(wk->where, sizeof(wk->where), "thread %d: %s: %ld", wk->id, what, err);
	return -1;
}

static int write_file(struct worker *wk, const char *path, int seed)
{
	char block[4096];
	int fd = lkl_sys_open(path, LKL_O_RDWR | LKL_O_CREAT | LKL_O_TRUNC, 0644);
	long n;

	if (fd < 0)
		return report_error(wk, "create", fd);
	for (int i = 0; i < 16; i++) {
		memset(block, seed + i, sizeof(block));
		n = lkl_sys_write(fd, block, sizeof(block));
		if (n != sizeof(block))
			return report_error(wk, "write", n);
	}
	n = lkl_sys_close(fd);
	return n ? report_error(wk, "close", n) : 0;
}

static int check_file(struct worker *wk, const char *path, int seed)
{
	char block[4096];
	int fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	long n;

	if (fd < 0)
		return report_error(wk, "open", fd);
	for (int i = 0; i < 16; i++) {
		n = lkl_sys_read(fd, block, sizeof(block));
		if (n != sizeof(block))
			return report_error(wk, "read", n);
		if (block[0] != (char)(seed + i) || block[4095] != (char)(seed + i))
			return report_error(wk, "other bytes than written", i);
	}
	lkl_sys_close(fd);
	return 0;
}

static void *write_read_delete(void *arg)
{
	struct worker *wk = arg;
	char path[128];

	anyfs_kernel_use(wk->w->k);
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/thread-%d-%d", wk->w->m.mount_point, wk->id, i);
		if (write_file(wk, path, wk->id * 31 + i))
			return wk;
	}
	for (int i = 0; i < FILES; i++) {
		long err;

		snprintf(path, sizeof(path), "%s/thread-%d-%d", wk->w->m.mount_point, wk->id, i);
		if (check_file(wk, path, wk->id * 31 + i))
			return wk;
		err = i % 4 ? lkl_sys_unlink(path) : 0;
		if (err)
			return report_error(wk, "unlink", err), wk;
	}
	return NULL;
}

static void open_instance(struct instance *w, const char *image)
{
	w->k = boot_kernel();
	anyfs_kernel_use(w->k);
	w->disk = anyfs_disk_add(image, 0);
	if (w->disk < 0)
		fail_msg("%s", anyfs_strerror_last());
	if (anyfs_mount(w->disk, 0, NULL, 0, NULL, &w->m))
		fail_msg("%s", anyfs_strerror_last());
}

static void close_instance(struct instance *w)
{
	anyfs_kernel_use(w->k);
	assert_int_equal(anyfs_umount(w->m.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(w->disk), 0);
	anyfs_kernel_use(NULL);
	assert_int_equal(anyfs_kernel_shutdown(w->k), 0);
}

static void eight_threads_use_two_kernels(void **state)
{
	struct instance instances[2] = { 0 };
	struct worker workers[THREADS];
	pthread_t threads[THREADS];

	open_instance(&instances[0], images[0]);
	open_instance(&instances[1], images[1]);
	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker) { .w = &instances[i % 2], .id = i };
		threads[i] = start(write_read_delete, &workers[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		if (finish(threads[i]))
			fail_msg("%s", workers[i].where);
	}
	close_instance(&instances[0]);
	close_instance(&instances[1]);
}

/* One thread alternates between two kernels. */
static void one_thread_alternates_between_two_kernels(void **state)
{
	struct instance instances[2] = { 0 };

	open_instance(&instances[0], images[0]);
	open_instance(&instances[1], images[1]);
	for (int i = 0; i < 100; i++) {
		struct worker wk = { .w = &instances[i % 2], .id = 100 };
		char path[128];

		anyfs_kernel_use(wk.w->k);
		snprintf(path, sizeof(path), "%s/back-and-forth", wk.w->m.mount_point);
		if (write_file(&wk, path, i) || check_file(&wk, path, i))
			fail_msg("%s", wk.where);
	}
	close_instance(&instances[0]);
	close_instance(&instances[1]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_threads_use_two_kernels),
		cmocka_unit_test(one_thread_alternates_between_two_kernels),
	};

	if (argc != 3) {
		fprintf(stderr, "usage: two-kernels IMAGE-A IMAGE-B\n");
		return 2;
	}
	images[0] = argv[1];
	images[1] = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
