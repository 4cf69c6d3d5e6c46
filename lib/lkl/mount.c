// SPDX-License-Identifier: GPL-2.0
/*
 * mount.c - mount by disk and partition, at mount points named by device number
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "instance.h"
#include "internal.h"

#define OPTS_MAX	4095		/* limit of mount(2), without the zero byte */
#define NAME_BYTES	14		/* "/mnt/" and eight digits */
#define BUSY_PAUSE_MS	5

int lkl_get_virtio_blkdev(int disk_id, unsigned int part, uint32_t *dev)
{
	struct anyfs_kernel *k = host_kernel_current();
	int64_t rc;

	if (!k)
		return error_set(-ENODEV, "kernel: no kernel is running");
	rc = host_disk_dev(k, disk_id, part);
	if (rc < 0)
		return error_set(rc, "disk %d: partition %u: %s", disk_id, part, error_name(rc));
	*dev = rc;
	return 0;
}

static long make_dir(const char *path, unsigned int mode)
{
	long rc = lkl_sys_mkdir(path, mode);

	return rc == -LKL_EEXIST ? 0 : rc;
}

/* Create the device node.  An existing node has the same number, since its name is the number. */
static long make_node(const char *node, uint32_t dev)
{
	long rc = make_dir("/dev", 0755);

	if (!rc)
		rc = lkl_sys_mknod(node, LKL_S_IFBLK | 0600, dev);
	return rc == -LKL_EEXIST ? 0 : rc;
}

static long check_mount(const char *fs_type, const char *opts, unsigned int len)
{
	if (!fs_type)
		return error_set(-EINVAL, "lkl_mount_dev: no file system type given; anyfs_mount() can probe it");
	if (len < NAME_BYTES)
		return error_set(-ENAMETOOLONG, "lkl_mount_dev: the buffer for the mount point is too small; it needs %d bytes", NAME_BYTES);
	if (opts && strlen(opts) > OPTS_MAX)
		return error_set(-E2BIG, "lkl_mount_dev: the mount options are longer than %d bytes", OPTS_MAX);
	return 0;
}

/* Sets no error text: the caller knows the name that the user has for the device. */
static long mount_at(uint32_t dev, const char *fs_type, int flags, const char *opts,
		     char *mnt_str, unsigned int len)
{
	char node[NAME_BYTES];
	long rc;

	snprintf(node, sizeof(node), "/dev/%08x", dev);
	snprintf(mnt_str, len, "/mnt/%08x", dev);
	rc = make_node(node, dev);
	if (!rc)
		rc = make_dir("/mnt", 0755);
	if (!rc)
		rc = make_dir(mnt_str, 0755);
	if (!rc)
		rc = lkl_sys_mount(node, mnt_str, fs_type, flags, opts);
	/*
	 * On -EBUSY an earlier mount may use the node and the directory.  A mount point in use
	 * is not removed.
	 */
	if (rc && rc != -LKL_EBUSY) {
		lkl_sys_rmdir(mnt_str);
		lkl_sys_unlink(node);
	}
	return rc;
}

long lkl_mount_dev(unsigned int disk_id, unsigned int part, const char *fs_type, int flags,
		   const char *opts, char *mnt_str, unsigned int len)
{
	uint32_t dev;
	long rc = check_mount(fs_type, opts, len);

	if (!rc)
		rc = lkl_get_virtio_blkdev(disk_id, part, &dev);
	if (rc)
		return rc;
	rc = mount_at(dev, fs_type, flags, opts, mnt_str, len);
	return rc ? error_set(rc, "disk %u: partition %u: cannot be mounted as %s: %s", disk_id, part,
			      fs_type, error_name(rc)) : 0;
}

long lkl_mount_blkdev(uint32_t dev, const char *fs_type, int flags, const char *opts,
		      char *mnt_str, unsigned int len)
{
	long rc = check_mount(fs_type, opts, len);

	if (rc)
		return rc;
	rc = mount_at(dev, fs_type, flags, opts, mnt_str, len);
	return rc ? error_set(rc, "device %08x: cannot be mounted as %s: %s", dev, fs_type,
			      error_name(rc)) : 0;
}

static void pause_ms(long ms)
{
	struct timespec ts = { .tv_nsec = ms * 1000000 };

	nanosleep(&ts, NULL);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000L + ts.tv_nsec / 1000000;
}

long lkl_umount_timeout(const char *path, int flags, long timeout_ms)
{
	struct anyfs_kernel *k = host_kernel_current();
	long end = now_ms() + timeout_ms, rc;
	int64_t synced;

	if (!k)
		return error_set(-ENODEV, "kernel: no kernel is running");
	synced = instance_sync(k, path);
	while ((rc = lkl_sys_umount2(path, flags)) == -LKL_EBUSY && now_ms() < end)
		pause_ms(BUSY_PAUSE_MS);
	if (rc < 0)
		return error_set(rc, "%s: cannot be unmounted: %s", path, error_name(rc));
	if (synced < 0)
		return error_set(synced, "%s: some written data could not be saved: %s", path,
				 error_name(synced));
	return 0;
}

/* Flush the block device @node. */
static long flush_node(const char *node)
{
	long fd = lkl_sys_open(node, LKL_O_RDONLY, 0), rc;

	if (fd < 0)
		return fd;
	rc = lkl_sys_fsync(fd);
	lkl_sys_close(fd);
	return rc;
}

long lkl_umount_blkdev(uint32_t dev, int flags, long timeout_ms)
{
	char node[NAME_BYTES], point[NAME_BYTES];
	long rc, err;

	snprintf(node, sizeof(node), "/dev/%08x", dev);
	snprintf(point, sizeof(point), "/mnt/%08x", dev);
	rc = lkl_umount_timeout(point, flags, timeout_ms);
	err = rc ? 0 : flush_node(node);
	/* If something else is still mounted at the directory, keep both directory and node. */
	if (!lkl_sys_rmdir(point))
		lkl_sys_unlink(node);
	return err ? error_set(err, "device %08x: written data could not be flushed: %s", dev,
			       error_name(err)) : rc;
}

long lkl_umount_dev(unsigned int disk_id, unsigned int part, int flags, long timeout_ms)
{
	uint32_t dev;
	long rc = lkl_get_virtio_blkdev(disk_id, part, &dev);

	return rc ? rc : lkl_umount_blkdev(dev, flags, timeout_ms);
}

/* Check for a mount, since the kernel mounts some file systems (proc) twice in one place. */
static bool is_mount_point(const char *dir)
{
	struct lkl_statx stx;

	return !lkl_sys_statx(LKL_AT_FDCWD, dir, 0, 0, &stx) &&
	       stx.stx_attributes & LKL_STATX_ATTR_MOUNT_ROOT;
}

int lkl_mount_fs(const char *fstype)
{
	char dir[64];
	long made, rc;

	if (snprintf(dir, sizeof(dir), "/%s", fstype) >= (int)sizeof(dir))
		return error_set(-ENAMETOOLONG, "lkl_mount_fs: the file system type is too long");
	made = lkl_sys_mkdir(dir, 0755);
	if (made < 0 && made != -LKL_EEXIST)
		return error_set(made, "%s: %s", dir, error_name(made));
	if (is_mount_point(dir))
		return 1;
	rc = lkl_sys_mount(fstype, dir, fstype, 0, NULL);
	if (rc < 0 && !made)
		lkl_sys_rmdir(dir);
	return rc < 0 ? error_set(rc, "%s: cannot be mounted: %s", fstype, error_name(rc)) : 0;
}
