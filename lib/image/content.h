/* SPDX-License-Identifier: GPL-2.0 */
/*
 * content.h - what an image is that holds no file system, in words
 */
#ifndef ANYFS_IMAGE_CONTENT_H
#define ANYFS_IMAGE_CONTENT_H

#include <stdbool.h>
#include "device.h"
#include "image.h"

/*
 * "a qcow2 image: convert it with ...", or "" if that is not known.  For what no
 * prober has recognised.
 */
void content_describe(const struct device *d, char *buf, size_t len);

/*
 * Why what @s says of @d cannot be mounted as a file system: -errno with a text.  @trouble
 * is what is known of the disk itself, or "".
 */
int content_refuse(const struct device *d, const struct probe_super *s, const char *object,
		   const char *trouble);

/* "a LUKS2 volume (encrypted)" for what libblkid calls @type; @type if it has no words. */
const char *content_container(const struct device *d, const char *type);

#endif /* ANYFS_IMAGE_CONTENT_H */
