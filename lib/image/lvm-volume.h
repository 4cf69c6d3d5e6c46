/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lvm-volume.h - definitions shared by lvm-group.c and lvm-table.c
 */
#ifndef ANYFS_IMAGE_LVM_VOLUME_H
#define ANYFS_IMAGE_LVM_VOLUME_H

#include "lvm-group.h"

#define LVM_DEV_TEXT	32		/* room for "MAJOR:MINOR" */

struct lvm_volume {
	struct lvm_group *group;
	const struct lvm_value *section;
	const char *name;
	uint64_t sectors;		/* size in sectors of 512 bytes, from the segments */
	bool hidden;
	bool opening;			/* being opened; if met again, the volume contains itself */
	uint64_t data_dev;		/* device of its segments; 0: not mapped yet */
	uint64_t dev;			/* visible device; 0: not mapped yet */
	const struct lvm_value *snapshot;	/* set in a snapshot's store */
	bool is_origin;			/* of at least one snapshot */
	bool only_read;			/* a mirror with missing legs, see write_legs() */
};

struct lvm_found_pv {
	const char *name;		/* in the metadata: "pv0" */
	const char *id;			/* its UUID in the metadata, with dashes */
	bool found;
	uint64_t dev;
	uint64_t size;			/* bytes */
	int64_t pe_start;		/* sectors */
};

struct lvm_map {
	struct lvm_map *next;		/* the next older one */
	struct mapper mapper;
};

struct lvm_group {
	struct anyfs_kernel *k;
	char *object;
	struct lvm_config *config;
	const struct lvm_value *section;
	const char *name;
	uint64_t extent;		/* sectors */
	bool read_only, degraded;
	struct lvm_found_pv *pvs;
	unsigned int nr_pvs, nr_missing;
	struct lvm_volume *volumes;
	unsigned int nr_volumes;
	struct lvm_map *maps;		/* the newest first */
	unsigned int depth;		/* current nesting of volumes being mapped */
};

/* Volume @name; or NULL, with the text of -EUCLEAN. */
struct lvm_volume *lvm_find_volume(struct lvm_group *g, const char *name);
/* Map the segments of @v.  0 or -errno with a text. */
int lvm_map_data(struct lvm_volume *v);
/* Find the device ("MAJOR:MINOR") and sector of a range of extents; -ENXIO: member missing. */
int lvm_area(struct lvm_volume *v, const char *name, int64_t extent, uint64_t sectors, char *dev,
	     uint64_t *sector);
/* Map the hidden volume @name and get its device. */
int lvm_sub_device(struct lvm_volume *v, const char *name, char *dev);
/* Map a device of @nr targets until the group is closed; *@dev gets its number. */
int lvm_make_device(struct lvm_volume *v, const struct mapper_target *targets, unsigned int nr,
		    uint64_t *dev);
/* Set the text of a metadata error of @v. */
int lvm_damaged(const struct lvm_volume *v, const char *what);

/* lvm-table.c: the target of a segment of @len sectors; the caller frees @params. */
int lvm_segment_target(struct lvm_volume *v, const struct lvm_value *segment, uint64_t len,
		       const char **type, char **params);
/* Map the visible device of @v, the store of a snapshot. */
int lvm_map_snapshot(struct lvm_volume *v, uint64_t *dev);

#endif /* ANYFS_IMAGE_LVM_VOLUME_H */
