// SPDX-License-Identifier: GPL-2.0
/*
 * Change a tree in many ways, and then stop like a power cut.
 *
 *	churn [-ku] [-s SEED] [-n STEPS] IMAGE
 *	churn -l IMAGE
 *
 * STEPS random steps make, rename, link and remove files and directories, one at a time or
 * hundreds at once, write with holes, truncate, and set modes, owners, times and attributes.
 * Then everything is synced, a line with all metadata of each file is printed, and the process
 * ends without unmounting.  -k does not sync or print, -u unmounts.  -l prints the lines of an
 * image, read-only.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/mount.h>
#include <lkl/linux/stat.h>
#include "exit-on-error.h"
#include "tester.h"

#define DIRS	12
#define FILES	60
#define BURST	150

static AnyfsMount mount;
static struct random seed;

/* ---- existing files --------------------------------------------------------- */

static uint64_t fnv1a_add(uint64_t sum, const void *data, long len)
{
	const unsigned char *p = data;

	for (long i = 0; i < len; i++)
		sum = (sum ^ p[i]) * 0x100000001b3;
	return sum;
}

static uint64_t sum_attributes(const char *path)
{
	static char names[65536], value[65536];
	long len = must(path, lkl_sys_llistxattr(path, names, sizeof(names)));
	uint64_t sum = 0;

	/* Add the sums of the attributes, so that their order does not matter. */
	for (char *name = names; name < names + len; name += strlen(name) + 1)
		sum += fnv1a_add(fnv1a_add(1, name, strlen(name)), value,
				 must(name, lkl_sys_lgetxattr(path, name, value, sizeof(value))));
	return sum;
}

static uint64_t sum_content(const char *path, unsigned int mode)
{
	static char buf[1 << 20];
	uint64_t sum = 1;
	long fd, n;

	if ((mode & 0170000) == 0120000)
		return fnv1a_add(sum, buf, must(path, lkl_sys_readlink(path, buf, sizeof(buf))));
	if ((mode & 0170000) != 0100000)
		return 0;
	fd = must(path, lkl_sys_open(path, LKL_O_RDONLY, 0));
	while ((n = must(path, lkl_sys_read(fd, buf, sizeof(buf)))) > 0)
		sum = fnv1a_add(sum, buf, n);
	lkl_sys_close(fd);
	return sum;
}

static void show(const char *path);

static void print_dir(const char *path)
{
	struct lkl_linux_dirent64 *e;
	char below[1024];
	int err = 0;
	struct lkl_dir *dir = lkl_opendir(path, &err);

	must(path, dir ? 0 : err);
	while ((e = lkl_readdir(dir))) {
		snprintf(below, sizeof(below), "%s/%s", path, e->d_name);
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			show(below);
	}
	must(path, lkl_errdir(dir));
	lkl_closedir(dir);
}

static void show(const char *path)
{
	struct lkl_statx s;

	must(path, lkl_sys_statx(LKL_AT_FDCWD, path, LKL_AT_SYMLINK_NOFOLLOW,
				 LKL_STATX_BASIC_STATS | LKL_STATX_BTIME, &s));
	printf("%s %o %u %u %u %llu %llu %u:%u %lld.%09u %lld.%09u %lld.%09u %llx %llx\n",
	       path + strlen(mount.mount_point), s.stx_mode, s.stx_nlink, s.stx_uid, s.stx_gid,
	       (unsigned long long)s.stx_size, (unsigned long long)s.stx_blocks,
	       s.stx_rdev_major, s.stx_rdev_minor,
	       (long long)s.stx_mtime.tv_sec, s.stx_mtime.tv_nsec,
	       (long long)s.stx_ctime.tv_sec, s.stx_ctime.tv_nsec,
	       (long long)s.stx_btime.tv_sec, s.stx_btime.tv_nsec,
	       (unsigned long long)sum_attributes(path),
	       (unsigned long long)sum_content(path, s.stx_mode));
	if ((s.stx_mode & 0170000) == 0040000)
		print_dir(path);
}

/* ---- steps ------------------------------------------------------------------ */

static unsigned int pick(unsigned int n)
{
	return random_below(&seed, n);
}

/* Paths are chosen at random.  A step with a path that does not exist fails, which is no error. */
static const char *dir_path(unsigned int n)
{
	static char text[4][512];
	static unsigned int turn;
	char *t = text[turn++ % 4];

	if (n < 4)
		snprintf(t, 512, "%s/d%u", mount.mount_point, n);
	else
		snprintf(t, 512, "%s/d%u/sub%u", mount.mount_point, n % 4, n);
	return t;
}

static const char *file_path(void)
{
	static const char filler[] = "a-name-that-takes-more-than-one-slot-of-a-directory's-block";
	static char text[4][768];
	static unsigned int turn;
	char *t = text[turn++ % 4];
	unsigned int n = pick(FILES);

	snprintf(t, 768, "%s/f%u%.*s", dir_path(pick(DIRS)), n, (int)(n % sizeof(filler)), filler);
	return t;
}

static void make_or_remove_many(bool make)
{
	const char *dir = dir_path(pick(DIRS));
	unsigned int first = pick(4) * BURST;
	char path[768];

	for (unsigned int i = first; i < first + BURST; i++) {
		snprintf(path, sizeof(path), "%s/one-of-many-files-in-one-directory-%u", dir, i);
		if (make)
			lkl_sys_mknod(path, LKL_S_IFREG | 0600, 0);
		else
			lkl_sys_unlink(path);
	}
}

static void write_pieces(const char *path, unsigned int pieces)
{
	static char buf[12288];
	long fd = lkl_sys_open(path, LKL_O_WRONLY | LKL_O_CREAT, 0640);

	if (fd < 0)
		return;
	memset(buf, 'a' + pick(26), sizeof(buf));
	for (unsigned int i = 0; i < pieces; i++)
		lkl_sys_pwrite64(fd, buf, 1 + pick(sizeof(buf)), (long)pick(4 * pieces) * 8192);
	if (!pick(8))
		lkl_sys_fsync(fd);
	lkl_sys_close(fd);
}

static void set_attribute(const char *path)
{
	static const unsigned int sizes[] = { 4, 60, 100, 900, 6000 };
	static char value[6000];
	char name[32];

	snprintf(name, sizeof(name), "user.n%u", pick(4));
	memset(value, 'A' + pick(26), sizeof(value));
	if (pick(4))
		lkl_sys_lsetxattr(path, name, value, sizes[pick(5)], 0);
	else
		lkl_sys_lremovexattr(path, name);
}

static void make_link(const char *path)
{
	char target[400];

	memset(target, 'l', sizeof(target));
	target[pick(pick(2) ? 100 : 399) + 1] = 0;
	if (pick(2))
		lkl_sys_symlink(target, path);
	else
		lkl_sys_link(file_path(), path);
}

static void step(void)
{
	const struct __lkl__kernel_timespec times[2] = { { 1, 2 }, { pick(1 << 30), 3 } };
	const char *path = file_path();

	switch (pick(16)) {
	case 0: case 1: write_pieces(path, 1); break;
	case 2: write_pieces(path, pick(10) ? 6 : 400); break;
	case 3: lkl_sys_truncate(path, pick(3) ? pick(200000) : 0); break;
	case 4: case 5: lkl_sys_unlink(path); break;
	case 6: case 7: lkl_sys_rename(path, file_path()); break;
	case 8: make_link(path); break;
	case 9: set_attribute(path); break;
	case 10: lkl_sys_mkdir(dir_path(pick(DIRS)), 0750); break;
	case 11: pick(4) ? lkl_sys_rmdir(path) : lkl_sys_mkdir(path, 0700); break;
	case 12: lkl_sys_rename(dir_path(pick(DIRS)), dir_path(pick(DIRS))); break;
	case 13: make_or_remove_many(pick(2)); break;
	case 14: lkl_sys_chmod(path, pick(07777)); lkl_sys_lchown(path, pick(9999), 9); break;
	case 15: lkl_sys_utimensat(LKL_AT_FDCWD, path, times, LKL_AT_SYMLINK_NOFOLLOW); break;
	}
}

static void change(unsigned int steps)
{
	for (unsigned int i = 0; i < DIRS; i++)
		lkl_sys_mkdir(dir_path(i), 0755);
	for (unsigned int i = 0; i < steps; i++)
		step();
}

int main(int argc, char **argv)
{
	const AnyfsDiskOpts read_only = { .flags = ANYFS_DISK_READONLY };
	bool list = false, keep_nothing = false, unmount = false;
	unsigned int steps = 100;
	int c, disk;

	while ((c = getopt(argc, argv, "kln:s:u")) != -1) {
		if (c == 'k')
			keep_nothing = true;
		else if (c == 'l')
			list = true;
		else if (c == 'n')
			steps = number(optarg);
		else if (c == 's')
			seed.state = number(optarg);
		else if (c == 'u')
			unmount = true;
		else
			return 2;
	}
	if (argc - optind != 1)
		return 2;
	must("kernel", anyfs_kernel_init(NULL));
	disk = must("disk", anyfs_disk_add_with(argv[optind], list ? &read_only : NULL));
	must("mount", anyfs_mount(disk, 0, NULL, LKL_MS_NOATIME, NULL, &mount));
	if (!list)
		change(steps);
	if (list)
		fprintf(stderr, "%s\n", mount.note);
	if (!list && !keep_nothing)
		must("sync", lkl_sys_sync());
	if (!keep_nothing)
		show(mount.mount_point);
	fflush(stdout);
	if (list || unmount) {
		must("umount", anyfs_umount(mount.mount_point));
		must("halt", anyfs_kernel_halt());
	}
	_exit(0);
}
