// SPDX-License-Identifier: GPL-2.0
/*
 * A mounted ext4 over a backend that is slow, answers out of order from other
 * threads, and fails: data stays correct, errors reach the caller, and other disks of the
 * kernel continue.
 *
 *	faults IMAGE		(a bare ext4 file system, written to)
 */
#include "common.h"
#include "attach.h"
#include "fault.h"

#define BIG	(4 << 20)
#define THREADS	6

static const char *image;

struct rig {
	struct blockdev *fault;
	int disk;
	AnyfsMount m;
};

static void set_up(struct rig *r, const struct fault_rules *rules)
{
	struct blockdev *raw;

	assert_int_equal(raw_open(image, BLOCKDEV_WRITE, &raw), 0);
	assert_int_equal(fault_open(raw, &r->fault), 0);
	if (rules)
		fault_set(r->fault, rules);
	r->disk = block_attach(anyfs_kernel_current(), r->fault);
	assert_true(r->disk >= 0);
	if (anyfs_mount(r->disk, 0, "ext4", 0, NULL, &r->m))
		fail_msg("%s", anyfs_strerror_last());
}

static void tear_down(struct rig *r)
{
	assert_int_equal(anyfs_umount(r->m.mount_point), 0);
	assert_int_equal(block_detach(anyfs_kernel_current(), r->disk), 0);
}

static void make_path(const struct rig *r, int id, char *path, size_t len)
{
	snprintf(path, len, "%s/file-%d", r->m.mount_point, id);
}

struct job {
	struct rig *rig;
	int id;
	long err;			/* line of the first failure */
};

/* Each int of the file is seven times its index plus the file's id. */
static void *write_and_sync(void *arg)
{
	struct job *j = arg;
	int *data = malloc(BIG);
	char path[128];
	int fd;

	make_path(j->rig, j->id, path, sizeof(path));
	for (int i = 0; i < BIG / 4; i++)
		data[i] = i * 7 + j->id;
	fd = lkl_sys_open(path, LKL_O_RDWR | LKL_O_CREAT | LKL_O_TRUNC, 0644);
	if (fd < 0 || lkl_sys_write(fd, (char *)data, BIG) != BIG)
		j->err = __LINE__;
	else if (lkl_sys_fsync(fd))
		j->err = __LINE__;
	if (fd >= 0)
		lkl_sys_close(fd);
	free(data);
	return NULL;
}

static void *read_back(void *arg)
{
	struct job *j = arg;
	int *data = malloc(BIG);
	char path[128];
	int fd;

	make_path(j->rig, j->id, path, sizeof(path));
	fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	if (fd < 0 || lkl_sys_read(fd, (char *)data, BIG) != BIG)
		j->err = __LINE__;
	for (int i = 0; !j->err && i < BIG / 4; i++) {
		if (data[i] != i * 7 + j->id)
			j->err = __LINE__;
	}
	if (fd >= 0)
		lkl_sys_close(fd);
	free(data);
	return NULL;
}

static void all_threads(struct rig *r, void *(*fn)(void *))
{
	struct job jobs[THREADS];
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		jobs[i] = (struct job) { .rig = r, .id = i };
		threads[i] = start(fn, &jobs[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		finish(threads[i]);
		if (jobs[i].err)
			fail_msg("thread %d failed at line %ld", i, jobs[i].err);
	}
}

static void drop_caches(void)
{
	int fd = lkl_sys_open("/proc/sys/vm/drop_caches", LKL_O_WRONLY, 0);

	assert_true(fd >= 0);
	assert_int_equal(lkl_sys_write(fd, "3", 1), 1);
	lkl_sys_close(fd);
}

static void data_survive_slow_and_reordered_requests(void **state)
{
	const struct fault_rules rules = {
		.delay_ops = FAULT_ALL_OPS, .delay_max_us = 3000,
	};
	struct rig r;

	set_up(&r, &rules);
	all_threads(&r, write_and_sync);
	drop_caches();
	all_threads(&r, read_back);
	tear_down(&r);
}

/* While one disk's reads hang, another disk can be added and removed. */
static void a_hung_disk_does_not_stop_other_disks(void **state)
{
	const struct fault_rules hold = { .hold_ops = FAULT_OP(LKL_BLK_READ) };
	const struct fault_rules none = { 0 };
	struct job j = { 0 };
	struct rig r;
	pthread_t t;
	int memory;

	set_up(&r, NULL);
	drop_caches();
	fault_set(r.fault, &hold);
	j.rig = &r;
	t = start(read_back, &j);
	while (!fault_waiting(r.fault))
		sched_yield();
	memory = anyfs_disk_add_memory(1 << 20);
	assert_true(memory >= 0);
	assert_int_equal(anyfs_disk_remove(memory), 0);
	fault_set(r.fault, &none);
	finish(t);
	assert_int_equal(j.err, 0);
	tear_down(&r);
}

static void a_read_error_reaches_the_caller(void **state)
{
	const struct fault_rules broken = {
		.error = -EIO, .error_ops = FAULT_OP(LKL_BLK_READ),
	};
	const struct fault_rules none = { 0 };
	struct rig r;
	char path[128], *buf = malloc(BIG);
	int fd;

	set_up(&r, NULL);
	make_path(&r, 0, path, sizeof(path));
	fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	assert_true(fd >= 0);
	drop_caches();
	fault_set(r.fault, &broken);
	assert_int_equal(lkl_sys_pread64(fd, buf, BIG, 0), -EIO);
	fault_set(r.fault, &none);
	assert_int_equal(lkl_sys_pread64(fd, buf, BIG, 0), BIG);
	lkl_sys_close(fd);
	free(buf);
	tear_down(&r);
}

/* A write that cannot be stored is reported by fsync, and the kernel lives. */
static void a_write_error_reaches_fsync(void **state)
{
	const struct fault_rules broken = {
		.error = -EIO, .error_ops = FAULT_OP(LKL_BLK_WRITE),
	};
	const struct fault_rules none = { 0 };
	struct rig r;
	char path[128];
	int fd;

	set_up(&r, NULL);
	make_path(&r, 100, path, sizeof(path));
	fd = lkl_sys_open(path, LKL_O_RDWR | LKL_O_CREAT, 0644);
	assert_true(fd >= 0);
	assert_int_equal(lkl_sys_fsync(fd), 0);
	fault_set(r.fault, &broken);
	assert_int_equal(lkl_sys_write(fd, path, sizeof(path)), sizeof(path));
	assert_int_equal(lkl_sys_fsync(fd), -EIO);
	fault_set(r.fault, &none);
	lkl_sys_close(fd);
	assert_int_equal(anyfs_kernel_is_running(NULL), 1);
	anyfs_umount(r.m.mount_point);
	assert_int_equal(block_detach(anyfs_kernel_current(), r.disk), 0);
}

static int boot_with_proc(void **state)
{
	int err = group_boot(state);

	return err ? err : lkl_mount_fs("proc");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_survive_slow_and_reordered_requests),
		cmocka_unit_test(a_hung_disk_does_not_stop_other_disks),
		cmocka_unit_test(a_read_error_reaches_the_caller),
		cmocka_unit_test(a_write_error_reaches_fsync),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: faults IMAGE\n");
		return 2;
	}
	image = argv[1];
	return cmocka_run_group_tests(tests, boot_with_proc, group_halt);
}
