// SPDX-License-Identifier: GPL-2.0
/*
 * vhdx-log.c - the log of a VHDX image, replayed in memory
 *
 * Specification: [MS-VHDX] 2.3, "Log".  The log is a ring of entries, each a header,
 * descriptors, and sectors of 4 KiB with the data.  It holds changes to tables only.  The image
 * is read-only, so the changes are kept in memory and applied to the data that is read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "crc32.h"
#include "error.h"
#include "vhdx.h"

#define LOG_SECTOR	4096u
#define LOG_MAX		(64u << 20)	/* bytes; programs write logs of 1 MiB */
#define ENTRY_HEADER	64u
#define DESCRIPTOR	32u

/* A range of the image file that the log overwrites. */
struct change {
	uint64_t offset, len;		/* in the image file */
	const uint8_t *data;		/* of LOG_SECTOR bytes, in the log; NULL: zeros */
};

struct vhdx_log {
	uint8_t *ring;			/* a copy of the log, with its data sectors completed */
	uint32_t len;			/* bytes of the ring */
	unsigned int nr, room;		/* changes in use, changes allocated */
	struct change *changes;		/* in the order in which they were written */
};

/* An entry that was checked, at @pos of the ring. */
struct entry {
	uint32_t pos, len;		/* in the ring, bytes */
	uint32_t tail;			/* where the oldest entry that must be replayed begins */
	uint32_t descriptors;		/* their number */
	uint64_t sequence;		/* sequence number; 0: no entry */
};

/* Copy @len bytes at @pos of the ring; they may wrap around to its beginning. */
static void copy_from_log(const struct vhdx_log *log, uint32_t pos, uint8_t *dst, uint32_t len)
{
	uint32_t first = log->len - pos < len ? log->len - pos : len;

	memcpy(dst, log->ring + pos, first);
	memcpy(dst + first, log->ring, len - first);
}

static bool sum_is_right(const struct vhdx_log *log, uint32_t pos, uint32_t len)
{
	uint8_t *copy = malloc(len);
	bool right = false;

	if (copy) {
		copy_from_log(log, pos, copy, len);
		right = crc32c_without(copy, len, 4) == get_le32(copy + 4);
	}
	free(copy);
	return right;
}

/* Parse the entry at @pos, without checking its sum. */
static bool parse_entry(const struct vhdx_log *log, uint32_t pos, const uint8_t *guid,
			struct entry *e)
{
	const uint8_t *p = log->ring + pos;
	uint64_t head;

	if (memcmp(p, "loge", 4) || memcmp(p + 32, guid, 16))
		return false;
	e->pos = pos;
	e->len = get_le32(p + 8);
	e->tail = get_le32(p + 12);
	e->sequence = get_le64(p + 16);
	e->descriptors = get_le32(p + 24);
	head = ENTRY_HEADER + (uint64_t)e->descriptors * DESCRIPTOR;
	return e->len && e->len % LOG_SECTOR == 0 && e->len <= log->len && head <= e->len &&
	       e->tail % LOG_SECTOR == 0 && e->tail < log->len && e->sequence;
}

/* Find the newest entry whose checksum is right. */
static bool find_newest(const struct vhdx_log *log, const uint8_t *guid, struct entry *newest)
{
	uint64_t summed = 0;
	struct entry e;

	*newest = (struct entry){ 0 };
	for (uint32_t pos = 0; pos < log->len; pos += LOG_SECTOR) {
		if (!parse_entry(log, pos, guid, &e) || e.sequence <= newest->sequence)
			continue;
		summed += e.len;
		/* No program writes overlapping entries. */
		if (summed > 4ull * log->len)
			return false;
		if (sum_is_right(log, pos, e.len))
			*newest = e;
	}
	return newest->sequence;
}

static bool add_change(struct vhdx_log *log, uint64_t offset, uint64_t len, const uint8_t *data)
{
	if (log->nr == log->room) {
		unsigned int room = log->room ? log->room * 2 : 64;
		struct change *more = realloc(log->changes, room * sizeof(*more));

		if (!more)
			return false;
		log->changes = more;
		log->room = room;
	}
	log->changes[log->nr++] = (struct change){ offset, len, data };
	return true;
}

/* Complete the data sector at @pos of the ring, which belongs to descriptor @d. */
static bool take_data(struct vhdx_log *log, const uint8_t *d, uint32_t pos, uint64_t sequence)
{
	uint8_t *data = log->ring + pos;

	if (memcmp(data, "data", 4) || get_le32(data + 4) != sequence >> 32 ||
	    get_le32(data + 4092) != (uint32_t)sequence || get_le64(d + 16) % LOG_SECTOR)
		return false;
	memcpy(data, d + 8, 8);
	memcpy(data + 4092, d + 4, 4);
	return add_change(log, get_le64(d + 16), LOG_SECTOR, data);
}

/* Add the changes of @e; false: @e is invalid, or out of memory. */
static bool take_entry(struct vhdx_log *log, const struct entry *e)
{
	uint64_t head = ENTRY_HEADER + (uint64_t)e->descriptors * DESCRIPTOR;
	uint64_t data = (head + LOG_SECTOR - 1) / LOG_SECTOR * LOG_SECTOR;
	uint8_t d[DESCRIPTOR];

	for (uint32_t i = 0; i < e->descriptors; i++) {
		copy_from_log(log, (e->pos + ENTRY_HEADER + (uint64_t)i * DESCRIPTOR) % log->len, d,
			      DESCRIPTOR);
		if (get_le64(d + 24) != e->sequence)
			return false;
		if (!memcmp(d, "zero", 4)) {
			if (!add_change(log, get_le64(d + 16), get_le64(d + 8), NULL))
				return false;
			continue;
		}
		if (memcmp(d, "desc", 4) || data >= e->len ||
		    !take_data(log, d, (e->pos + data) % log->len, e->sequence))
			return false;
		data += LOG_SECTOR;
	}
	return true;
}

/* Add all entries from the tail of @newest up to @newest, which must be consecutive. */
static bool take_sequence(struct vhdx_log *log, const struct entry *newest, const uint8_t *guid)
{
	uint32_t pos = newest->tail;
	uint64_t passed = 0, before = 0;
	struct entry e;

	do {
		if (!parse_entry(log, pos, guid, &e) || !sum_is_right(log, pos, e.len) ||
		    (before && e.sequence != before + 1) || e.sequence > newest->sequence ||
		    !take_entry(log, &e))
			return false;
		before = e.sequence;
		passed += e.len;
		pos = (pos + e.len) % log->len;
	} while (e.pos != newest->pos && passed < log->len);
	return e.pos == newest->pos;
}

static int refuse_log(const char *name, const char *reason)
{
	return error_set(-EINVAL, "%s: its log cannot be replayed: %s", name, reason);
}

int vhdx_log_read(struct blockdev *lower, uint64_t offset, uint32_t len, const uint8_t *guid,
		  struct vhdx_log **out)
{
	struct vhdx_log *log;
	struct entry newest;
	int err;

	if (!len || len > LOG_MAX || len % LOG_SECTOR || offset % LOG_SECTOR)
		return refuse_log(lower->name, "its size is invalid");
	log = calloc(1, sizeof(*log));
	if (log)
		log->ring = malloc(len);
	if (!log || !log->ring) {
		free(log);
		return error_set(-ENOMEM, "%s: out of memory", lower->name);
	}
	log->len = len;
	err = blockdev_read_bytes(lower, log->ring, len, offset);
	if (err)
		err = refuse_log(lower->name, "it does not lie in the file");
	else if (!find_newest(log, guid, &newest))
		err = refuse_log(lower->name, "it has no valid entry");
	else if (get_le64(log->ring + newest.pos + 48) > format_file_size(lower))
		err = refuse_log(lower->name, "the file is shorter than it was; is it cut off?");
	else if (!take_sequence(log, &newest, guid))
		err = refuse_log(lower->name, "an entry is damaged");
	if (err) {
		vhdx_log_free(log);
		return err;
	}
	*out = log;
	return 0;
}

void vhdx_log_free(struct vhdx_log *log)
{
	if (!log)
		return;
	free(log->ring);
	free(log->changes);
	free(log);
}

void vhdx_log_apply(const struct vhdx_log *log, uint64_t offset, uint8_t *buf, size_t len)
{
	for (unsigned int i = 0; log && i < log->nr; i++) {
		const struct change *c = &log->changes[i];
		uint64_t start = c->offset > offset ? c->offset : offset, end = offset + len;

		if (c->offset >= end || (c->offset < offset && c->len <= offset - c->offset))
			continue;
		if (c->len < end - c->offset)
			end = c->offset + c->len;
		if (end <= start)
			continue;
		if (c->data)
			memcpy(buf + (start - offset), c->data + (start - c->offset), end - start);
		else
			memset(buf + (start - offset), 0, end - start);
	}
}
