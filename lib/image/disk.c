// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - giving a kernel disks and taking them away
 *
 * A disk id is the kernel's own index.  lib/block keeps the blockdev behind it.
 */
#include <errno.h>
#include "image.h"
#include "incomplete.h"
#include "overlay.h"
#include "sector.h"

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

/* Unless the user has said it, learn how long its sectors are. */
static void set_sector(struct blockdev *bd)
{
	struct device d;
	unsigned int sector;

	if (bd->block_given)
		return;
	device_of_blockdev(bd, 0, bd->capacity, &d);
	sector = sector_recognise(&d);
	if (!sector && !sector_is_dos_table(&d))
		sector = sector_by_backup(&d);
	if (sector && sector_is_possible(bd, sector))
		sector_set(bd, sector);
}

/* It is attached: see whether it is all there. */
static int check_disk(struct anyfs_kernel *k, int disk, struct blockdev *bd,
		      const struct klog_lines *said, char *note, size_t len)
{
	int rc = incomplete_check(k, disk, bd, said, note, len);

	if (!rc && *note && bd->can_write && !bd->force_write)
		rc = error_set(-EROFS, "%s: %s; it can only be read, unless writing is forced (--force-write)",
			       bd->name, note);
	if (rc)
		block_detach(k, disk);
	return rc;
}

static int attach_locked(struct anyfs_kernel *k, struct blockdev *bd, char *note, size_t len)
{
	struct klog_lines said;
	struct klog log;
	int disk, rc;

	set_sector(bd);
	klog_begin(k, &log);
	disk = block_attach(k, bd);
	klog_read(k, &log, &said);
	klog_end(k, &log);
	if (disk < 0) {
		kstate_error(k, disk, bd->name);
		blockdev_close(bd);
		return disk;
	}
	rc = check_disk(k, disk, bd, &said, note, len);
	return rc ? rc : disk;
}

int disk_attach(struct kstate *ks, struct blockdev *bd, char *note, size_t len)
{
	int disk;

	pthread_mutex_lock(&ks->lock);
	disk = attach_locked(ks->k, bd, note, len);
	pthread_mutex_unlock(&ks->lock);
	return disk;
}

static int check_options(const AnyfsDiskOpts *opts)
{
	unsigned int sector = opts->sector_size;

	if (opts->flags & ~(ANYFS_DISK_READONLY | ANYFS_DISK_NOLOCK | ANYFS_DISK_FORCE_WRITE))
		return error_set(-EINVAL, "disk: unknown flags 0x%x", opts->flags);
	if (sector && sector != 512 && sector != 1024 && sector != 2048 && sector != 4096)
		return error_set(-EINVAL, "disk: a sector has 512, 1024, 2048 or 4096 bytes, not %u",
				 sector);
	return 0;
}

static int open_file(const struct disk_source *src, unsigned int flags, struct blockdev **bd)
{
	if (src->path)
		return raw_open(src->path, flags, bd);
	if (src->fd >= 0)
		return raw_open_fd(src->fd, src->name ? src->name : "disk", flags, bd);
	return error_set(-EINVAL, "disk: no path given");
}

/* The file, or the part of it that @opts name. */
static int open_range(const struct disk_source *src, const AnyfsDiskOpts *opts,
		      unsigned int flags, struct blockdev **bd)
{
	int rc = open_file(src, flags, bd);

	if (rc || !(opts->offset || opts->size))
		return rc;
	rc = raw_limit(*bd, opts->offset, opts->size);
	if (rc)
		blockdev_close(*bd);
	return rc;
}

/* The image is only read, what changes goes to the overlay. */
static int open_overlaid(const struct disk_source *src, const AnyfsDiskOpts *opts,
			 struct blockdev **bd)
{
	unsigned int flags = backend_flags(opts->flags);
	struct blockdev *image;
	int rc = open_range(src, opts, flags & ~BLOCKDEV_WRITE, &image);

	if (rc)
		return rc;
	rc = overlay_open_file(image, opts->overlay, flags, bd);
	blockdev_close(image);
	return rc;
}

/* What the user has said of the disk. */
static int configure(struct blockdev *bd, const AnyfsDiskOpts *opts)
{
	bd->shadow_limit = (uint64_t)opts->replay_mb << 20;
	bd->force_write = opts->flags & ANYFS_DISK_FORCE_WRITE;
	if (!opts->sector_size)
		return 0;
	if (!sector_is_possible(bd, opts->sector_size))
		return error_set(-EINVAL, "%s: its sectors have %u bytes, and cannot be written as sectors of %u",
				 bd->name, bd->limits.logical_block, opts->sector_size);
	if (bd->capacity < opts->sector_size)
		return error_set(-EINVAL, "%s: is shorter than one sector of %u bytes", bd->name,
				 opts->sector_size);
	bd->block_given = true;
	sector_set(bd, opts->sector_size);
	return 0;
}

int disk_open(const struct disk_source *src, const AnyfsDiskOpts *opts, struct blockdev **bd)
{
	static const AnyfsDiskOpts defaults;
	int rc;

	if (!opts)
		opts = &defaults;
	rc = check_options(opts);
	if (!rc && opts->overlay)
		rc = open_overlaid(src, opts, bd);
	else if (!rc)
		rc = open_range(src, opts, backend_flags(opts->flags), bd);
	if (rc)
		return rc;
	rc = configure(*bd, opts);
	if (rc)
		blockdev_close(*bd);
	return rc;
}

static int attach_to_current(struct blockdev *bd)
{
	struct kstate *ks = kstate_get(NULL);
	char note[512];
	int disk;

	if (!ks) {
		blockdev_close(bd);
		return -ENODEV;
	}
	disk = disk_attach(ks, bd, note, sizeof(note));
	kstate_put(ks);
	return disk;
}

static int add_to_current(const struct disk_source *src, const AnyfsDiskOpts *opts)
{
	struct blockdev *bd;
	int rc = disk_open(src, opts, &bd);

	return rc ? rc : attach_to_current(bd);
}

int anyfs_disk_add_with(const char *path, const AnyfsDiskOpts *opts)
{
	return add_to_current(&(struct disk_source){ .path = path, .fd = -1 }, opts);
}

int anyfs_disk_add(const char *path, unsigned int flags)
{
	return anyfs_disk_add_with(path, &(AnyfsDiskOpts){ .flags = flags });
}

int anyfs_disk_add_fd_with(int fd, const char *name, const AnyfsDiskOpts *opts)
{
	if (fd < 0)
		return error_set(-EBADF, "%s: descriptor %d is not open", name ? name : "disk", fd);
	return add_to_current(&(struct disk_source){ .fd = fd, .name = name }, opts);
}

int anyfs_disk_add_fd(int fd, const char *name, unsigned int flags)
{
	return anyfs_disk_add_fd_with(fd, name, &(AnyfsDiskOpts){ .flags = flags });
}

int anyfs_disk_add_memory(uint64_t size)
{
	struct blockdev *bd;
	int rc = memory_open(size, &bd);

	return rc ? rc : attach_to_current(bd);
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
	pthread_mutex_lock(&ks->lock);
	bd = disk_blockdev(ks->k, disk_id);
	size = bd ? (int64_t)bd->capacity : -ENODEV;
	pthread_mutex_unlock(&ks->lock);
	kstate_put(ks);
	return size;
}
