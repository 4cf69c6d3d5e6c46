/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ntfs.h - whether Windows has let go of an NTFS
 */
#ifndef ANYFS_IMAGE_NTFS_H
#define ANYFS_IMAGE_NTFS_H

#include <stdbool.h>
#include "kernel.h"

/* Of the volume mounted at @point: why it must not be written to; NULL: it may. */
const char *ntfs_in_use(struct anyfs_kernel *k, const char *point);
/* Whether its log has something to be replayed. */
bool ntfs_log_is_open(struct anyfs_kernel *k, const char *point);

#endif /* ANYFS_IMAGE_NTFS_H */
