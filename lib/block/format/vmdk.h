/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vmdk.h - definitions shared by the files of the VMDK format: vmdk-descriptor.c parses the text,
 * vmdk-sparse.c reads extents that have tables, vmdk.c puts a disk together
 */
#ifndef ANYFS_FORMAT_VMDK_H
#define ANYFS_FORMAT_VMDK_H

#include "mapped.h"

#define VMDK_DESCRIPTOR_MAX	(256u << 10)	/* bytes of text */
#define VMDK_EXTENTS_MAX	1024u

enum vmdk_kind { VMDK_FLAT, VMDK_ZERO, VMDK_TABLES };

/* A line of the descriptor's table of extents. */
struct vmdk_extent {
	enum vmdk_kind kind;
	uint64_t len;			/* bytes */
	uint64_t offset;		/* FLAT: where it begins in the file, bytes */
	const char *name;		/* of the file; points into the descriptor's text */
};

struct vmdk_descriptor {
	char *text;			/* owned; names point into it */
	uint32_t cid, parent_cid;	/* content ids: of the image, its parent; or VMDK_NO_CID */
	const char *parent;		/* name of the parent's file, "" if there is none */
	unsigned int nr;		/* number of extents */
	struct vmdk_extent *extents;	/* owned */
};
#define VMDK_NO_CID	0xffffffffu

/*
 * Parse the descriptor of @len bytes at @text and take ownership of @text, which has room for
 * one byte more.  0, or -errno with error text for @name.  In any case, call
 * vmdk_free_descriptor() afterwards.
 */
int vmdk_parse_descriptor(char *text, size_t len, const char *name, struct vmdk_descriptor *d);
void vmdk_free_descriptor(struct vmdk_descriptor *d);
/* Whether a file begins like a descriptor. */
bool vmdk_is_descriptor(const uint8_t *head, size_t len);

/* Format of the identity by which a child recognises its parent: the parent's content id. */
#define VMDK_IDENTITY	"CID %08x"

/* vmdk-sparse.c */

/* Where the embedded descriptor of a sparse extent is; len 0: there is none. */
struct vmdk_embedded {
	uint64_t offset;
	uint32_t len;
};
bool vmdk_is_sparse(const uint8_t *head, size_t len);
/* Read and check the header of @lower and make a disk of the extent, without a parent. */
int vmdk_sparse_open(struct blockdev *lower, struct vmdk_embedded *embedded,
		     struct blockdev **bd);
/*
 * Set the parent of @bd, which vmdk_sparse_open() made: data that @bd does not store are read from
 * @parent, where the extent begins at @offset.  Takes a reference.
 */
void vmdk_sparse_set_parent(struct blockdev *bd, struct blockdev *parent, uint64_t offset);

#endif /* ANYFS_FORMAT_VMDK_H */
