/* SPDX-License-Identifier: GPL-2.0 */
/*
 * load.h - load the kernel object, as often as one likes
 */
#ifndef ANYFS_HOST_LOAD_H
#define ANYFS_HOST_LOAD_H

#include <stddef.h>
#include "lkl_abi.h"

struct host_object {
	char *base;
	size_t size;		/* bytes of address space */
	const struct lkl_kernel_ops *(*entry)(const struct lkl_host_ops *host);
};

/*
 * Map the object file at @path and relocate it.  Its text is shared by all
 * loads, its data private to each.  0; -ENOEXEC if it is not such an object;
 * -errno.  The text goes to error.h.
 */
int object_load(struct host_object *obj, const char *path);
void object_unload(struct host_object *obj);

#endif /* ANYFS_HOST_LOAD_H */
