// SPDX-License-Identifier: GPL-2.0
/*
 * The program serves disks itself, from memory.
 *
 *	own-disk IMAGE		(a bare ext4 file system with /hello)
 */
#include "common.h"

struct memory {
	char *bytes;
	size_t size;
	int inside;			/* requests that are being served */
	int reads, writes, flushes;
	int fail_reads, fail_flushes, no_flush, no_capacity;
	int threads_differ;
	pthread_t starter;		/* the thread that added the disk */
};

static struct memory mem;
static char mnt[32], path[64];

static int get_capacity(struct lkl_disk disk, unsigned long long *res)
{
	struct memory *m = disk.handle;

	*res = m->size;
	return m->no_capacity;
}

static int transfer(struct memory *m, struct lkl_blk_req *req)
{
	size_t at = req->sector * 512;

	for (int i = 0; i < req->count; i++) {
		if (at + req->buf[i].iov_len > m->size)
			return LKL_DEV_BLK_STATUS_IOERR;
		if (req->type == LKL_DEV_BLK_TYPE_READ)
			memcpy(req->buf[i].iov_base, m->bytes + at, req->buf[i].iov_len);
		else
			memcpy(m->bytes + at, req->buf[i].iov_base, req->buf[i].iov_len);
		at += req->buf[i].iov_len;
	}
	return LKL_DEV_BLK_STATUS_OK;
}

static int serve(struct memory *m, struct lkl_blk_req *req)
{
	switch (req->type) {
	case LKL_DEV_BLK_TYPE_READ:
		m->reads++;
		return m->fail_reads ? LKL_DEV_BLK_STATUS_IOERR : transfer(m, req);
	case LKL_DEV_BLK_TYPE_WRITE:
		m->writes++;
		return transfer(m, req);
	case LKL_DEV_BLK_TYPE_FLUSH:
	case LKL_DEV_BLK_TYPE_FLUSH_OUT:
		m->flushes++;
		if (m->no_flush)
			return LKL_DEV_BLK_STATUS_UNSUP;
		return m->fail_flushes ? LKL_DEV_BLK_STATUS_IOERR : LKL_DEV_BLK_STATUS_OK;
	default:
		return LKL_DEV_BLK_STATUS_UNSUP;
	}
}

static int request(struct lkl_disk disk, struct lkl_blk_req *req)
{
	struct memory *m = disk.handle;
	int status;

	/* The library must send one request at a time. */
	if (__atomic_add_fetch(&m->inside, 1, __ATOMIC_SEQ_CST) != 1)
		abort();
	m->threads_differ |= !pthread_equal(m->starter, pthread_self());
	usleep(20);
	status = serve(m, req);
	__atomic_sub_fetch(&m->inside, 1, __ATOMIC_SEQ_CST);
	return status;
}

static struct lkl_dev_blk_ops ops = { .get_capacity = get_capacity, .request = request };

static int add(struct lkl_disk *disk)
{
	mem.starter = pthread_self();
	disk->ops = &ops;
	disk->handle = &mem;
	return must(lkl_disk_add(disk));
}

static const char *in_mnt(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", mnt, name);
	return path;
}

static void serves_a_file_system(void **state)
{
	struct lkl_disk disk = { 0 };
	int id = add(&disk), writes;

	must(start_quietly(NULL));
	must(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	assert_file(in_mnt("hello"), "hello\n");
	write_file(in_mnt("new"), "mine");
	writes = mem.writes;
	must(lkl_umount_dev(id, 0, 0, 1000));
	assert_true(mem.writes > writes);
	assert_true(mem.flushes > 0);
	assert_true(mem.threads_differ);
	must(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	assert_file(in_mnt("new"), "mine");
	must(lkl_umount_dev(id, 0, 0, 1000));
	must(lkl_disk_remove(disk));
	must(halt(NULL));
}

static void *read_all(void *arg)
{
	char buf[65536];
	long fd = lkl_sys_open(arg, LKL_O_RDONLY, 0), n, sum = 0;

	while ((n = lkl_sys_pread64(fd, buf, sizeof(buf), sum)) > 0)
		sum += n;
	lkl_sys_close(fd);
	return (void *)(n < 0 ? n : sum);
}

static void many_threads_read_the_disk_at_once(void **state)
{
	struct lkl_disk disk = { 0 };
	char block[4096], big[64];
	pthread_t t[4];
	long fd;
	int id;

	must(start_quietly(NULL));
	id = add(&disk);
	must(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	memset(block, 'b', sizeof(block));
	strcpy(big, in_mnt("big"));
	fd = must(lkl_sys_open(big, LKL_O_WRONLY | LKL_O_CREAT, 0644));
	for (int i = 0; i < 1024; i++)
		assert_int_equal(lkl_sys_write(fd, block, sizeof(block)), sizeof(block));
	must(lkl_sys_close(fd));
	must(lkl_umount_dev(id, 0, 0, 1000));
	must(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&t[i], NULL, read_all, big), 0);
	for (int i = 0; i < 4; i++) {
		void *sum;

		pthread_join(t[i], &sum);
		assert_int_equal((long)sum, 4 << 20);
	}
	must(halt(NULL));
	must(lkl_disk_remove(disk));
}

static void read_errors_reach_the_reader(void **state)
{
	struct lkl_disk disk = { 0 };
	char byte;
	long fd;
	int id;

	must(start_quietly(NULL));
	id = add(&disk);
	must(lkl_mount_dev(id, 0, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt)));
	fd = must(lkl_sys_open(in_mnt("hello"), LKL_O_RDONLY, 0));
	mem.fail_reads = 1;
	assert_int_equal(lkl_sys_read(fd, &byte, 1), -LKL_EIO);
	mem.fail_reads = 0;
	assert_int_equal(lkl_sys_read(fd, &byte, 1), 1);
	must(lkl_sys_close(fd));
	must(lkl_umount_dev(id, 0, 0, 1000));
	must(halt(NULL));
}

static void a_missing_flush_is_ignored_and_a_failed_one_reported(void **state)
{
	struct lkl_disk disk = { 0 };
	long fd, rc;
	int id;

	must(start_quietly(NULL));
	id = add(&disk);
	must(lkl_mount_dev(id, 0, "ext4", 0, NULL, mnt, sizeof(mnt)));
	fd = must(lkl_sys_open(in_mnt("hello"), LKL_O_RDWR, 0));
	mem.no_flush = 1;
	assert_int_equal(lkl_sys_write(fd, "H", 1), 1);
	assert_int_equal(lkl_sys_fsync(fd), 0);
	mem.no_flush = 0;
	mem.fail_flushes = 1;
	assert_int_equal(lkl_sys_write(fd, "h", 1), 1);
	assert_int_equal(lkl_sys_fsync(fd), -LKL_EIO);
	rc = lkl_sys_halt();
	assert_int_equal(rc, -LKL_EIO);		/* the failed flush is reported */
	mem.fail_flushes = 0;
	lkl_cleanup();
}

static void invalid_disks_are_refused(void **state)
{
	struct lkl_dev_blk_ops incomplete = { .get_capacity = get_capacity };
	struct memory small = { .size = 511 };
	struct lkl_disk disk = { 0 };

	disk.ops = &incomplete;
	assert_int_equal(lkl_disk_add(&disk), -LKL_EINVAL);
	disk.ops = &ops;
	disk.handle = &small;
	assert_int_equal(lkl_disk_add(&disk), -LKL_EINVAL);
	small.no_capacity = -LKL_ENOMEDIUM;
	assert_int_equal(lkl_disk_add(&disk), -LKL_ENOMEDIUM);
	small.no_capacity = 1;
	assert_int_equal(lkl_disk_add(&disk), -LKL_EIO);
	assert_null(disk.dev);
}

static void load(const char *image)
{
	FILE *f = fopen(image, "rb");

	if (!f)
		exit(2);
	fseek(f, 0, SEEK_END);
	mem.size = ftell(f);
	rewind(f);
	mem.bytes = malloc(mem.size + 100);	/* a partial sector at the end is not used */
	if (fread(mem.bytes, 1, mem.size, f) != mem.size)
		exit(2);
	mem.size += 100;
	fclose(f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serves_a_file_system),
		cmocka_unit_test(many_threads_read_the_disk_at_once),
		cmocka_unit_test(read_errors_reach_the_reader),
		cmocka_unit_test(a_missing_flush_is_ignored_and_a_failed_one_reported),
		cmocka_unit_test(invalid_disks_are_refused),
	};
	int rc;

	if (argc != 2)
		return 2;
	load(argv[1]);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(mem.bytes);
	return rc;
}
