/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mapper.h - devices of our kernel's device mapper
 *
 * A mapped device is a table of targets over other block devices of the same
 * kernel.  It has no name that a user sees and no device node.
 *
 * Reference: Documentation/admin-guide/device-mapper, include/uapi/linux/dm-ioctl.h.
 */
#ifndef ANYFS_IMAGE_MAPPER_H
#define ANYFS_IMAGE_MAPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel.h"

/* A line of the table.  Devices in @params are "MAJOR:MINOR", see mapper_dev(). */
struct mapper_target {
	uint64_t start, len;		/* sectors of 512 bytes */
	const char *type;		/* "linear", "crypt" ... */
	const char *params;
};

struct mapper {
	struct anyfs_kernel *k;
	char name[32];			/* "" if it was not made */
	uint64_t dev;			/* the kernel's number, as stat(2) has it */
};

#define MAPPER_WHY	256
#define MAPPER_READONLY	(1u << 0)
#define MAPPER_SECRET	(1u << 1)	/* the table holds a key: the kernel wipes its copies */

/*
 * Make a device of @nr targets, which follow each other from sector 0 on.
 * 0 or -errno, with what the kernel's log says in @why, MAPPER_WHY bytes.
 */
int mapper_create(struct anyfs_kernel *k, const struct mapper_target *targets, size_t nr,
		  unsigned int flags, struct mapper *m, char *why);

/* Remove it.  -EBUSY while it is open or mapped.  What was not made is fine. */
int mapper_remove(struct mapper *m);

/* The status line of its first target, NUL-terminated.  0, -ENOSPC or -errno. */
int mapper_status(const struct mapper *m, char *buf, size_t len);

/* Send @text to its first target.  0 or -errno. */
int mapper_message(const struct mapper *m, const char *text);

/* "254:3" for a table. */
void mapper_dev(uint64_t dev, char *buf, size_t len);

#endif /* ANYFS_IMAGE_MAPPER_H */
