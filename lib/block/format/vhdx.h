/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vhdx.h - shared by the files of the VHDX format: vhdx-header.c reads the description of
 * the image, vhdx-log.c its log, vhdx.c finds blocks
 */
#ifndef ANYFS_FORMAT_VHDX_H
#define ANYFS_FORMAT_VHDX_H

#include "mapped.h"
#include "text.h"

#define VHDX_NAME_MAX	1024u

struct vhdx_log;

/* The description of an image, checked. */
struct vhdx_header {
	uint64_t bat_offset;		/* of the block allocation table in the file, bytes */
	uint32_t bat_len;		/* bytes */
	uint64_t size;			/* of the disk, bytes */
	uint32_t block;			/* bytes */
	uint32_t sector;		/* bytes */
	uint32_t chunk_ratio;		/* blocks that one sector bitmap describes */
	bool has_parent;
	char data_guid[GUID_TEXT];	/* identity of this image, which children record */
	char parent_guid[GUID_TEXT];	/* identity of its parent, as recorded in this image */
	char parent[VHDX_NAME_MAX];	/* file name, "" if not recorded */
};

/*
 * Read the headers of @lower.  0 and the log in *@log, which may be NULL; or -errno
 * with error text.
 */
int vhdx_read_header(struct blockdev *lower, struct vhdx_header *h, struct vhdx_log **log);

/* vhdx-log.c */

/*
 * Read the log of @len bytes at @offset and collect the changes in its entries with the GUID
 * @guid, which the header names.  0, or -errno with error text: -EINVAL: no entry is valid.
 */
int vhdx_log_read(struct blockdev *lower, uint64_t offset, uint32_t len, const uint8_t *guid,
		  struct vhdx_log **log);
void vhdx_log_free(struct vhdx_log *log);
/* Apply the changes to @buf, which has the @len bytes at @offset of the image file. */
void vhdx_log_apply(const struct vhdx_log *log, uint64_t offset, uint8_t *buf, size_t len);

#endif /* ANYFS_FORMAT_VHDX_H */
