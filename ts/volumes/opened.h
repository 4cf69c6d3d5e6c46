/* SPDX-License-Identifier: GPL-2.0 */
/*
 * opened.h - volumes, groups and arrays that were opened
 */
#ifndef ANYFS_VOLUMES_OPENED_H
#define ANYFS_VOLUMES_OPENED_H

#include "crypt-map.h"
#include "lvm-group.h"
#include "md-array.h"

#define IMPORT(name)	__attribute__((import_module("host"), import_name(#name)))
#define EXPORT(name)	__attribute__((export_name(#name), used))
#define MEMBERS_MAX	256u

/* A list, the newest first, because each object may be inside an older one. */
struct opened {
	struct opened *next;
	struct lvm_group *group;	/* NULL: none */
	struct md_array array;		/* not started: none */
	struct crypt_map crypt;		/* the object if it is neither a group nor an array */
};

void add_opened(struct opened *o);

#endif /* ANYFS_VOLUMES_OPENED_H */
