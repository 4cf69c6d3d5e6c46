// SPDX-License-Identifier: GPL-2.0
/*
 * md-array.c - start and stop arrays with the ioctls of the RAID driver
 *
 * The driver creates an array when the block device of its number is first opened.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "kernel-syscalls.h"
#include "md-array.h"
#include <lkl/linux/major.h>
#include <lkl/linux/raid/md_u.h>

#define MINORS		512u	/* opening a larger number creates no array */
#define PARAMETERS	"module/md_mod/parameters/"

static unsigned int major_of(uint64_t dev)
{
	return dev >> 8 & 0xfff;
}

static unsigned int minor_of(uint64_t dev)
{
	return (dev & 0xff) | (dev >> 12 & 0xfff00);
}

static int64_t open_array(struct anyfs_kernel *k, uint64_t dev)
{
	char path[64];
	int64_t rc = device_node(k, dev, path, sizeof(path));

	return rc < 0 ? rc : k_open(k, path, LKL_O_RDONLY | LKL_O_CLOEXEC);
}

/* Open a device number that no array uses: returns the descriptor, and *@dev. */
static int64_t open_unused(struct anyfs_kernel *k, uint64_t *dev)
{
	static unsigned int last;

	for (unsigned int i = 0; i < MINORS; i++) {
		unsigned int minor = __atomic_fetch_add(&last, 1, __ATOMIC_RELAXED) % MINORS;
		lkl_mdu_array_info_t info;
		int64_t fd;

		*dev = (uint64_t)(minor & ~0xffu) << 12 | LKL_MD_MAJOR << 8 | (minor & 0xff);
		fd = open_array(k, *dev);
		/* The driver may still be removing an array that was just stopped. */
		if (fd == -ENODEV || fd == -ENXIO || fd == -EBUSY)
			continue;
		if (fd < 0 || k_ioctl(k, fd, LKL_GET_ARRAY_INFO, &info) == -ENODEV)
			return fd;
		k_close(k, fd);
	}
	return -ENFILE;
}

static int64_t add_members(struct anyfs_kernel *k, int64_t fd, const uint64_t *devs,
			   unsigned int nr, const struct md_start *how)
{
	lkl_mdu_array_info_t info = { .major_version = how->major, .minor_version = how->minor };
	int64_t rc = k_ioctl(k, fd, LKL_SET_ARRAY_INFO, &info);

	for (unsigned int i = 0; i < nr && rc >= 0; i++) {
		lkl_mdu_disk_info_t disk = {
			.major = major_of(devs[i]), .minor = minor_of(devs[i]),
		};

		rc = k_ioctl(k, fd, LKL_ADD_NEW_DISK, &disk);
	}
	return rc;
}

int md_allow_dirty_degraded(struct anyfs_kernel *k, bool allow)
{
	return sysfs_write(k, PARAMETERS "start_dirty_degraded", allow ? "1" : "0");
}

/* With these parameters, the driver writes to the members only after a write to the array. */
static int set_parameters(struct anyfs_kernel *k, const struct md_start *how)
{
	int rc = sysfs_write(k, PARAMETERS "start_ro", "1");

	return rc ? rc : md_allow_dirty_degraded(k, how->degraded);
}

/* Prevent resynchronisation.  Levels without redundancy have no file sync_action. */
static int freeze(struct anyfs_kernel *k, uint64_t dev)
{
	char path[96];
	int rc;

	snprintf(path, sizeof(path), "dev/block/%u:%u/md/sync_action", major_of(dev),
		 minor_of(dev));
	rc = sysfs_write(k, path, "frozen");
	return rc == -EINVAL || rc == -ENOENT ? 0 : rc;
}

int md_array_start(struct anyfs_kernel *k, const uint64_t *devs, unsigned int nr,
		   const struct md_start *how, struct md_array *a, char *why)
{
	struct klog_lines lines;
	struct klog log;
	int64_t fd, rc;

	*a = (struct md_array){ .k = k };
	*why = '\0';
	fd = open_unused(k, &a->dev);
	if (fd < 0) {
		a->dev = 0;
		return fd;
	}
	klog_begin(k, &log);
	rc = set_parameters(k, how);
	if (rc >= 0)
		rc = add_members(k, fd, devs, nr, how);
	if (rc >= 0)
		rc = k_ioctl(k, fd, LKL_RUN_ARRAY, NULL);
	if (rc >= 0)
		rc = freeze(k, a->dev);
	if (rc < 0) {
		klog_read(k, &log, &lines);
		snprintf(why, MD_WHY, "%s", klog_reason(&lines));
		k_ioctl(k, fd, LKL_STOP_ARRAY, NULL);
		a->dev = 0;
	}
	klog_end(k, &log);
	k_close(k, fd);
	return rc < 0 ? rc : 0;
}

int md_array_stop(struct md_array *a)
{
	int64_t fd, rc;

	if (!a->dev)
		return 0;
	fd = open_array(a->k, a->dev);
	if (fd < 0)
		return fd;
	rc = k_ioctl(a->k, fd, LKL_STOP_ARRAY, NULL);
	k_close(a->k, fd);
	if (rc >= 0)
		a->dev = 0;
	return rc < 0 ? rc : 0;
}
