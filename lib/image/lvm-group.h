/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lvm-group.h - an LVM2 volume group, and devices for its volumes
 *
 *	lvm-label.c	physical volumes: labels and metadata areas
 *	lvm-config.c	the text format of the metadata
 *	lvm-group.c	the group: members, volumes, what is visible
 *	lvm-table.c	a volume's segments as a table of the device mapper
 *
 * A volume may consist of hidden volumes (legs of a mirror, data and metadata of a pool),
 * which are mapped first.  All metadata are untrusted: unknown names, volumes that contain
 * themselves and ranges outside a member are errors.
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
	uint64_t dev;			/* kernel's device number; not 0 when volumes are opened */
	uint64_t size;			/* bytes */
	char uuid[33];
};

/*
 * Get UUID and sequence number of the group that @len bytes at @text describe.  -1, and "" in
 * @uuid, if they describe none; @text may be NULL.
 */
int64_t lvm_group_identify(const char *text, size_t len, char *uuid, size_t room);

/*
 * Open the group whose newest metadata is @text, of @len bytes.  @members are the members
 * that were found, in any order.  With @read_only, volumes are mapped read-only.
 * Volumes that lack members can be opened only with @degraded.  @object is the group's
 * name in messages.  0, -EUCLEAN with error text, or -ENOMEM.
 */
int lvm_group_open(struct anyfs_kernel *k, const char *text, size_t len,
		   const struct lvm_member *members, unsigned int nr, const char *object,
		   bool read_only, bool degraded, struct lvm_group **group);
/* Change the devices of the members, matched by UUID, before a volume is opened. */
void lvm_group_set_devices(struct lvm_group *g, const struct lvm_member *members, unsigned int nr);
/* Number of devices that are mapped for volumes and their parts. */
unsigned int lvm_group_mapped(const struct lvm_group *g);
/* Remove the mapped devices that nothing uses; opening a volume maps them again. */
void lvm_group_trim(struct lvm_group *g);
/*
 * Remove all mapped devices and free @g; NULL is fine.  -EBUSY: a device is in use, and the
 * kernel removes it when it is no longer used.
 */
int lvm_group_close(struct lvm_group *g);

const char *lvm_group_name(const struct lvm_group *g);
const char *lvm_group_uuid(const struct lvm_group *g);
/* Whether the physical volume @uuid was among the members that were found. */
bool lvm_group_has_member(const struct lvm_group *g, const char *uuid);
/* Number of physical volumes of the group that were not found. */
unsigned int lvm_group_missing(const struct lvm_group *g);

struct lvm_volume_info {
	const char *name, *uuid;	/* live as long as the group */
	const char *type;		/* of its first segment: "striped", "thin" ... */
	uint64_t size;			/* bytes */
};

/* Get the @index-th visible volume, in the order of the metadata; false if there is none. */
bool lvm_group_volume(const struct lvm_group *g, unsigned int index, struct lvm_volume_info *info);
/*
 * Map the @index-th volume; *@dev gets the kernel's device number.  0 or -errno with error text;
 * -ENOMEM: the kernel cannot map more devices.
 */
int lvm_volume_open(struct lvm_group *g, unsigned int index, uint64_t *dev);

#endif /* ANYFS_IMAGE_LVM_GROUP_H */
