/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crypt-tags.h - authentication tags of encrypted sectors, stored by dm-integrity
 */
#ifndef ANYFS_IMAGE_CRYPT_TAGS_H
#define ANYFS_IMAGE_CRYPT_TAGS_H

#include "crypt.h"
#include "device.h"
#include "mapper.h"

/*
 * Whether the journal of the tags of @s on @d must be replayed before the data can be read.
 * 1, 0, or -errno with error text.
 */
int tags_need_replay(const struct device *d, const char *object, const struct crypt_segment *s);

/*
 * Map the encrypted sectors of @s on the device @dev, with their tags; *@size gets the bytes of
 * the new device.  With MAPPER_READONLY in @flags the journal is not replayed.  0 or -errno
 * with error text.
 */
int tags_map(struct anyfs_kernel *k, const char *object, const struct crypt_segment *s,
	     uint64_t dev, unsigned int flags, uint64_t *size, struct mapper *m);

#endif /* ANYFS_IMAGE_CRYPT_TAGS_H */
