// SPDX-License-Identifier: GPL-2.0
/*
 * jfs-log.c - read the records of a JFS log, newest first
 *
 * The log is a ring of pages.  The head and the tail of each page hold a sequence number
 * and the offset at which the page's last record ends.  A record is data followed by its
 * descriptor, so the log is read backwards: from the end of the newest page to the sync
 * point, which a record names, or to the record of the last mount.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "jfs.h"

/* The superblock, block 8. */
#define SUPER_BLOCK	8u
#define SUPER_SIZE	8u		/* u64: sectors */
#define SUPER_BSIZE	16u		/* u32 */
#define SUPER_L2FACTOR	22u		/* u16: log2 of the number of sectors of a block */
#define SUPER_FLAG	36u		/* u32 */
#define SUPER_STATE	40u		/* u32 */
#define SUPER_SERIAL	68u		/* u32 */
#define SUPER_LOG	72u		/* extent */
#define FLAG_INLINELOG	0x800u
#define STATE_CLEAN	0u
#define STATE_MOUNTED	1u		/* all other states need fsck */

/* The superblock of the log, its page 1. */
#define LOG_SUPER	1u
#define LOG_MAGIC	0u		/* u32 */
#define LOG_VERSION	4u		/* u32 */
#define LOG_SERIAL	8u		/* u32 */
#define LOG_SIZE	12u		/* u32: pages */
#define LOG_BSIZE	16u		/* u32 */
#define LOG_STATE	28u		/* u32 */
#define MAGIC		0x87654321u
#define STATE_OPEN	0u
#define STATE_REDONE	1u

/* First page with records. */
#define LOG_FIRST	2u
#define HEAD		8u		/* u32 sequence, u16, u16 end; same layout as the tail */
#define HEAD_END	6u
#define PAGE_DATA	(JFS_BLOCK - 2 * HEAD)
/* By default, mkfs.jfs makes logs of at most half this size. */
#define MAX_PAGES	65536u

#define MAX_DATA	(2 * JFS_BLOCK)

int jfs_read(const struct jfs_volume *v, uint64_t block, void *buf)
{
	return device_read(v->d, buf, JFS_BLOCK, block * JFS_BLOCK);
}

static int check_log(struct jfs_volume *v, uint32_t serial)
{
	uint8_t super[JFS_BLOCK];
	uint32_t state;
	int rc = jfs_read(v, v->log.block + LOG_SUPER, super);

	if (rc)
		return rc;
	state = get_le32(super + LOG_STATE);
	if (get_le32(super + LOG_MAGIC) != MAGIC || get_le32(super + LOG_VERSION) > 1 ||
	    get_le32(super + LOG_SERIAL) != serial || get_le32(super + LOG_BSIZE) != JFS_BLOCK ||
	    get_le32(super + LOG_SIZE) != v->log.blocks ||
	    (state != STATE_OPEN && state != STATE_REDONE))
		return -EUCLEAN;
	v->replayed = state == STATE_REDONE;
	return 0;
}

bool jfs_is_dirty(const struct device *d)
{
	const struct jfs_volume v = { .d = d };
	uint8_t super[JFS_BLOCK];

	return !jfs_read(&v, SUPER_BLOCK, super) && get_le32(super + SUPER_STATE) != STATE_CLEAN;
}

int jfs_volume_open(const struct device *d, struct jfs_volume *v)
{
	uint8_t super[JFS_BLOCK];
	unsigned int factor;
	int rc;

	*v = (struct jfs_volume){ .d = d };
	rc = jfs_read(v, SUPER_BLOCK, super);
	if (rc)
		return rc;
	if (memcmp(super, "JFS1", 4))
		return -EUCLEAN;
	if (!(get_le32(super + SUPER_FLAG) & FLAG_INLINELOG))
		return -EOPNOTSUPP;
	factor = get_le16(super + SUPER_L2FACTOR);
	v->log = jfs_get_extent(super + SUPER_LOG);
	if (get_le32(super + SUPER_BSIZE) != JFS_BLOCK || factor > 3 ||
	    get_le32(super + SUPER_STATE) != STATE_MOUNTED || v->log.blocks < LOG_FIRST + 2)
		return -EUCLEAN;
	if (v->log.blocks > MAX_PAGES)
		return -ENOSPC;
	/* Block numbers have 40 bits. */
	v->blocks = get_le64(super + SUPER_SIZE) >> factor;
	if (v->blocks > (uint64_t)1 << 40)
		return -EUCLEAN;
	return check_log(v, get_le32(super + SUPER_SERIAL));
}

/* ---- pages ---------------------------------------------------------------- */

/* The head or the tail of a page. */
struct page_mark {
	uint32_t sequence;
	unsigned int end;		/* offset in the page at which its last record ends */
};

static struct page_mark get_mark(const uint8_t *p)
{
	return (struct page_mark){ get_le32(p), get_le16(p + HEAD_END) };
}

static bool is_newer(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static bool is_end(unsigned int end)
{
	return end >= HEAD && end <= HEAD + PAGE_DATA && !(end % 4);
}

static uint32_t page_before(const struct jfs_log *log, uint32_t page)
{
	return page == LOG_FIRST ? log->v->log.blocks - 1 : page - 1;
}

/*
 * If head and tail differ, the power failed during the write of the page: use the older of
 * the two.
 */
static int read_mark(const struct jfs_log *log, uint32_t page, struct page_mark *mark)
{
	uint8_t buf[JFS_BLOCK];
	struct page_mark tail;
	int rc = jfs_read(log->v, log->v->log.block + page, buf);

	if (rc)
		return rc;
	*mark = get_mark(buf);
	tail = get_mark(buf + HEAD + PAGE_DATA);
	if (tail.sequence != mark->sequence) {
		if (is_newer(mark->sequence, tail.sequence))
			mark->sequence = tail.sequence;
		mark->end = HEAD;
	} else if (tail.end < mark->end) {
		mark->end = tail.end;
	}
	return is_end(mark->end) ? 0 : -EUCLEAN;
}

/* Sequence numbers increase up to the newest page and are lower after it: bisect. */
static int find_newest(const struct jfs_log *log, uint32_t *page, struct page_mark *newest)
{
	uint32_t left = LOG_FIRST, right = log->v->log.blocks - 1;
	struct page_mark mark;
	int rc = read_mark(log, left, newest);

	while (!rc && left < right) {
		/* Like fsck, examine the last page too. */
		uint32_t middle = right - left > 1 ? (left + right) / 2 : right;
		bool is_last = middle == right;

		rc = read_mark(log, middle, &mark);
		if (!rc && is_newer(mark.sequence, newest->sequence)) {
			left = middle;
			*newest = mark;
		} else {
			right = middle;
		}
		if (is_last)
			break;
	}
	*page = left;
	return rc;
}

/* Read the page before the pages that were read already. */
static int load_page(struct jfs_log *log)
{
	uint8_t buf[JFS_BLOCK];
	struct page_mark mark, tail;
	int rc;

	if (!log->first)
		return -EUCLEAN;
	log->page = page_before(log, log->page);
	log->sequence--;
	rc = jfs_read(log->v, log->v->log.block + log->page, buf);
	if (rc)
		return rc;
	mark = get_mark(buf);
	tail = get_mark(buf + HEAD + PAGE_DATA);
	if (mark.sequence != log->sequence || tail.sequence != log->sequence || !is_end(mark.end))
		return -EUCLEAN;
	log->first--;
	/* The last page may be torn: the power failed while records were added to it. */
	if (log->first == log->pages - 1 && tail.end < mark.end)
		mark.end = tail.end;
	else if (log->first < log->pages - 1 && tail.end != mark.end)
		return -EUCLEAN;
	if (!is_end(mark.end))
		return -EUCLEAN;
	log->ends[log->first] = mark.end - HEAD;
	memcpy(log->area + (size_t)log->first * PAGE_DATA, buf + HEAD, PAGE_DATA);
	return 0;
}

int jfs_log_open(const struct jfs_volume *v, struct jfs_log *log)
{
	struct page_mark newest;
	int rc;

	*log = (struct jfs_log){ .v = v, .pages = v->log.blocks - LOG_FIRST };
	rc = find_newest(log, &log->last_page, &newest);
	if (rc)
		return rc;
	/* If no record ends in the page, its only record was not completely written. */
	if (newest.end == HEAD) {
		log->last_page = page_before(log, log->last_page);
		newest.sequence--;
	}
	/* Most of this memory is never used, so the host never allocates pages for it. */
	log->area = malloc((size_t)log->pages * PAGE_DATA);
	log->ends = calloc(log->pages, sizeof(*log->ends));
	if (!log->area || !log->ends)
		return -ENOMEM;
	log->first = log->pages;
	log->page = log->last_page == log->v->log.blocks - 1 ? LOG_FIRST : log->last_page + 1;
	log->sequence = newest.sequence + 1;
	rc = load_page(log);
	log->end = (size_t)log->first * PAGE_DATA + (rc ? 0 : log->ends[log->first]);
	return rc;
}

void jfs_log_close(struct jfs_log *log)
{
	free(log->area);
	free(log->ends);
	log->area = NULL;
	log->ends = NULL;
}

/* ---- records -------------------------------------------------------------- */

/* Offset in the area of the log's byte @address; JFS_NO_PLACE if it is not in the area. */
static uint32_t find_place(const struct jfs_log *log, uint32_t address)
{
	uint32_t page = address / JFS_BLOCK, end = address % JFS_BLOCK, before;

	if (page < LOG_FIRST || page >= log->v->log.blocks || !is_end(end))
		return JFS_NO_PLACE;
	before = page <= log->last_page ? log->last_page - page
					: log->last_page + log->pages - page;
	return (log->pages - 1 - before) * PAGE_DATA + end - HEAD;
}

/* Load the area's bytes from @place on. */
static int load_area_from(struct jfs_log *log, size_t place)
{
	int rc = 0;

	while (!rc && place < (size_t)log->first * PAGE_DATA)
		rc = load_page(log);
	return rc;
}

/*
 * Check the record at [@begin, @end) against the marks of the pages that it covers: it may
 * cross the end of a page only if it begins after the last record that ends in that page.
 */
static bool fits_page_ends(const struct jfs_log *log, size_t begin, size_t end)
{
	size_t last = (end - 1) / PAGE_DATA;

	if (end > last * PAGE_DATA + log->ends[last])
		return false;
	for (size_t i = begin / PAGE_DATA; i < last; i++)
		if (log->ends[i] && begin < i * PAGE_DATA + log->ends[i])
			return false;
	return true;
}

static bool is_known(unsigned int type)
{
	switch (type) {
	case JFS_LOG_COMMIT:
	case JFS_LOG_SYNCPT:
	case JFS_LOG_MOUNT:
	case JFS_LOG_REDOPAGE:
	case JFS_LOG_NOREDOPAGE:
	case JFS_LOG_NOREDOINOEXT:
	case JFS_LOG_UPDATEMAP:
		return true;
	default:
		return false;
	}
}

void jfs_log_record(const struct jfs_log *log, uint32_t place, struct jfs_record *rec)
{
	const uint8_t *p = log->area + place - JFS_DESCRIPTOR;
	uint32_t before = get_le32(p + 4);

	rec->tid = get_le32(p);
	rec->type = get_le16(p + 8);
	rec->len = get_le16(p + 10);
	rec->data = rec->len <= place - JFS_DESCRIPTOR ? p - rec->len : NULL;
	rec->before = before ? find_place(log, before) : 0;
	rec->fileset = get_le32(p + 16);
	rec->inode = get_le32(p + 20);
	rec->what = get_le16(p + 24);
	rec->detail = get_le16(p + 26);
	rec->extent = jfs_get_extent(p + 28);
}

/*
 * Decide whether to continue with the records before @rec, which lies between @begin and
 * log->end.
 */
static int check_stop(struct jfs_log *log, const struct jfs_record *rec, size_t begin)
{
	if (rec->type == JFS_LOG_SYNCPT && !log->has_stop) {
		/*
		 * In the record of a sync point, this member is the address of the sync
		 * point.
		 */
		uint32_t sync = rec->fileset;

		log->has_stop = true;
		log->stop = sync ? find_place(log, sync) : log->end;
		if (log->stop > log->end)
			return -EUCLEAN;
	}
	/* Records before a mount record were replayed before that mount. */
	log->done = rec->type == JFS_LOG_MOUNT || (log->has_stop && log->stop == log->end);
	return !log->done && log->has_stop && log->stop > begin ? -EUCLEAN : 0;
}

int jfs_log_previous(struct jfs_log *log, uint32_t *place, struct jfs_record *rec)
{
	size_t begin;
	int rc;

	if (log->done)
		return 0;
	if (log->end < JFS_DESCRIPTOR)
		return -EUCLEAN;
	rc = load_area_from(log, log->end - JFS_DESCRIPTOR);
	if (rc)
		return rc;
	jfs_log_record(log, log->end, rec);
	if (!is_known(rec->type) || rec->len > MAX_DATA || rec->len % 4 || !rec->data)
		return -EUCLEAN;
	begin = log->end - JFS_DESCRIPTOR - rec->len;
	rc = load_area_from(log, begin);
	if (!rc && !fits_page_ends(log, begin, log->end))
		rc = -EUCLEAN;
	if (!rc)
		rc = check_stop(log, rec, begin);
	*place = log->end;
	log->end = begin;
	return rc ? rc : 1;
}
