/* SPDX-License-Identifier: GPL-2.0 */
/*
 * qcow2.h - the header of a qcow2 image, parsed and checked
 */
#ifndef ANYFS_FORMAT_QCOW2_H
#define ANYFS_FORMAT_QCOW2_H

#include "format.h"

#define QCOW2_NAME_MAX	1024u

struct qcow2_header {
	unsigned int version;		/* 2 or 3 */
	unsigned int cluster_bits;	/* 9 ... 21 */
	uint64_t size;			/* of the disk, bytes */
	uint64_t l1_offset;		/* offset of the L1 table in the file, bytes */
	uint32_t l1_size;		/* entries */
	uint32_t nr_snapshots;
	uint64_t snapshots_offset;	/* offset of the snapshot table in the file, bytes */
	bool extended_l2;		/* clusters have subclusters */
	const char *encryption;		/* QEMU's name of the method, or NULL */
	bool zstd;			/* compressed by zstd; false: deflate */
	bool has_backing, has_data_file;
	char backing[QCOW2_NAME_MAX];	/* name as recorded in the image */
	char backing_format[32];	/* "" if not recorded */
	char data_file[QCOW2_NAME_MAX];	/* "" if not recorded */
};

/* qcow2-header.c */

/* Bytes that qcow2_parse() needs, or fewer if the file is shorter. */
#define QCOW2_HEADER_BYTES	65536u

/*
 * Parse the first @len bytes of an image.  0, or -errno with error text for @name. Reads
 * nothing else; its results are within the limits above.
 */
int qcow2_parse(const uint8_t *buf, size_t len, const char *name, struct qcow2_header *h);

/* QEMU's name of encryption method @method; NULL: not encrypted, or unknown. */
const char *qcow2_encryption_name(uint32_t method);

/* Number of L1 entries for a disk of @size bytes. */
uint64_t qcow2_l1_needed(const struct qcow2_header *h, uint64_t size);

#endif /* ANYFS_FORMAT_QCOW2_H */
