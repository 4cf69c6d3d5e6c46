/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ntfs.h - check whether Windows still uses an NTFS volume
 */
#ifndef ANYFS_IMAGE_NTFS_H
#define ANYFS_IMAGE_NTFS_H

#include <stdbool.h>
#include "kernel.h"

/* Why the volume mounted at @point must not be written to; NULL if it may. */
const char *ntfs_in_use(struct anyfs_kernel *k, const char *point);
/* Whether the log of the volume must be replayed. */
bool ntfs_log_is_open(struct anyfs_kernel *k, const char *point);

#endif /* ANYFS_IMAGE_NTFS_H */
