// SPDX-License-Identifier: GPL-2.0
/*
 * Eight threads write, rename, link, truncate, read and delete files of one file system at
 * once, each in a directory of its own, and fsync now and then.  Every byte read is zero or
 * the writer's own; then everything unmounts.
 *
 *	mixed-load IMAGE	(a file system, written to; fsck it afterwards)
 */
#include "common.h"

#define THREADS		8
#define OPERATIONS	3000
#define FILES		64
#define SPAN		100000

static const char *image;
static AnyfsMount mnt;

struct worker {
	pthread_t thread;
	int id;
	unsigned int seed;
	char path[2][160];		/* two files, chosen again for each operation */
	char buf[20000];
	char where[200];		/* the failed call; "" if none failed */
};

static unsigned int random_below(struct worker *w, unsigned int sides)
{
	return rand_r(&w->seed) % sides;
}

static long overwrite(struct worker *w)
{
	long fd = lkl_sys_open(w->path[0], LKL_O_RDWR | LKL_O_CREAT, 0644), n;
	size_t len = 1 + random_below(w, sizeof(w->buf));

	if (fd < 0)
		return fd;
	memset(w->buf, w->id, len);
	n = lkl_sys_pwrite64(fd, w->buf, len, random_below(w, SPAN));
	if (n == (long)len)
		n = random_below(w, 32) ? 0 : lkl_sys_fsync(fd);
	else if (n >= 0)
		n = -LKL_EIO;
	lkl_sys_close(fd);
	return n;
}

static long look(struct worker *w)
{
	long fd = lkl_sys_open(w->path[0], LKL_O_RDONLY, 0), n;

	if (fd < 0)
		return fd;
	n = lkl_sys_read(fd, w->buf, sizeof(w->buf));
	lkl_sys_close(fd);
	for (long i = 0; i < n; i++) {
		if (w->buf[i] && w->buf[i] != w->id)
			return -LKL_EILSEQ;
	}
	return n < 0 ? n : 0;
}

static long random_call(struct worker *w)
{
	switch (random_below(w, 8)) {
	case 0:
		return lkl_sys_rename(w->path[0], w->path[1]);
	case 1:
		return lkl_sys_unlink(w->path[0]);
	case 2:
		return lkl_sys_link(w->path[0], w->path[1]);
	case 3:
		return lkl_sys_truncate(w->path[0], random_below(w, SPAN));
	case 4:
		return look(w);
	default:
		return overwrite(w);
	}
}

static void *work(void *arg)
{
	struct worker *w = arg;
	char dir[120];
	long err;

	snprintf(dir, sizeof(dir), "%s/thread-%d", mnt.mount_point, w->id);
	err = lkl_sys_mkdir(dir, 0755);
	for (int i = 0; !err && i < OPERATIONS; i++) {
		for (int p = 0; p < 2; p++)
			snprintf(w->path[p], sizeof(w->path[p]), "%s/file-%u", dir,
				 random_below(w, FILES));
		err = random_call(w);
		/* The files are chosen at random: they may be missing, or exist already. */
		if (err == -LKL_ENOENT || err == -LKL_EEXIST)
			err = 0;
	}
	if (err)
		snprintf(w->where, sizeof(w->where), "thread %d: %s: %ld", w->id, w->path[0], err);
	return NULL;
}

static void eight_threads_share_a_file_system(void **state)
{
	static struct worker workers[THREADS];
	int disk = anyfs_disk_add(image, 0);

	if (disk < 0 || anyfs_mount(disk, 0, NULL, 0, NULL, &mnt) < 0)
		fail_msg("%s", anyfs_strerror_last());
	for (int i = 0; i < THREADS; i++) {
		workers[i].id = workers[i].seed = i + 1;
		workers[i].thread = start(work, &workers[i]);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	for (int i = 0; i < THREADS; i++)
		assert_string_equal(workers[i].where, "");
	assert_int_equal(anyfs_umount(mnt.mount_point), 0);
	assert_int_equal(anyfs_disk_remove(disk), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_threads_share_a_file_system),
	};

	if (argc != 2)
		return 2;
	image = argv[1];
	return cmocka_run_group_tests(tests, group_boot, group_halt);
}
