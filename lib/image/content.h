/* SPDX-License-Identifier: GPL-2.0 */
/*
 * content.h - describe an image that holds no file system
 */
#ifndef ANYFS_IMAGE_CONTENT_H
#define ANYFS_IMAGE_CONTENT_H

#include <stdbool.h>
#include "device.h"
#include "image.h"

/*
 * Write a description to @buf, such as "a qcow2 image: convert it with ...", or "" if the
 * content is unknown.  For devices on which no prober recognised anything.
 */
void content_describe(const struct device *d, char *buf, size_t len);

/*
 * Return -errno with error text that says why @d, probed as @s, cannot be mounted.  @object is
 * the name of @d in messages.  @trouble is a fault of the disk itself that the text must
 * mention, or "".
 */
int content_refuse(const struct device *d, const struct probe_super *s, const char *object,
		   const char *trouble);

/* Name of libblkid's type @type, such as "a LUKS2 volume (encrypted)"; @type if unknown. */
const char *content_container(const struct device *d, const char *type);

#endif /* ANYFS_IMAGE_CONTENT_H */
