// SPDX-License-Identifier: GPL-2.0
/*
 * hfs-catalog.c - read the catalog of an HFS or HFS+
 *
 * Written from "Inside Macintosh: Files" and Apple's Technical Note TN1150.  The catalog is
 * a B-tree whose leaves are chained, so that all records are read without any search.  The
 * header of the volume has its first extents; the others are in a second B-tree.  All fields
 * are big endian, and hostile.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "hfs-catalog.h"
#include <lkl.h>

#define HEADER_AT		1024u		/* bytes from the start of the volume */
#define HEADER_LEN		512u
#define ID_CATALOG		4u

/* The header of HFS+. */
#define PLUS_BLOCK		40		/* u32: bytes of an allocation block */
#define PLUS_EXTENTS		(192 + 16)	/* 8 extents of the tree of extents */
#define PLUS_CATALOG		(272 + 16)
#define PLUS_NR			8u		/* extents of a fork: u32 start, u32 blocks */

/* The header of HFS, which may also be a wrapper of an HFS+. */
#define HFS_BLOCK		20		/* u32 */
#define HFS_FIRST		28		/* u16: sector of the first block */
#define HFS_EMBEDDED		124		/* "H+" */
#define HFS_EMBEDDED_AT		126		/* u16: block */
#define HFS_EXTENTS		134		/* 3 extents */
#define HFS_CATALOG		150
#define HFS_NR			3u		/* u16 start, u16 blocks */
#define SECTOR			512u

/* A node of a tree, and the record with the tree's header in the first one. */
#define NODE_NEXT		0		/* u32 */
#define NODE_KIND		8		/* u8 */
#define NODE_RECORDS		10		/* u16 */
#define NODE_HEADER		14u
#define NODE_MIN		512u
#define NODE_MAX		32768u
#define KIND_LEAF		0xff
#define KIND_HEADER		1
#define TREE_FIRST_LEAF		24		/* u32 */
#define TREE_NODE_BYTES		32		/* u16 */

/* The record of a file, after the key. */
#define RECORD_FILE		2
#define PLUS_ID			8		/* u32 */
#define PLUS_FLAGS		41		/* u8: flags of the owner */
#define PLUS_COMPRESSED		0x20
#define PLUS_FORK		168		/* u64: bytes of the resource fork */
#define PLUS_FILE_LEN		248u
#define HFS_ID			20		/* u32 */
#define HFS_FORK		36		/* u32 */
#define HFS_FILE_LEN		102u

struct piece {
	uint64_t start;			/* offset in the tree */
	uint64_t at, len;		/* bytes of the device */
};

struct volume {
	int fd;
	bool plus;
	uint64_t base;			/* byte offset of block 0 on the device */
	uint32_t block;			/* bytes of a block */
	uint8_t header[HEADER_LEN];
};

struct tree {
	const struct volume *v;
	struct piece *pieces;
	size_t nr;
	uint64_t bytes;			/* bytes of all pieces */
	uint32_t node_bytes, first;
	uint8_t *node;			/* buffer of NODE_MAX bytes */
};

/* Called for each record; false stops, because memory is exhausted. */
typedef bool record_fn(void *data, const uint8_t *record, size_t len);

static long read_at(const struct volume *v, void *buf, size_t len, uint64_t at)
{
	long n = at < INT64_MAX ? lkl_sys_pread64(v->fd, buf, len, at) : -EUCLEAN;

	return n < 0 ? n : (size_t)n == len ? 0 : -EUCLEAN;
}

static long read_header(struct volume *v)
{
	uint64_t begin = 0;
	long rc = read_at(v, v->header, HEADER_LEN, HEADER_AT);

	if (!rc && v->plus && !memcmp(v->header, "BD", 2) &&
	    !memcmp(v->header + HFS_EMBEDDED, "H+", 2)) {
		begin = (uint64_t)get_be16(v->header + HFS_FIRST) * SECTOR +
			(uint64_t)get_be16(v->header + HFS_EMBEDDED_AT) *
			get_be32(v->header + HFS_BLOCK);
		rc = read_at(v, v->header, HEADER_LEN, begin + HEADER_AT);
	}
	if (rc)
		return rc;
	if (v->plus) {
		v->base = begin;
		v->block = get_be32(v->header + PLUS_BLOCK);
		return memcmp(v->header, "H+", 2) && memcmp(v->header, "HX", 2) ? -EUCLEAN : 0;
	}
	v->base = (uint64_t)get_be16(v->header + HFS_FIRST) * SECTOR;
	v->block = get_be32(v->header + HFS_BLOCK);
	return memcmp(v->header, "BD", 2) ? -EUCLEAN : 0;
}

/* Add the extents of a fork that are at @p. */
static bool add_pieces(struct tree *tree, const uint8_t *p)
{
	const struct volume *v = tree->v;
	unsigned int nr = v->plus ? PLUS_NR : HFS_NR, step = v->plus ? 8 : 4;
	struct piece *more = realloc(tree->pieces, (tree->nr + nr) * sizeof(*more));

	if (!more)
		return false;
	tree->pieces = more;
	for (; nr; nr--, p += step) {
		uint64_t start = v->plus ? get_be32(p) : get_be16(p);
		uint64_t blocks = v->plus ? get_be32(p + 4) : get_be16(p + 2);

		if (!blocks)
			continue;
		tree->pieces[tree->nr++] = (struct piece){
			tree->bytes, v->base + start * v->block, blocks * v->block,
		};
		tree->bytes += blocks * v->block;
	}
	return true;
}

/* The piece with the byte @off of the tree; @off is before the end of the tree. */
static const struct piece *find_piece(const struct tree *tree, uint64_t off)
{
	size_t low = 0, high = tree->nr - 1;

	while (low < high) {
		size_t middle = low + (high - low + 1) / 2;

		if (tree->pieces[middle].start <= off)
			low = middle;
		else
			high = middle - 1;
	}
	return &tree->pieces[low];
}

/* Read @len bytes at @off of the tree; they may be in several pieces. */
static long read_tree(const struct tree *tree, uint8_t *buf, size_t len, uint64_t off)
{
	while (len) {
		const struct piece *p;
		uint64_t left;
		size_t n;
		long rc;

		if (off >= tree->bytes)
			return -EUCLEAN;
		p = find_piece(tree, off);
		left = p->len - (off - p->start);
		n = left < len ? left : len;
		rc = read_at(tree->v, buf, n, p->at + (off - p->start));
		if (rc)
			return rc;
		buf += n;
		len -= n;
		off += n;
	}
	return 0;
}

static long open_tree(struct tree *tree, const struct volume *v, unsigned int extents_at)
{
	long rc;

	*tree = (struct tree){ .v = v, .node = malloc(NODE_MAX) };
	if (!tree->node || !add_pieces(tree, v->header + extents_at))
		return -ENOMEM;
	rc = read_tree(tree, tree->node, NODE_MIN, 0);
	if (rc)
		return rc;
	tree->node_bytes = get_be16(tree->node + TREE_NODE_BYTES);
	tree->first = get_be32(tree->node + TREE_FIRST_LEAF);
	if (tree->node[NODE_KIND] != KIND_HEADER || tree->node_bytes < NODE_MIN ||
	    tree->node_bytes > NODE_MAX || tree->node_bytes & (tree->node_bytes - 1))
		return -EUCLEAN;
	return 0;
}

static void close_tree(struct tree *tree)
{
	free(tree->pieces);
	free(tree->node);
}

static long scan_node(const struct tree *tree, record_fn *fn, void *data)
{
	uint32_t nr = get_be16(tree->node + NODE_RECORDS);

	if (tree->node[NODE_KIND] != KIND_LEAF ||
	    NODE_HEADER + 2 * (nr + 1) > tree->node_bytes)
		return -EUCLEAN;
	/* The offsets of the records and of their end are at the node's end, last one first. */
	for (uint32_t i = 0; i < nr; i++) {
		const uint8_t *offset = tree->node + tree->node_bytes - 2 * (i + 1);
		uint32_t from = get_be16(offset), to = get_be16(offset - 2);

		if (from < NODE_HEADER || to < from || to > tree->node_bytes)
			return -EUCLEAN;
		if (!fn(data, tree->node + from, to - from))
			return -ENOMEM;
	}
	return 0;
}

/*
 * Call @fn with each record.  To detect a loop, one node of the chain is remembered, and a
 * later one instead after 1, 2, 4, 8 ... nodes: a loop leads back to the remembered node.
 */
static long scan_tree(const struct tree *tree, record_fn *fn, void *data)
{
	uint64_t nr = 0, replace = 1;
	uint32_t kept = 0;
	long rc = 0;

	for (uint32_t node = tree->first; node && !rc; node = get_be32(tree->node + NODE_NEXT)) {
		if (node == kept)
			return -EUCLEAN;
		if (++nr == replace) {
			kept = node;
			replace *= 2;
		}
		rc = read_tree(tree, tree->node, tree->node_bytes,
			       (uint64_t)node * tree->node_bytes);
		if (!rc)
			rc = scan_node(tree, fn, data);
	}
	return rc;
}

/* Called for a record of the tree of extents: if the extents are the catalog's, add them. */
static bool add_extents(void *data, const uint8_t *r, size_t len)
{
	struct tree *catalog = data;
	bool plus = catalog->v->plus;
	size_t key = plus ? 12 : 8, size = plus ? 8 * PLUS_NR : 4 * HFS_NR;

	if (len < key + size || r[plus ? 2 : 1] || get_be32(r + (plus ? 4 : 2)) != ID_CATALOG)
		return true;
	return add_pieces(catalog, r + key);
}

struct finder {
	struct hfs_catalog *c;
	bool plus;
	size_t room;
};

static bool add_file(struct finder *f, const struct hfs_file *file)
{
	struct hfs_catalog *c = f->c;

	if (!file->fork_bytes && !file->compressed)
		return true;
	if (c->nr == f->room) {
		size_t room = 2 * f->room + 64;
		struct hfs_file *more = realloc(c->files, room * sizeof(*more));

		if (!more)
			return false;
		c->files = more;
		f->room = room;
	}
	c->files[c->nr++] = *file;
	return true;
}

/* Called for a record of the catalog: if it is that of a file, look for a fork or compression. */
static bool find_file(void *data, const uint8_t *r, size_t len)
{
	struct finder *f = data;
	struct hfs_file file = { 0 };
	size_t key;

	if (len < 2)
		return true;
	/* After the key, the record continues at an even offset. */
	key = f->plus ? 2 + get_be16(r) : (2u + r[0]) & ~1u;
	if (len < key + (f->plus ? PLUS_FILE_LEN : HFS_FILE_LEN))
		return true;
	r += key;
	if (f->plus && get_be16(r) == RECORD_FILE) {
		file.id = get_be32(r + PLUS_ID);
		file.compressed = r[PLUS_FLAGS] & PLUS_COMPRESSED;
		file.fork_bytes = get_be64(r + PLUS_FORK);
	} else if (!f->plus && r[0] == RECORD_FILE) {
		file.id = get_be32(r + HFS_ID);
		file.fork_bytes = get_be32(r + HFS_FORK);
	}
	return add_file(f, &file);
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t x = ((const struct hfs_file *)a)->id, y = ((const struct hfs_file *)b)->id;

	return x < y ? -1 : x > y;
}

static long read_files(struct hfs_catalog *c, const struct volume *v)
{
	struct tree catalog, extents;
	struct finder f = { .c = c, .plus = v->plus };
	long rc = open_tree(&catalog, v, v->plus ? PLUS_CATALOG : HFS_CATALOG);

	if (!rc) {
		rc = open_tree(&extents, v, v->plus ? PLUS_EXTENTS : HFS_EXTENTS);
		if (!rc)
			rc = scan_tree(&extents, add_extents, &catalog);
		close_tree(&extents);
	}
	if (!rc)
		rc = scan_tree(&catalog, find_file, &f);
	close_tree(&catalog);
	return rc;
}

long hfs_catalog_read(struct hfs_catalog *c, int fd, bool plus)
{
	struct volume v = { .fd = fd, .plus = plus };
	long rc = read_header(&v);

	if (!rc)
		rc = read_files(c, &v);
	if (rc)
		hfs_catalog_free(c);
	else if (c->nr)
		qsort(c->files, c->nr, sizeof(*c->files), compare_ids);
	return rc;
}

const struct hfs_file *hfs_catalog_find(const struct hfs_catalog *c, uint64_t id)
{
	const struct hfs_file key = { .id = id };

	if (!c->nr || id > UINT32_MAX)
		return NULL;
	return bsearch(&key, c->files, c->nr, sizeof(*c->files), compare_ids);
}

void hfs_catalog_free(struct hfs_catalog *c)
{
	free(c->files);
	*c = (struct hfs_catalog){ 0 };
}
