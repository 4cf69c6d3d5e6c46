/* SPDX-License-Identifier: GPL-2.0 */
/*
 * whiteout.h - names in the layers of container images that delete files
 */
#ifndef ANYFS_WHITEOUT_H
#define ANYFS_WHITEOUT_H

#include <stdbool.h>

/* tar-layer.c */

/* True if the entry @path of a layer deletes files of lower layers. */
bool tar_is_whiteout(const char *path);

#endif /* ANYFS_WHITEOUT_H */
