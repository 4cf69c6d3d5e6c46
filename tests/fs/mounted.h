/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mounted.h - an image that is mounted, for tests that make their own system calls
 */
#ifndef TESTS_FS_MOUNTED_H
#define TESTS_FS_MOUNTED_H

#include "../kernel/common.h"
#include <lkl/linux/fcntl.h>
#include <lkl/linux/fs.h>
#include <lkl/linux/stat.h>

static int mounted_disk;
static AnyfsMount mounted;

/* @flags: ANYFS_DISK_READONLY or 0. */
static inline void mount_image(const char *image, unsigned int flags, const char *options)
{
	mounted_disk = anyfs_disk_add(image, flags);
	if (mounted_disk < 0 || anyfs_mount(mounted_disk, 0, NULL, 0, options, &mounted))
		fail_msg("%s", anyfs_strerror_last());
}

static inline void unmount_image(void)
{
	if (anyfs_umount(mounted.mount_point) || anyfs_disk_remove(mounted_disk))
		fail_msg("%s", anyfs_strerror_last());
}

/* The path of @name; valid during the next three calls. */
static inline const char *at(const char *name)
{
	static char paths[4][512];
	static unsigned int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", mounted.mount_point, name);
	return path;
}

static inline int open_at(const char *name, int flags)
{
	long fd = lkl_sys_open(at(name), flags, 0600);

	if (fd < 0)
		fail_msg("%s: %s", name, lkl_strerror(fd));
	return fd;
}

static inline void make_dir(const char *name)
{
	assert_int_equal(lkl_sys_mkdir(at(name), 0755), 0);
}

/* The result of ioctl @cmd on @name, opened for reading. */
static inline long ioctl_at(const char *name, unsigned int cmd, void *arg)
{
	int fd = open_at(name, LKL_O_RDONLY);
	long rc = lkl_sys_ioctl(fd, cmd, (unsigned long)arg);

	lkl_sys_close(fd);
	return rc;
}

#define expect_ok(call)							\
	do {								\
		long rc_ = (call);					\
									\
		if (rc_ < 0)						\
			fail_msg("%s: %s", #call, lkl_strerror(rc_));	\
	} while (0)

#define PATTERN_SIZE	(256u << 10)

/* Content that a search of the image finds: a marker every 64 bytes. */
static inline const char *pattern(void)
{
	static char text[PATTERN_SIZE + 1];

	for (unsigned int i = 0; i < PATTERN_SIZE; i += 64)
		snprintf(text + i, 65, "a marker to be found in the image, number %-21u\n", i);
	return text;
}

static inline void write_pattern(const char *name)
{
	int fd = open_at(name, LKL_O_WRONLY | LKL_O_CREAT | LKL_O_EXCL);

	assert_int_equal(lkl_sys_write(fd, pattern(), PATTERN_SIZE), PATTERN_SIZE);
	expect_ok(lkl_sys_fsync(fd));
	expect_ok(lkl_sys_close(fd));
}

static inline void check_pattern(const char *name)
{
	char *buf = malloc(PATTERN_SIZE + 1);
	int fd = open_at(name, LKL_O_RDONLY);

	assert_int_equal(lkl_sys_read(fd, buf, PATTERN_SIZE + 1), PATTERN_SIZE);
	assert_memory_equal(buf, pattern(), PATTERN_SIZE);
	lkl_sys_close(fd);
	free(buf);
}

#endif /* TESTS_FS_MOUNTED_H */
