// SPDX-License-Identifier: GPL-2.0
/*
 * qcow2.c - QEMU's image format: clusters found by two levels of tables
 *
 * Specification: docs/interop/qcow2.txt of QEMU.  Versions 2 and 3 are read, with
 * compressed clusters, subclusters, internal snapshots, a backing file, and an external
 * data file.  An image cannot be read while another program writes to it; raw-lock.c
 * excludes that.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "mapped.h"
#include "qcow2.h"

#define OFFSET_MASK	0x00fffffffffffe00ull
#define COPIED		(1ull << 63)
#define COMPRESSED	(1ull << 62)
#define ALL_ZEROS	(1ull << 0)
#define ENTRIES		64u		/* L2 entries that are read together */

struct qcow2 {
	struct mapped m;
	struct qcow2_header h;
	struct blockdev *data;		/* where clusters are; a reference */
	struct blockdev *backing;	/* a reference, or NULL */
};

/* An L2 entry.  @bitmap describes subclusters, in images with subclusters. */
struct entry {
	uint64_t value, bitmap;
};

/* Where a cluster or subcluster is; UNALLOCATED: in the backing file, if there is one. */
enum status { UNALLOCATED, ZEROS, STORED, PACKED };

static uint32_t entry_bytes(const struct qcow2 *q)
{
	return q->h.extended_l2 ? 16 : 8;
}

/* Find the L2 table of @offset; 0: there is none. */
static int find_l2(struct qcow2 *q, uint64_t offset, bool may_wait, uint64_t *table)
{
	unsigned int bits = 2 * q->h.cluster_bits - (q->h.extended_l2 ? 4 : 3);
	uint8_t raw[8];
	int err = meta_read(&q->m, q->h.l1_offset + (offset >> bits) * 8, raw, 8, may_wait);

	if (err)
		return err;
	*table = get_be64(raw) & OFFSET_MASK;
	return *table & ((1ull << q->h.cluster_bits) - 1) ? -EIO : 0;
}

/* Read the L2 entries of the clusters from @offset on: at most *@nr, all from one table. */
static int read_entries(struct qcow2 *q, uint64_t offset, bool may_wait, struct entry *entries,
			unsigned int *nr)
{
	uint32_t bytes = entry_bytes(q), per_table = (1u << q->h.cluster_bits) / bytes;
	uint32_t index = (offset >> q->h.cluster_bits) % per_table;
	uint8_t raw[ENTRIES * 16];
	uint64_t table;
	int err = find_l2(q, offset, may_wait, &table);

	if (err)
		return err;
	if (*nr > per_table - index)
		*nr = per_table - index;
	if (!table)
		memset(raw, 0, sizeof(raw));
	else
		err = meta_read(&q->m, table + (uint64_t)index * bytes, raw, *nr * bytes, may_wait);
	for (unsigned int i = 0; i < *nr && !err; i++) {
		entries[i].value = get_be64(raw + i * bytes);
		entries[i].bitmap = bytes == 16 ? get_be64(raw + i * bytes + 8) : 0;
	}
	return err;
}

/* Status of subcluster @sub of an entry (0 in images without subclusters). */
static enum status status_of(const struct qcow2 *q, const struct entry *e, unsigned int sub)
{
	bool allocated = e->value & OFFSET_MASK;

	/* In an external data file a cluster may be at offset 0. */
	if (q->data != q->m.lower)
		allocated = allocated || (e->value & COPIED);
	if (e->value & COMPRESSED)
		return PACKED;
	if (q->h.extended_l2) {
		if (e->bitmap >> (32 + sub) & 1)
			return ZEROS;
		return allocated && (e->bitmap >> sub & 1) ? STORED : UNALLOCATED;
	}
	if (q->h.version > 2 && (e->value & ALL_ZEROS))
		return ZEROS;
	return allocated ? STORED : UNALLOCATED;
}

static int map_packed(struct qcow2 *q, const struct entry *e, uint64_t offset, uint64_t len,
		      struct run *run)
{
	unsigned int offset_bits = 62 - (q->h.cluster_bits - 8);
	uint64_t at = e->value & ((1ull << offset_bits) - 1);
	uint64_t sectors = ((e->value & (COMPRESSED - 1)) >> offset_bits) + 1;
	uint64_t size = format_file_size(q->m.lower);
	uint64_t cluster = 1ull << q->h.cluster_bits, bytes = sectors * 512 - at % 512;

	if (q->data != q->m.lower || at >= size)
		return -EIO;
	/* The recorded length of the last cluster may exceed the file. */
	if (bytes > size - at)
		bytes = size - at;
	run->kind = RUN_PACKED;
	run->from = q->m.lower;
	run->offset = at;
	run->packed_len = bytes;
	run->codec = q->h.zstd ? CODEC_ZSTD : CODEC_DEFLATE;
	run->unit = offset & ~(cluster - 1);
	run->unit_len = cluster;
	run->len = run->unit + cluster - offset < len ? run->unit + cluster - offset : len;
	return 0;
}

/* L2 entries that were read.  The parts of the disk are its clusters or subclusters. */
struct l2_range {
	struct qcow2 *q;
	const struct entry *entries;	/* of successive clusters */
	unsigned int nr;		/* number of entries */
	uint64_t start;			/* offset on the disk of the first entry's cluster */
	uint64_t unit;			/* size of a part, bytes */
};

static const struct entry *entry_at(const struct l2_range *s, uint64_t pos, unsigned int *sub)
{
	uint64_t cluster = 1ull << s->q->h.cluster_bits, index = (pos - s->start) / cluster;

	*sub = (pos - s->start) % cluster / s->unit;
	return index < s->nr ? &s->entries[index] : NULL;
}

static uint64_t host_offset(const struct l2_range *s, const struct entry *e, uint64_t pos)
{
	return (e->value & OFFSET_MASK) + (pos & ((1ull << s->q->h.cluster_bits) - 1));
}

/* Extend a run from @offset while its parts have the same kind and adjacent storage. */
static uint64_t extend_run(const struct l2_range *s, uint64_t offset, uint64_t end)
{
	unsigned int sub;
	const struct entry *first = entry_at(s, offset, &sub), *e;
	enum status status = status_of(s->q, first, sub);
	uint64_t host = host_offset(s, first, offset);
	uint64_t pos = (offset / s->unit + 1) * s->unit;

	while (pos < end && (e = entry_at(s, pos, &sub)) && status_of(s->q, e, sub) == status &&
	       (status != STORED || host_offset(s, e, pos) == host + (pos - offset)))
		pos += s->unit;
	return pos < end ? pos : end;
}

static int qcow2_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		     struct run *run)
{
	struct qcow2 *q = (struct qcow2 *)m;
	uint64_t cluster = 1ull << q->h.cluster_bits, span = offset % cluster + len;
	struct entry entries[ENTRIES];
	struct l2_range s = {
		.q = q, .entries = entries, .nr = ENTRIES,
		.start = offset & ~(cluster - 1),
		.unit = q->h.extended_l2 ? cluster / 32 : cluster,
	};
	unsigned int sub;
	enum status status;
	int err;

	if (span < ENTRIES * cluster)
		s.nr = (span + cluster - 1) / cluster;
	err = read_entries(q, offset, may_wait, entries, &s.nr);
	if (err)
		return err;
	entry_at(&s, offset, &sub);
	status = status_of(q, &entries[0], sub);
	if (status == PACKED)
		return map_packed(q, &entries[0], offset, len, run);
	run->len = extend_run(&s, offset, offset + len) - offset;
	run->hole = false;
	run->kind = status == ZEROS ? RUN_ZERO : RUN_DATA;
	run->from = q->data;
	run->offset = host_offset(&s, &entries[0], offset);
	if (status == UNALLOCATED)
		run_inherit(run, q->backing, offset);
	else if (status == STORED && (entries[0].value & OFFSET_MASK) % cluster)
		return -EIO;
	return 0;
}

static void qcow2_close(struct mapped *m)
{
	struct qcow2 *q = (struct qcow2 *)m;

	blockdev_close(q->data);
	blockdev_close(q->backing);
}

static const struct mapped_ops qcow2_ops = { .map = qcow2_map, .close = qcow2_close };

/* ---- opening ----------------------------------------------------------------- */

#define SNAPSHOT_BYTES	40u
#define SNAPSHOT_MAX	65536u		/* snapshots, and bytes of one entry's text */

/* An entry of the snapshot table; its text is @id, then the name. */
struct snapshot {
	uint64_t l1_offset, size;	/* of its L1 table in the file; of the disk; bytes */
	uint32_t l1_size;		/* entries of the L1 table */
	uint32_t bytes;			/* size of this entry of the snapshot table */
	char id[256], name[256];
};

static void read_text(struct blockdev *lower, uint64_t at, uint32_t len, char *text, int *err)
{
	uint32_t take = len < 255 ? len : 255;

	if (!*err)
		*err = blockdev_read_bytes(lower, text, take, at);
	text[*err ? 0 : take] = '\0';
}

static int read_snapshot(struct blockdev *lower, uint64_t at, struct snapshot *s)
{
	uint8_t raw[SNAPSHOT_BYTES], extra[16] = { 0 };
	uint32_t extra_len, id_len, name_len;
	int err = blockdev_read_bytes(lower, raw, sizeof(raw), at);

	if (err)
		return err;
	s->l1_offset = get_be64(raw);
	s->l1_size = get_be32(raw + 8);
	id_len = get_be16(raw + 12);
	name_len = get_be16(raw + 14);
	extra_len = get_be32(raw + 36);
	if (extra_len > SNAPSHOT_MAX)
		return -EINVAL;
	if (extra_len >= 16)
		err = blockdev_read_bytes(lower, extra, sizeof(extra), at + SNAPSHOT_BYTES);
	s->size = get_be64(extra + 8);		/* 0: the size of the disk now */
	at += SNAPSHOT_BYTES + extra_len;
	read_text(lower, at, id_len, s->id, &err);
	read_text(lower, at + id_len, name_len, s->name, &err);
	s->bytes = (SNAPSHOT_BYTES + extra_len + id_len + name_len + 7) & ~7u;
	return err;
}

/* Let @h describe the snapshot @wanted: its L1 table and size. */
static int use_snapshot(struct blockdev *lower, const char *wanted, struct qcow2_header *h)
{
	uint64_t at = h->snapshots_offset;
	struct snapshot s;

	if (h->nr_snapshots > SNAPSHOT_MAX)
		return error_set(-EINVAL, "%s: claims to have %u snapshots", lower->name,
				 h->nr_snapshots);
	for (uint32_t i = 0; i < h->nr_snapshots; i++) {
		int err = read_snapshot(lower, at, &s);

		if (err)
			return error_set(err == -EINVAL ? err : -EIO,
					 "%s: its table of snapshots is damaged", lower->name);
		at += s.bytes;
		if (strcmp(s.id, wanted) && strcmp(s.name, wanted))
			continue;
		h->l1_offset = s.l1_offset;
		h->l1_size = s.l1_size;
		h->size = s.size ? s.size : h->size;
		if (h->size > 1ull << 61 || s.l1_size < qcow2_l1_needed(h, h->size) ||
		    s.l1_offset % (1u << h->cluster_bits))
			return error_set(-EINVAL, "%s: snapshot %s is damaged", lower->name, wanted);
		return 0;
	}
	return error_set(-ENOENT, "%s: has no snapshot %s; qemu-img snapshot -l lists them",
			 lower->name, wanted);
}

static int open_other_files(struct qcow2 *q, const struct format_options *options)
{
	int err = 0;

	if (q->h.has_data_file)
		err = format_open_named(q->m.lower, options, "data file", q->h.data_file, "raw",
					&q->data);
	else
		q->data = blockdev_get(q->m.lower);
	if (!err && q->h.has_backing)
		err = format_open_named(q->m.lower, options, "backing file", q->h.backing,
					q->h.backing_format, &q->backing);
	return err;
}

static int read_header(struct blockdev *lower, struct qcow2_header *h)
{
	uint64_t size = format_file_size(lower);
	size_t len = size < QCOW2_HEADER_BYTES ? size : QCOW2_HEADER_BYTES;
	uint8_t *buf = malloc(len);
	int err = buf ? blockdev_read_bytes(lower, buf, len, 0) : -ENOMEM;

	if (err)
		format_unreadable(lower, err);
	else
		err = qcow2_parse(buf, len, lower->name, h);
	free(buf);
	return err;
}

static int qcow2_open(struct blockdev *lower, const struct format_options *options,
		      struct blockdev **bd)
{
	struct qcow2 *q = calloc(1, sizeof(*q));
	int err = q ? read_header(lower, &q->h) : error_set(-ENOMEM, "%s: out of memory", lower->name);

	if (!err && q->h.encryption && !options->check_only)
		err = error_set(-EOPNOTSUPP, "%s: is an encrypted qcow2 image, which can be opened only as a whole file with a path; decrypt it with qemu-img convert",
				lower->name);
	if (!err && options->snapshot)
		err = use_snapshot(lower, options->snapshot, &q->h);
	if (!err)
		err = codec_load(q->h.zstd ? FORMAT_ZSTD : FORMAT_ZLIB, lower->name);
	if (!err)
		err = mapped_init(&q->m, &qcow2_ops, lower, q->h.size);
	if (err) {
		free(q);
		return err;
	}
	err = open_other_files(q, options);
	if (err) {
		qcow2_close(&q->m);
		mapped_undo(&q->m);
		return err;
	}
	*bd = &q->m.bd;
	return 0;
}

static bool qcow2_probe(const struct format_sample *s)
{
	/* Version 1 is a different format. */
	return s->head_len >= 8 && !memcmp(s->head, "QFI\xfb", 4) && get_be32(s->head + 4) > 1;
}

static const char *qcow2_encryption(struct blockdev *lower)
{
	uint8_t head[36];

	return blockdev_read_bytes(lower, head, sizeof(head), 0) ? NULL :
	       qcow2_encryption_name(get_be32(head + 32));
}

static unsigned int qcow2_codecs(const struct format_sample *s)
{
	return s->head_len > 104 && get_be32(s->head + 4) == 3 && s->head[104] == 1 ?
	       FORMAT_ZSTD : FORMAT_ZLIB;
}

const struct format format_qcow2 = {
	.name = "qcow2", .qemu = "qcow2", .probe = qcow2_probe, .codecs = qcow2_codecs,
	.encryption = qcow2_encryption, .open = qcow2_open,
};
