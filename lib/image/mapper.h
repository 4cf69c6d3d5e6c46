/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mapper.h - devices of our kernel's device mapper
 *
 * A mapped device is a table of targets over other block devices of the same
 * kernel.  Users do not see its name.
 *
 * Reference: Documentation/admin-guide/device-mapper, include/uapi/linux/dm-ioctl.h.
 */
#ifndef ANYFS_IMAGE_MAPPER_H
#define ANYFS_IMAGE_MAPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel.h"

/* A line of the table.  @params name devices as "MAJOR:MINOR", see mapper_dev(). */
struct mapper_target {
	uint64_t start, len;		/* sectors of 512 bytes */
	const char *type;		/* "linear", "crypt" ... */
	const char *params;
};

struct mapper {
	struct anyfs_kernel *k;
	char name[32];			/* "" if there is no device */
	uint64_t dev;			/* the kernel's number, like st_dev */
};

#define MAPPER_WHY	256
#define MAPPER_READONLY	(1u << 0)
#define MAPPER_SECRET	(1u << 1)	/* the table holds a key: the kernel wipes its copies */

/*
 * Create a device of @nr targets, which follow each other from sector 0 on.  0, or -errno;
 * then @why, MAPPER_WHY bytes, has the line of the kernel's log that gives the cause, or "".
 * -ENOMEM: the kernel has no memory or no threads left.
 */
int mapper_create(struct anyfs_kernel *k, const struct mapper_target *targets, size_t nr,
		  unsigned int flags, struct mapper *m, char *why);

/*
 * Remove the device.  0 if it was never created.  -EBUSY while it is open or mapped: the
 * kernel removes it afterwards.
 */
int mapper_remove(struct mapper *m);
/* Remove the device unless it is open or mapped; then -EBUSY, and it stays.  0 or -errno. */
int mapper_remove_unused(struct mapper *m);

/* Get the status line of the first target, NUL-terminated.  0, -ENOSPC or -errno. */
int mapper_status(const struct mapper *m, char *buf, size_t len);

/* Send the message @text to the first target.  0 or -errno. */
int mapper_message(const struct mapper *m, const char *text);

/* Write @dev in the form that tables use, such as "254:3". */
void mapper_dev(uint64_t dev, char *buf, size_t len);

#endif /* ANYFS_IMAGE_MAPPER_H */
