/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lvm-group.h - an LVM2 volume group, and devices for its volumes
 *
 *	lvm-label.c	physical volumes: labels, copies of the metadata
 *	lvm-config.c	the text format of the metadata
 *	lvm-group.c	the group: members, volumes, what is visible
 *	lvm-table.c	a volume's segments as a table of the device mapper
 *
 * A volume may stand on hidden volumes (legs of a mirror, data and metadata of
 * a pool), which are mapped first.  Everything is untrusted: names that lead
 * nowhere, volumes that stand on themselves and ranges outside a member are
 * errors.
 */
#ifndef ANYFS_IMAGE_LVM_GROUP_H
#define ANYFS_IMAGE_LVM_GROUP_H

#include <stdbool.h>
#include <stdint.h>
#include "device.h"
#include "lvm-config.h"
#include "mapper.h"

struct lvm_group;

/* A physical volume that was found. */
struct lvm_member {
	uint64_t dev;			/* of the kernel; not 0 once volumes are opened */
	uint64_t size;			/* bytes */
	char uuid[33];
};

/*
 * The group that @text, its newest metadata of @len bytes, describes.
 * @members are those that were found, in any order.  Volumes are mapped
 * read-only with @read_only; those that lack members can be opened only with
 * @degraded.  @object is the group's name in messages.
 * 0, -EUCLEAN with a text, -ENOMEM.
 */
int lvm_group_open(struct anyfs_kernel *k, const char *text, size_t len,
		   const struct lvm_member *members, unsigned int nr, const char *object,
		   bool read_only, bool degraded, struct lvm_group **group);
/* Change the devices of members, found again by their UUIDs, before a volume is opened. */
void lvm_group_set_devices(struct lvm_group *g, const struct lvm_member *members, unsigned int nr);
/* Remove all mapped devices.  -EBUSY while one is in use: then nothing is freed.  NULL is fine. */
int lvm_group_close(struct lvm_group *g);

const char *lvm_group_name(const struct lvm_group *g);
const char *lvm_group_uuid(const struct lvm_group *g);
/* Whether the physical volume @uuid was among the members that were found. */
bool lvm_group_has_member(const struct lvm_group *g, const char *uuid);
/* Physical volumes that the group has and that were not found. */
unsigned int lvm_group_missing(const struct lvm_group *g);

struct lvm_volume_info {
	const char *name, *uuid;	/* live as long as the group */
	const char *type;		/* of its first segment: "striped", "thin" ... */
	uint64_t size;			/* bytes */
};

/* The @index-th volume that users see, in the order of the metadata; false: there is none. */
bool lvm_group_volume(const struct lvm_group *g, unsigned int index, struct lvm_volume_info *info);
/* Map the @index-th volume; *@dev gets the kernel's number.  0 or -errno with a text. */
int lvm_volume_open(struct lvm_group *g, unsigned int index, uint64_t *dev);

#endif /* ANYFS_IMAGE_LVM_GROUP_H */
