// SPDX-License-Identifier: GPL-2.0
/*
 * Each kind of object that a caller can create is created until a call fails, in a kernel with
 * 32 MiB and a mounted file system.  The call must fail with an error about memory or limits,
 * the kernel must continue, and when the objects are removed the file system must work as
 * before.
 *
 *	fill-objects IMAGE TYPE		(a bare file system, written to)
 *
 * After two minutes without progress, SIGALRM ends the program.
 */
#include "common.h"
#include <stdbool.h>
#include <unistd.h>
#include <lkl/linux/stat.h>
#include <lkl/linux/eventpoll.h>
#include <lkl/linux/keyctl.h>
#include <lkl/linux/inotify.h>

#define LIMIT		50000		/* objects of a kind; it is no error if all of them fit */
#define MAX_THREADS	3000
#define STALL		120		/* seconds */
#define STEP		64		/* number of new objects that counts as progress */
#define CHUNK		65536

static const char *image, *type;
static AnyfsMount mounted;
static char chunk[CHUNK];
static int one_fd = -1;			/* of a kind whose objects share one descriptor */
static int *made;			/* what each call returned */

static const char *at(const char *fmt, long n)
{
	static _Thread_local char path[256], name[80];

	snprintf(name, sizeof(name), fmt, n);
	snprintf(path, sizeof(path), "%s/%s", mounted.mount_point, name);
	return path;
}

static const char *top_path(const char *fmt, long n)
{
	static char path[64];

	snprintf(path, sizeof(path), fmt, n);
	return path;
}

static long open_again(long n)
{
	return lkl_sys_open(at("kept", n), LKL_O_RDONLY, 0);
}

static long open_new(long n)
{
	return lkl_sys_open(at("new-%ld", n), LKL_O_RDWR | LKL_O_CREAT, 0600);
}

/* A full pipe.  Its reading end keeps the data. */
static long full_pipe(long n)
{
	int fds[2];
	long rc = lkl_sys_pipe2(fds, LKL_O_NONBLOCK);

	if (rc < 0)
		return rc;
	rc = lkl_sys_write(fds[1], chunk, sizeof(chunk));
	lkl_sys_close(fds[1]);
	return rc < 0 ? lkl_sys_close(fds[0]), rc : fds[0];
}

static long eventfd(long n)
{
	return lkl_sys_eventfd2(0, 0);
}

static long timerfd(long n)
{
	return lkl_sys_timerfd_create(LKL_CLOCK_MONOTONIC, 0);
}

/*
 * Each epoll watches the same eventfd, because epolls that watch each other have a nesting
 * limit.
 */
static long epoll(long n)
{
	struct lkl_epoll_event event = { .events = LKL_EPOLLIN };
	long fd = lkl_sys_epoll_create1(0), rc;

	if (one_fd < 0)
		one_fd = lkl_sys_eventfd2(0, 0);
	if (fd < 0)
		return fd;
	rc = lkl_sys_epoll_ctl(fd, LKL_EPOLL_CTL_ADD, one_fd, &event);
	return rc < 0 ? lkl_sys_close(fd), rc : fd;
}

static long inotify(long n)
{
	return lkl_sys_inotify_init1(0);
}

static long watch_directory(long n)
{
	long rc = lkl_sys_mkdir(at("watched-%ld", n), 0700);

	if (rc < 0 && rc != -EEXIST)
		return rc;
	if (one_fd < 0)
		one_fd = lkl_sys_inotify_init1(0);
	rc = lkl_sys_inotify_add_watch(one_fd, at("watched-%ld", n), LKL_IN_MODIFY);
	return rc < 0 ? rc : 0;
}

static long record_lock(long n)
{
	struct lkl_flock lock = { .l_type = LKL_F_WRLCK, .l_start = 2 * n, .l_len = 1 };

	if (one_fd < 0)
		one_fd = lkl_sys_open(at("kept", 0), LKL_O_RDWR, 0);
	return one_fd < 0 ? one_fd : lkl_sys_fcntl(one_fd, LKL_F_SETLK, (unsigned long)&lock);
}

static long mount_tmpfs(long n)
{
	return lkl_sys_mount("none", "/on", "tmpfs", 0, NULL);
}

static void unmount_tmpfs(long n)
{
	assert_int_equal(lkl_sys_umount("/on", 0), 0);
}

/* Directories of the kernel's root file system exist only in memory. */
static long make_dir(long n)
{
	return lkl_sys_mkdir(top_path("/on/%ld", n), 0700);
}

static void remove_dir(long n)
{
	assert_int_equal(lkl_sys_rmdir(top_path("/on/%ld", n)), 0);
}

static long memory_file(long n)
{
	long fd = lkl_sys_memfd_create("memory", 0), rc;

	if (fd < 0)
		return fd;
	rc = lkl_sys_write(fd, chunk, sizeof(chunk));
	return rc < 0 ? lkl_sys_close(fd), rc : fd;
}

static long write_root(long n)
{
	if (one_fd < 0)
		one_fd = lkl_sys_open("/on/file", LKL_O_RDWR | LKL_O_CREAT | LKL_O_TRUNC, 0600);
	if (one_fd < 0)
		return one_fd;
	return lkl_sys_pwrite64(one_fd, chunk, sizeof(chunk), n * CHUNK);
}

static void remove_root(long n)
{
	lkl_sys_unlink("/on/file");
}

static long add_key(long n)
{
	return lkl_sys_add_key("user", top_path("key-%ld", n), chunk, 8000,
			       LKL_KEY_SPEC_PROCESS_KEYRING);
}

static void drop_keys(long n)
{
	if (!n)
		lkl_sys_keyctl(LKL_KEYCTL_CLEAR, LKL_KEY_SPEC_PROCESS_KEYRING, 0, 0, 0);
}

static long add_attribute(long n)
{
	long fd = lkl_sys_open(at("attribute-%ld", n), LKL_O_RDWR | LKL_O_CREAT, 0600), rc;

	if (fd < 0)
		return fd;
	rc = lkl_sys_fsetxattr(fd, "user.test", chunk, 800, 0);
	lkl_sys_close(fd);
	return rc;
}

/* Negative dentries take memory too, and no limit holds for their number. */
static long look_for_nothing(long n)
{
	struct lkl_statx stx;
	long rc = lkl_sys_statx(LKL_AT_FDCWD,
				at("absent-%ld-with-a-name-that-is-not-kept-in-the-dentry", n),
				0, LKL_STATX_INO, &stx);

	return rc == -ENOENT ? 0 : rc;
}

static void close_made(long n)
{
	lkl_sys_close(made[n]);
}

static void nothing(long n)
{
}

static const struct kind {
	const char *name;
	long (*make)(long n);
	void (*undo)(long n);
	long limit;			/* number of objects after which to stop */
} kinds[] = {
	{ "descriptors of one file", open_again, close_made, LIMIT },
	{ "descriptors of new files", open_new, close_made, LIMIT },
	{ "full pipes", full_pipe, close_made, LIMIT },
	{ "eventfds", eventfd, close_made, LIMIT },
	{ "timerfds", timerfd, close_made, LIMIT },
	{ "epolls", epoll, close_made, LIMIT },
	{ "inotifies", inotify, close_made, LIMIT },
	{ "watches", watch_directory, nothing, LIMIT },
	{ "record locks", record_lock, nothing, 10000 },	/* checked against all others */
	{ "mounts", mount_tmpfs, unmount_tmpfs, 3000 },
	{ "directories in memory", make_dir, remove_dir, LIMIT },
	{ "files in memory", memory_file, close_made, LIMIT },
	{ "data in memory", write_root, remove_root, LIMIT },
	{ "keys", add_key, drop_keys, LIMIT },
	{ "attributes", add_attribute, nothing, LIMIT },
	{ "negative dentries", look_for_nothing, nothing, LIMIT },
};

static bool is_out_of_resources(long rc)
{
	return rc == -ENOMEM || rc == -ENFILE || rc == -EMFILE || rc == -ENOSPC ||
	       rc == -ENOLCK || rc == -EDQUOT || rc == -EAGAIN;
}

/* The kernel answers, although it may have no memory for the request. */
static void check_alive(const char *name)
{
	struct lkl_statx stx;
	long rc = lkl_sys_statx(LKL_AT_FDCWD, mounted.mount_point, 0, LKL_STATX_INO, &stx);

	alarm(STALL);
	if (rc < 0 && !is_out_of_resources(rc))
		fail_msg("%s: stat: %s", name, lkl_strerror(rc));
	assert_int_equal(anyfs_kernel_is_running(NULL), 1);
}

/* After all objects are removed, a file can be created, written, synced and read. */
static void check_usable(const char *name)
{
	char back[64] = "";
	long fd = lkl_sys_open(at("after", 0), LKL_O_RDWR | LKL_O_CREAT | LKL_O_TRUNC, 0600);

	alarm(STALL);
	if (fd < 0)
		fail_msg("%s: open: %s", name, lkl_strerror(fd));
	assert_int_equal(lkl_sys_write(fd, name, strlen(name)), strlen(name));
	assert_int_equal(lkl_sys_fsync(fd), 0);
	assert_int_equal(lkl_sys_pread64(fd, back, sizeof(back), 0), strlen(name));
	assert_string_equal(back, name);
	lkl_sys_close(fd);
}

static void remove_all(const char *fmt, long nr, bool dirs)
{
	for (long n = 0; n < nr; n++) {
		if (dirs)
			lkl_sys_rmdir(at(fmt, n));
		else
			lkl_sys_unlink(at(fmt, n));
		if (n % STEP == 0)
			alarm(STALL);
	}
}

static long fill(const struct kind *k)
{
	long n, rc = 0;

	for (n = 0; n < k->limit; n++) {
		rc = k->make(n);
		if (rc < 0)
			break;
		made[n] = rc;
		if (n % STEP == 0)
			alarm(STALL);
	}
	if (n < k->limit && !is_out_of_resources(rc))
		fail_msg("%s: number %ld: %s", k->name, n, lkl_strerror(rc));
	print_message("%s: %ld, then %s\n", k->name, n, rc < 0 ? lkl_strerror(rc) : "enough");
	return n;
}

static void creating_objects_of_each_kind_ends_in_an_error(void **state)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct kind *k = &kinds[i];
		long nr = fill(k);

		check_alive(k->name);
		for (long n = nr; n-- > 0;) {
			k->undo(n);
			if (n % STEP == 0)
				alarm(STALL);
		}
		if (one_fd >= 0)
			lkl_sys_close(one_fd);
		one_fd = -1;
		remove_all("new-%ld", k->make == open_new ? nr + 1 : 0, false);
		remove_all("attribute-%ld", k->make == add_attribute ? nr + 1 : 0, false);
		remove_all("watched-%ld", k->make == watch_directory ? nr + 1 : 0, true);
		check_usable(k->name);
	}
}

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int inside;			/* threads that have called the kernel */
	bool end;
	long bad;			/* an error for which is_out_of_resources() is false */
} callers = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

/* The kernel has a task for each host thread, from its first call to its end. */
static void *write_and_stay(void *arg)
{
	long fd = lkl_sys_open(at("thread-%ld", (long)(intptr_t)arg), LKL_O_RDWR | LKL_O_CREAT, 0600);
	long rc = fd < 0 ? fd : lkl_sys_write(fd, chunk, sizeof(chunk));

	if (rc >= 0)
		rc = lkl_sys_fsync(fd);
	if (fd >= 0)
		lkl_sys_close(fd);
	pthread_mutex_lock(&callers.lock);
	if (rc < 0 && !is_out_of_resources(rc))
		callers.bad = rc;
	callers.inside++;
	alarm(STALL);
	pthread_cond_broadcast(&callers.changed);
	while (!callers.end)
		pthread_cond_wait(&callers.changed, &callers.lock);
	pthread_mutex_unlock(&callers.lock);
	return NULL;
}

static void too_many_threads_do_not_end_the_kernel(void **state)
{
	static pthread_t threads[MAX_THREADS];
	pthread_attr_t attr;
	int nr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 128 << 10);
	for (nr = 0; nr < MAX_THREADS; nr++)
		if (pthread_create(&threads[nr], &attr, write_and_stay, (void *)(intptr_t)nr))
			break;		/* the host can start no more threads */
	pthread_mutex_lock(&callers.lock);
	while (callers.inside < nr)
		pthread_cond_wait(&callers.changed, &callers.lock);
	pthread_mutex_unlock(&callers.lock);
	check_alive("threads");
	pthread_mutex_lock(&callers.lock);
	callers.end = true;
	pthread_cond_broadcast(&callers.changed);
	pthread_mutex_unlock(&callers.lock);
	for (int i = 0; i < nr; i++)
		finish(threads[i]);
	if (callers.bad)
		fail_msg("a thread got %s", lkl_strerror(callers.bad));
	remove_all("thread-%ld", nr, false);
	check_usable("threads");
}

static int set_up(void **state)
{
	AnyfsKernelOpts opts = { .mem_mb = 32 };
	int disk, err = anyfs_kernel_init(&opts);
	long fd;

	made = calloc(LIMIT, sizeof(*made));
	disk = err || !made ? -1 : anyfs_disk_add(image, 0);
	if (disk < 0 || anyfs_mount(disk, 0, type, 0, NULL, &mounted)) {
		print_error("%s\n", anyfs_strerror_last());
		return -1;
	}
	fd = lkl_sys_open(at("kept", 0), LKL_O_RDWR | LKL_O_CREAT, 0600);
	if (fd < 0)
		return -1;
	lkl_sys_close(fd);
	alarm(STALL);
	return lkl_sys_mkdir("/on", 0700);
}

static int tear_down(void **state)
{
	int err = anyfs_umount(mounted.mount_point);

	if (err)
		print_error("umount: %s\n", anyfs_strerror_last());
	return anyfs_kernel_halt() || err;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(creating_objects_of_each_kind_ends_in_an_error),
		cmocka_unit_test(too_many_threads_do_not_end_the_kernel),
	};

	if (argc != 3) {
		fprintf(stderr, "usage: fill-objects IMAGE TYPE\n");
		return 2;
	}
	image = argv[1];
	type = argv[2];
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
