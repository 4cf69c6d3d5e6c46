// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - add disks to a kernel and remove them
 *
 * A disk id is the kernel's own index.  lib/block maps it to the blockdev.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "discards.h"
#include "image.h"
#include "incomplete.h"
#include "sector.h"
#include "source.h"

struct blockdev *disk_blockdev(struct anyfs_kernel *k, int disk)
{
	struct blockdev *bd = disk < 0 ? NULL : block_attached(k, disk);

	if (!bd)
		error_set(-ENODEV, "disk %d: there is no such disk", disk);
	return bd;
}

/* Detect the sector size unless the user gave it. */
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

/* After attaching: check that the disk is as long as its partition table says. */
static int check_disk(struct anyfs_kernel *k, int disk, struct blockdev *bd,
		      const struct klog_lines *lines, char *note, size_t len)
{
	int rc = incomplete_check(k, disk, bd, lines, note, len);

	if (!rc && *note && bd->can_write && !bd->force_write)
		rc = error_set(-EROFS, "%s: %s; it can only be read, unless writing is forced (--force-write)",
			bd->name, note);
	if (rc)
		block_detach(k, disk);
	return rc;
}

static int attach_locked(struct anyfs_kernel *k, struct blockdev *bd, char *note, size_t len)
{
	struct klog_lines lines;
	struct klog log;
	int disk, rc;

	set_sector(bd);
	klog_begin(k, &log);
	disk = block_attach(k, bd);
	klog_read(k, &log, &lines);
	klog_end(k, &log);
	if (disk < 0) {
		kstate_error(k, disk, bd->name);
		blockdev_close(bd);
		return disk;
	}
	rc = check_disk(k, disk, bd, &lines, note, len);
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

static int add_to_current(const struct disk_source *src, const struct anyfs_disk_opts *opts)
{
	struct anyfs_source *source;
	struct blockdev *bd;
	int rc = source_open(src, opts, &source);

	if (!rc)
		rc = source_finish(source, &bd);
	return rc ? rc : attach_to_current(bd);
}

int anyfs_disk_add_with(const char *path, const struct anyfs_disk_opts *opts)
{
	return add_to_current(&(struct disk_source){ .path = path, .fd = -1 }, opts);
}

int anyfs_disk_add(const char *path, unsigned int flags)
{
	const struct anyfs_disk_opts opts = { .struct_size = sizeof(opts), .flags = flags };

	return anyfs_disk_add_with(path, &opts);
}

int anyfs_disk_add_fd_with(int fd, const char *name, const struct anyfs_disk_opts *opts)
{
	if (fd < 0)
		return error_set(-EBADF, "%s: descriptor %d is not open", name ? name : "disk", fd);
	return add_to_current(&(struct disk_source){ .fd = fd, .name = name }, opts);
}

int anyfs_disk_add_fd(int fd, const char *name, unsigned int flags)
{
	const struct anyfs_disk_opts opts = { .struct_size = sizeof(opts), .flags = flags };

	return anyfs_disk_add_fd_with(fd, name, &opts);
}

int anyfs_disk_add_memory(uint64_t size)
{
	struct blockdev *bd;
	int rc = memory_open(size, &bd);

	return rc ? rc : attach_to_current(bd);
}

int anyfs_disk_format(int disk_id, char *buf, size_t len)
{
	struct kstate *ks = kstate_get(NULL);
	struct blockdev *bd;
	int rc = -ENODEV;

	if (!ks)
		return rc;
	pthread_mutex_lock(&ks->lock);
	bd = disk_blockdev(ks->k, disk_id);
	if (bd && (size_t)snprintf(buf, len, "%s", *bd->format ? bd->format : "raw") >= len)
		rc = error_set(-ERANGE, "%s: the buffer is too small", bd->name);
	else if (bd)
		rc = 0;
	pthread_mutex_unlock(&ks->lock);
	kstate_put(ks);
	return rc;
}

static int64_t get_discards(struct anyfs_kernel *k, int disk, struct anyfs_range **ranges)
{
	struct blockdev *bd = disk_blockdev(k, disk);
	struct block_range *list;
	int64_t nr;

	if (!bd)
		return -ENODEV;
	if (!bd->discards)
		return error_set(-EINVAL, "%s: was not opened with ANYFS_DISK_KEEP_DISCARDS",
				 bd->name);
	nr = discards_get(bd->discards, &list);
	*ranges = nr < 0 ? NULL : calloc(nr + 1, sizeof(**ranges));
	for (int64_t i = 0; *ranges && i < nr; i++)
		(*ranges)[i] = (struct anyfs_range){ list[i].offset, list[i].len };
	if (nr >= 0)
		free(list);
	return *ranges ? nr : error_set(-ENOMEM, "%s: out of memory", bd->name);
}

int64_t anyfs_disk_discards(int disk_id, struct anyfs_range **ranges)
{
	struct kstate *ks = kstate_get(NULL);
	int64_t nr;

	if (!ks)
		return -ENODEV;
	pthread_mutex_lock(&ks->lock);
	nr = get_discards(ks->k, disk_id, ranges);
	pthread_mutex_unlock(&ks->lock);
	kstate_put(ks);
	return nr;
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
		rc = error_set(-EBUSY, "%s: %u of its file systems %s mounted; unmount first",
			       bd->name, mounted, mounted == 1 ? "is" : "are");
	} else {
		rc = block_detach(k, disk);
		if (rc == -EBUSY)
			error_set(rc, "%s: in use by the kernel; unmount and close first", bd->name);
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
