// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - giving a kernel disks and taking them away
 *
 * A disk id is the kernel's own index.  lib/block keeps the blockdev behind it.
 */
#include <errno.h>
#include "image.h"

struct blockdev *disk_blockdev(struct anyfs_kernel *k, int disk)
{
	struct blockdev *bd = disk < 0 ? NULL : block_attached(k, disk);

	if (!bd)
		error_set(-ENODEV, "disk %d: there is no such disk", disk);
	return bd;
}

static unsigned int backend_flags(unsigned int flags)
{
	unsigned int f = 0;

	if (!(flags & ANYFS_DISK_READONLY))
		f |= BLOCKDEV_WRITE;
	if (flags & ANYFS_DISK_NOLOCK)
		f |= BLOCKDEV_NOLOCK;
	return f;
}

/* Attach @bd, which is closed if that fails.  A disk id. */
static int attach(struct anyfs_kernel *k, struct blockdev *bd)
{
	int disk = block_attach(k, bd);

	if (disk < 0) {
		kstate_error(k, disk, bd->name);
		blockdev_close(bd);
		return disk;
	}
	return disk;
}

static int check_flags(unsigned int flags)
{
	if (flags & ~(ANYFS_DISK_READONLY | ANYFS_DISK_NOLOCK))
		return error_set(-EINVAL, "disk: unknown flags 0x%x", flags);
	return 0;
}

int disk_add_path(struct anyfs_kernel *k, const char *path, unsigned int flags)
{
	struct blockdev *bd;
	int rc = check_flags(flags);

	if (!rc && !path)
		rc = error_set(-EINVAL, "disk: no path given");
	if (!rc)
		rc = raw_open(path, backend_flags(flags), &bd);
	return rc ? rc : attach(k, bd);
}

int anyfs_disk_add(const char *path, unsigned int flags)
{
	struct kstate *ks = kstate_get(NULL);
	int rc;

	if (!ks)
		return -ENODEV;
	rc = disk_add_path(ks->k, path, flags);
	kstate_put(ks);
	return rc;
}

int anyfs_disk_add_fd(int fd, const char *name, unsigned int flags)
{
	struct kstate *ks = kstate_get(NULL);
	struct blockdev *bd;
	int rc;

	if (!ks)
		return -ENODEV;
	rc = check_flags(flags);
	if (!rc)
		rc = raw_open_fd(fd, name ? name : "disk", backend_flags(flags), &bd);
	if (!rc)
		rc = attach(ks->k, bd);
	kstate_put(ks);
	return rc;
}

int anyfs_disk_add_memory(uint64_t size)
{
	struct kstate *ks = kstate_get(NULL);
	struct blockdev *bd;
	int rc;

	if (!ks)
		return -ENODEV;
	rc = memory_open(size, &bd);
	if (rc)
		error_set(rc, "memory disk of %llu bytes: %s", (unsigned long long)size,
			  rc == -EINVAL ? "the size must be a multiple of 512" : error_name(rc));
	else
		rc = attach(ks->k, bd);
	kstate_put(ks);
	return rc;
}

int disk_remove(struct kstate *ks, struct anyfs_kernel *k, int disk)
{
	struct blockdev *bd = disk_blockdev(k, disk);
	unsigned int mounted = 0;
	int rc;

	if (!bd)
		return -ENODEV;
	pthread_mutex_lock(&ks->lock);
	mounted = mount_count(ks, disk);
	if (mounted) {
		rc = error_set(-EBUSY, "%s: %u of its file systems %s mounted, unmount first",
			       bd->name, mounted, mounted == 1 ? "is" : "are");
	} else {
		devnode_remove(k, disk);
		rc = block_detach(k, disk);
		if (rc == -EBUSY)
			error_set(rc, "%s: in use by the kernel, unmount and close first", bd->name);
		else if (rc)
			kstate_error(k, rc, "disk");
	}
	pthread_mutex_unlock(&ks->lock);
	return rc;
}

int anyfs_disk_remove(int disk_id)
{
	struct kstate *ks = kstate_get(NULL);
	int rc;

	if (!ks)
		return -ENODEV;
	rc = disk_remove(ks, ks->k, disk_id);
	kstate_put(ks);
	return rc;
}

int64_t anyfs_disk_size(int disk_id)
{
	struct kstate *ks = kstate_get(NULL);
	struct blockdev *bd;
	int64_t size;

	if (!ks)
		return -ENODEV;
	bd = disk_blockdev(ks->k, disk_id);
	size = bd ? (int64_t)bd->capacity : -ENODEV;
	kstate_put(ks);
	return size;
}
