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
	const struct lvm_value *section;	/* its section of the metadata */
	const char *name;		/* points into the metadata */
	uint64_t sectors;		/* size in sectors of 512 bytes, from the segments */
	bool hidden;			/* a part of another volume, not listed */
	bool opening;			/* being mapped: to detect a volume that contains itself */
	uint64_t data_dev;		/* device of its segments, kernel's number; 0: not mapped */
	uint64_t dev;			/* device that is mounted, kernel's number; 0: not mapped */
	const struct lvm_value *snapshot;	/* segment of the snapshot stored here, or NULL */
	bool is_origin;			/* at least one snapshot of it exists */
	bool only_read;			/* a mirror lacks legs: mapped read-only */
};

/* A physical volume that the metadata list. */
struct lvm_found_pv {
	const char *name;		/* its name in the metadata: "pv0" */
	const char *id;			/* its UUID in the metadata, with dashes */
	bool found;			/* dev and size are valid */
	uint64_t dev;			/* the kernel's number */
	uint64_t size;			/* bytes */
	int64_t pe_start;		/* where extent 0 begins, sectors */
};

/* A mapped device of the group. */
struct lvm_map {
	struct lvm_map *next;		/* the device that was mapped before this one */
	struct mapper mapper;
	struct lvm_volume *volume;	/* the volume of which it is a part */
};

struct lvm_group {
	struct anyfs_kernel *k;
	char *object;			/* name in messages; owned */
	struct lvm_config *config;	/* the metadata; owned */
	const struct lvm_value *section;	/* section of the group in config */
	const char *name;		/* name of that section */
	uint64_t extent;		/* size of an extent, sectors */
	bool read_only, degraded;	/* the arguments of lvm_group_open() */
	struct lvm_found_pv *pvs;	/* nr_pvs; owned */
	unsigned int nr_pvs, nr_missing;
	struct lvm_volume *volumes;	/* nr_volumes, hidden ones too; owned */
	unsigned int nr_volumes;
	struct lvm_map *maps;		/* the newest first, which is removed first */
	unsigned int nr_maps;
	unsigned int depth;		/* current nesting of volumes being mapped */
};

/* Find the volume @name; NULL with error text (-EUCLEAN) if there is none. */
struct lvm_volume *lvm_find_volume(struct lvm_group *g, const char *name);
/* Map the segments of @v to v->data_dev.  0 or -errno with error text. */
int lvm_map_data(struct lvm_volume *v);
/*
 * Find the device ("MAJOR:MINOR") and sector of extents of @name, a logical or physical volume.
 * -ENXIO, without error text: the physical volume is missing.
 */
int lvm_area(struct lvm_volume *v, const char *name, int64_t extent, uint64_t sectors, char *dev,
	     uint64_t *sector);
/* Map the hidden volume @name and get its device. */
int lvm_sub_device(struct lvm_volume *v, const char *name, char *dev);
/* Map a device of @nr targets, which lvm_group_trim() may remove; *@dev gets its number. */
int lvm_make_device(struct lvm_volume *v, const struct mapper_target *targets, unsigned int nr,
		    uint64_t *dev);
/* Set the error text for damaged metadata of @v; returns -EUCLEAN. */
int lvm_damaged(const struct lvm_volume *v, const char *what);
/* Set the error text for @v; returns -ENOMEM: this program, not the kernel, is out of memory. */
int lvm_no_memory(const struct lvm_volume *v);

/* lvm-table.c: the target of a segment of @len sectors; the caller frees @params. */
int lvm_segment_target(struct lvm_volume *v, const struct lvm_value *segment, uint64_t len,
		       const char **type, char **params);
/* Map the device of the snapshot whose changed blocks @v stores. */
int lvm_map_snapshot(struct lvm_volume *v, uint64_t *dev);

#endif /* ANYFS_IMAGE_LVM_VOLUME_H */
