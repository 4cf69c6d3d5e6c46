/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - read and write a block device of our kernel
 *
 * Probers, readers of volume metadata and journal replay work on a struct device: a device
 * number, a size and the bytes.  A partition of a disk is read directly from the blockdev
 * of the host; a device of the mapper or of md is read through the kernel, the only place
 * where its bytes exist.
 */
#ifndef ANYFS_IMAGE_DEVICE_H
#define ANYFS_IMAGE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "blockdev.h"
#include "kernel.h"

struct device {
	struct anyfs_kernel *k;
	uint64_t dev;			/* the kernel's number, like st_dev */
	uint64_t size;			/* bytes */
	uint32_t block;			/* bytes of a logical block */
	bool can_write;
	struct blockdev *bd;		/* holds the device at [start, start + size); or NULL */
	uint64_t start;
	int64_t fd;			/* without bd: a descriptor of the kernel; else -1 */
};

/*
 * Fill in @d with partition @part (0: the whole disk) of @disk.  Its bytes begin at @start
 * of the disk's blockdev.  0 or -errno.
 */
int device_of_part(struct anyfs_kernel *k, int disk, unsigned int part, uint64_t start,
		   struct device *d);
/* Open the device @dev of the kernel for reading, or with @write for both.  0 or -errno. */
int device_open(struct anyfs_kernel *k, uint64_t dev, bool write, struct device *d);
/* Let @d be @size bytes of @bd from @start on; it has no device number of a kernel. */
void device_of_blockdev(struct blockdev *bd, uint64_t start, uint64_t size, struct device *d);
void device_close(struct device *d);

/* False if the device is empty or extends beyond the end of the disk. */
bool device_is_whole(const struct device *d);

/*
 * Read @len bytes at @offset, at any alignment.  0 or -errno; -ENXIO if they are
 * not all inside the device.
 */
int device_read(const struct device *d, void *buf, size_t len, uint64_t offset);

/* Number of bytes at @at, at most @len, that are known to be zeros; 0 if unknown. */
uint64_t device_known_zeros(const struct device *d, uint64_t at, uint64_t len);
/*
 * Find the first range at or after @at that is not known to be zeros.  0, or -ENXIO if only zeros
 * follow.
 */
int device_find_data(const struct device *d, uint64_t at, uint64_t *start, uint64_t *end);

/*
 * Write whole blocks to a device that was opened for writing.  Results are those of device_read().
 */
int device_write(const struct device *d, const void *buf, size_t len, uint64_t offset);

/* Make the device @dev read-only or writable for the whole kernel.  0 or -errno. */
int device_set_readonly(struct anyfs_kernel *k, uint64_t dev, bool read_only);

/*
 * Get the path of the kernel's device node of @dev; create the node if missing.  0 or
 * -errno.
 */
int device_node(struct anyfs_kernel *k, uint64_t dev, char *path, size_t len);

#endif /* ANYFS_IMAGE_DEVICE_H */
