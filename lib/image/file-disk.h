/* SPDX-License-Identifier: GPL-2.0 */
/*
 * file-disk.h - a file in one of our kernel's file systems, as a block device
 *
 * A writable raw file becomes a loop device.  Any other file becomes a disk whose blockdev
 * reads the file in its format (qcow2 ...); such a disk can have a shadow, for journals.
 */
#ifndef ANYFS_IMAGE_FILE_DISK_H
#define ANYFS_IMAGE_FILE_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include "kernel.h"

struct file_disk {
	struct anyfs_kernel *k;		/* has the file and the device */
	int64_t fd;			/* descriptor of the file in k; owned */
	uint64_t dev;			/* the kernel's number, like st_dev */
	int disk;			/* index of the disk, or -1 for a loop device */
	struct blockdev *bd;		/* reference to the blockdev; NULL for a loop device */
};

/*
 * Make a device of the file @fd of @k.  Takes over @fd, also on failure.  @can_write: if the
 * file is raw, the device is writable.  @object is its name in messages.  0 or -errno with
 * error text.
 */
int file_disk_open(struct anyfs_kernel *k, int64_t fd, bool can_write, const char *object,
		   struct file_disk *d);
/* Remove the device.  On -EBUSY a disk keeps its descriptor.  file_disk_free() must follow. */
int file_disk_close(struct file_disk *d);
/* Free the memory of @d; the kernel may have ended. */
void file_disk_free(struct file_disk *d);
/* Get a device with the same bytes, whose writes stay in memory.  0 or -errno. */
int file_disk_shadow(const struct file_disk *d, uint64_t *dev);

#endif /* ANYFS_IMAGE_FILE_DISK_H */
