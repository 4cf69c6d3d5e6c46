/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lvm-volume.h - what lvm-group.c and lvm-table.c share
 */
#ifndef ANYFS_IMAGE_LVM_VOLUME_H
#define ANYFS_IMAGE_LVM_VOLUME_H

#include "lvm-group.h"

#define LVM_DEV_TEXT	32		/* room for "MAJOR:MINOR" */

struct lvm_volume {
	struct lvm_group *group;
	const struct lvm_value *section;
	const char *name;
	uint64_t sectors;		/* of 512 bytes, by its segments */
	bool hidden;
	bool opening;			/* it stands on itself if it is met again */
	uint64_t data_dev;		/* what its segments map; 0: not mapped yet */
	uint64_t dev;			/* what users see, another one for snapshots; 0: likewise */
	const struct lvm_value *snapshot;	/* segment that makes this one a snapshot's store */
	bool is_origin;			/* of at least one snapshot */
};

struct lvm_found_pv {
	const char *name;		/* in the metadata: "pv0" */
	const char *id;			/* its UUID there, with dashes */
	bool found;
	uint64_t dev;
	uint64_t size;			/* bytes */
	int64_t pe_start;		/* sectors */
};

struct lvm_map {
	struct lvm_map *next;		/* made before */
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
	unsigned int depth;		/* volumes being mapped, each for the one before */
};

/* Volume @name, or NULL and the text of -EUCLEAN. */
struct lvm_volume *lvm_find_volume(struct lvm_group *g, const char *name);
/* Map the segments of @v.  0 or -errno with a text. */
int lvm_map_data(struct lvm_volume *v);
/* What a range of extents lies on, "MAJOR:MINOR" and a sector; -ENXIO: a member is missing. */
int lvm_area(struct lvm_volume *v, const char *name, int64_t extent, uint64_t sectors, char *dev,
	     uint64_t *sector);
/* The device of the hidden volume @name, mapped. */
int lvm_sub_device(struct lvm_volume *v, const char *name, char *dev);
/* Make a device of @nr targets that stays as long as the group; *@dev gets its number. */
int lvm_make_device(struct lvm_volume *v, const struct mapper_target *targets, unsigned int nr,
		    uint64_t *dev);
/* The text of a metadata error of @v. */
int lvm_damaged(const struct lvm_volume *v, const char *what);

/* lvm-table.c: the target of one segment of @len sectors; @params is to be freed. */
int lvm_segment_target(struct lvm_volume *v, const struct lvm_value *segment, uint64_t len,
		       const char **type, char **params);
/* The device that users see of @v, the store of a snapshot. */
int lvm_map_snapshot(struct lvm_volume *v, uint64_t *dev);

#endif /* ANYFS_IMAGE_LVM_VOLUME_H */
