/* SPDX-License-Identifier: GPL-2.0 */
/*
 * place.h - paths in the image on the command line: keys ("p3?keyfile=k/etc"), plain numbers
 */
#ifndef ANYFS_PLACE_H
#define ANYFS_PLACE_H

#include "tool.h"

/*
 * Take the keys from the queries of the partitions that @text begins with, for the volumes
 * there, and return the path without them, to be freed.  Messages call the path @origin.  Ends
 * the program on a bad query.  Call it before tool_open().
 */
char *place_take_keys(struct tool *t, const char *origin, const char *text);
/* Replace the arguments, up to NULL, that have the query of a key, by place_take_keys(). */
void place_take_arguments(struct tool *t, char **args);

/*
 * A plain number names a partition: "2" means p2 if @image is partitioned.  Returns the number in
 * @path, without slashes before it, or NULL if @path is not a plain number or does not name a
 * partition.
 */
const char *place_plain_number(const struct anyfs_image *image, const char *path);

#endif /* ANYFS_PLACE_H */
