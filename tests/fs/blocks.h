/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blocks.h - disks in memory, device nodes, and patterns on block devices, for tests of
 * drivers that are stacked on them
 */
#ifndef TESTS_FS_BLOCKS_H
#define TESTS_FS_BLOCKS_H

#include "../kernel/common.h"
#include <lkl/linux/fcntl.h>
#include <lkl/linux/stat.h>

#define MIB		(1u << 20)
#define SECTORS(mib)	((mib) * (MIB / 512))

/* Add a disk that exists until the kernel ends; returns its device number. */
static inline uint32_t memory_disk(unsigned int mib)
{
	uint32_t dev = 0;
	int disk = anyfs_disk_add_memory((uint64_t)mib * MIB);

	assert_true(disk >= 0);
	assert_int_equal(lkl_get_virtio_blkdev(disk, 0, &dev), 0);
	return dev;
}

/* Major and minor number of a device number of stat(2) or mknod(2), for minors below 2^20. */
static inline unsigned int major_of(uint32_t dev)
{
	return dev >> 8 & 0xfff;
}

static inline unsigned int minor_of(uint32_t dev)
{
	return (dev & 0xff) | (dev >> 12 & 0xfff00);
}

/* Open a block device by its number. */
static inline int open_dev(uint32_t dev, int flags)
{
	char path[64];
	long rc;

	snprintf(path, sizeof(path), "/block-%x", dev);
	rc = lkl_sys_mknod(path, LKL_S_IFBLK | 0600, dev);
	assert_true(!rc || rc == -EEXIST);
	rc = lkl_sys_open(path, flags, 0);
	if (rc < 0)
		fail_msg("%s: %s", path, lkl_strerror(rc));
	return rc;
}

static inline unsigned char pattern_byte(unsigned int seed, unsigned int i)
{
	return (i * 2654435761u >> 13) ^ seed ^ i >> 9;
}

/* Fill the first MiB of @dev and write it to the disk. */
static inline void fill_dev(uint32_t dev, unsigned int seed)
{
	unsigned char *buf = malloc(MIB);
	int fd = open_dev(dev, LKL_O_RDWR);

	for (unsigned int i = 0; i < MIB; i++)
		buf[i] = pattern_byte(seed, i);
	assert_int_equal(lkl_sys_pwrite64(fd, buf, MIB, 0), MIB);
	assert_int_equal(lkl_sys_fsync(fd), 0);
	lkl_sys_close(fd);
	free(buf);
}

/* Compare the first MiB: 0 equal, 1 different, -errno. */
static inline long compare_dev(uint32_t dev, unsigned int seed)
{
	unsigned char *buf = malloc(MIB);
	int fd = open_dev(dev, LKL_O_RDONLY);
	long rc;

	lkl_sys_ioctl(fd, 0x1261 /* BLKFLSBUF */, 0);
	rc = lkl_sys_pread64(fd, buf, MIB, 0);
	lkl_sys_close(fd);
	if (rc == MIB) {
		rc = 0;
		for (unsigned int i = 0; !rc && i < MIB; i++)
			rc = buf[i] != pattern_byte(seed, i);
	} else if (rc >= 0) {
		rc = -EIO;
	}
	free(buf);
	return rc;
}

#endif /* TESTS_FS_BLOCKS_H */
