// SPDX-License-Identifier: GPL-2.0
/*
 * ntfs-streams.c - find the named streams of files in an NTFS
 *
 * The kernel's driver has no names for streams, but can open the file $MFT, which has a record
 * for each file.  The record holds the file's attributes; a stream is a $DATA attribute with
 * a name.  If a file has more attributes than one record holds, its first record has a list of
 * all its attributes.  All fields are little endian, and hostile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "messages.h"
#include "ntfs-special.h"
#include "ntfs-streams.h"
#include "tool.h"

#define ROOT_RECORD		5
#define DEPTH_MAX		4096		/* levels of directories; paths are shorter */
#define SECTOR			512u		/* unit of the update sequence */
#define RECORD_MAX		4096u

/* A record of the MFT. */
#define RECORD_USA_OFFSET	0x04		/* u16 */
#define RECORD_USA_COUNT	0x06		/* u16 */
#define RECORD_FIRST		0x14		/* u16: offset of the first attribute */
#define RECORD_ALLOCATED	0x1c		/* u32: bytes of a record */
#define RECORD_HEADER		0x30u

/* An attribute. */
#define ATTR_TYPE		0x00		/* u32 */
#define ATTR_LENGTH		0x04		/* u32 */
#define ATTR_NON_RESIDENT	0x08		/* u8 */
#define ATTR_NAME_LENGTH	0x09		/* u8: units of UTF-16 */
#define ATTR_NAME_OFFSET	0x0a		/* u16 */
#define ATTR_CONTENT_LENGTH	0x10		/* u32 */
#define ATTR_CONTENT_OFFSET	0x14		/* u16 */
#define ATTR_HEADER		0x18u

/* An entry of an attribute list. */
#define LIST_TYPE		0x00		/* u32 */
#define LIST_LENGTH		0x04		/* u16 */
#define LIST_NAME_LENGTH	0x06		/* u8 */
#define LIST_NAME_OFFSET	0x07		/* u8 */
#define LIST_FIRST_CLUSTER	0x08		/* u64: 0 in the first part of an attribute */
#define LIST_HEADER		0x1au

#define TYPE_LIST		0x20
#define TYPE_DATA		0x80
#define TYPE_END		0xffffffff

/* Windows keeps the content of a file that it has compressed itself in this stream. */
#define WOF_STREAM		"WofCompressedData"

/* The MFT of the file system that was used last. */
static struct {
	bool known;
	uint32_t major, minor;
	int fd;				/* of $MFT, or -1 */
	uint32_t record_bytes;
} mft = { .fd = -1 };

/* The streams found in one file. */
struct streams {
	unsigned int nr;
	bool more;			/* the list of attributes could not be read */
	char names[256];
};

/* The root directory of the file system that the directory @dir is in, or -1. */
static int open_root(int dir)
{
	struct lkl_statx stx;
	long fd = lkl_sys_openat(dir, ".", LKL_O_PATH | LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);

	for (int i = 0; fd >= 0 && i < DEPTH_MAX; i++) {
		long up;

		if (lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, LKL_STATX_INO, &stx) >= 0 &&
		    stx.stx_ino == ROOT_RECORD)
			return fd;
		up = lkl_sys_openat(fd, "..", LKL_O_PATH | LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);
		lkl_sys_close(fd);
		fd = up;
	}
	if (fd >= 0)
		lkl_sys_close(fd);
	return -1;
}

static void open_mft(int dir)
{
	uint8_t header[RECORD_HEADER];
	int root = open_root(dir);

	if (mft.fd >= 0)
		lkl_sys_close(mft.fd);
	mft.fd = root < 0 ? -1 : lkl_sys_openat(root, "$MFT", LKL_O_RDONLY | LKL_O_CLOEXEC, 0);
	if (root >= 0)
		lkl_sys_close(root);
	if (mft.fd < 0)
		return;
	if (lkl_sys_pread64(mft.fd, (char *)header, sizeof(header), 0) == sizeof(header))
		mft.record_bytes = get_le32(header + RECORD_ALLOCATED);
	if (mft.record_bytes < SECTOR || mft.record_bytes > RECORD_MAX ||
	    mft.record_bytes % SECTOR) {
		lkl_sys_close(mft.fd);
		mft.fd = -1;
	}
}

static bool find_mft(int dir, const struct lkl_statx *stx)
{
	if (!mft.known || mft.major != stx->stx_dev_major || mft.minor != stx->stx_dev_minor) {
		open_mft(dir);
		mft.known = true;
		mft.major = stx->stx_dev_major;
		mft.minor = stx->stx_dev_minor;
	}
	return mft.fd >= 0;
}

/* Put back the last two bytes of each sector, which the record keeps elsewhere. */
static bool restore_sectors(uint8_t *record)
{
	uint32_t offset = get_le16(record + RECORD_USA_OFFSET);
	uint32_t count = get_le16(record + RECORD_USA_COUNT);

	if (memcmp(record, "FILE", 4) || count != mft.record_bytes / SECTOR + 1 ||
	    offset + 2 * count > SECTOR - 2)
		return false;
	for (uint32_t i = 1; i < count; i++)
		memcpy(record + i * SECTOR - 2, record + offset + 2 * i, 2);
	return true;
}

static bool read_record(uint64_t number, uint8_t *record)
{
	return number < INT64_MAX / RECORD_MAX &&
	       lkl_sys_pread64(mft.fd, (char *)record, mft.record_bytes,
			       number * mft.record_bytes) == mft.record_bytes &&
	       restore_sectors(record);
}

/* Note the stream with the name of @nr UTF-16 units at @name. */
static void add_stream(struct streams *s, const uint8_t *name, uint32_t nr)
{
	char *text = ntfs_decode_name((const char *)name, nr);
	size_t len = strlen(s->names);

	if (text && !strcmp(text, WOF_STREAM)) {
		free(text);
		return;
	}
	s->nr++;
	snprintf(s->names + len, sizeof(s->names) - len, "%s%s", len ? ", " : "",
		 text ? text : "?");
	free(text);
}

static void scan_list(struct streams *s, const uint8_t *list, uint32_t len)
{
	while (len >= LIST_HEADER) {
		uint32_t size = get_le16(list + LIST_LENGTH);
		uint32_t nr = list[LIST_NAME_LENGTH], at = list[LIST_NAME_OFFSET];
		static const uint8_t zero[8];

		if (size < LIST_HEADER || size > len)
			break;
		if (get_le32(list + LIST_TYPE) == TYPE_DATA && nr && at + 2 * nr <= size &&
		    !memcmp(list + LIST_FIRST_CLUSTER, zero, sizeof(zero)))
			add_stream(s, list + at, nr);
		list += size;
		len -= size;
	}
}

/*
 * @listed: the record has a list of all attributes, so streams in the record itself are in the
 * list, too, and are not counted again.
 */
static void scan_attribute(struct streams *s, const uint8_t *attr, uint32_t len, bool listed)
{
	uint32_t nr = attr[ATTR_NAME_LENGTH], at = get_le16(attr + ATTR_NAME_OFFSET);
	uint32_t type = get_le32(attr + ATTR_TYPE);

	if (type == TYPE_DATA && !listed && nr && at + 2 * nr <= len)
		add_stream(s, attr + at, nr);
	if (type != TYPE_LIST)
		return;
	at = get_le16(attr + ATTR_CONTENT_OFFSET);
	nr = get_le32(attr + ATTR_CONTENT_LENGTH);
	if (attr[ATTR_NON_RESIDENT])
		s->more = true;
	else if (at <= len && nr <= len - at)
		scan_list(s, attr + at, nr);
}

static void scan_record(struct streams *s, const uint8_t *record)
{
	uint32_t at = get_le16(record + RECORD_FIRST), len;
	bool listed = false;

	while (at + ATTR_HEADER <= mft.record_bytes) {
		const uint8_t *attr = record + at;

		len = get_le32(attr + ATTR_LENGTH);
		if (get_le32(attr + ATTR_TYPE) == TYPE_END || len < ATTR_HEADER ||
		    len > mft.record_bytes - at)
			break;
		listed |= get_le32(attr + ATTR_TYPE) == TYPE_LIST && !attr[ATTR_NON_RESIDENT];
		scan_attribute(s, attr, len, listed);
		at += len;
	}
}

void ntfs_report_streams(struct tool *t, const struct side_file *f, const struct lkl_statx *stx,
			 const char *path, const char *what, const char *hint)
{
	unsigned int type = stx->stx_mode & LKL_S_IFMT;
	uint8_t record[RECORD_MAX];
	struct streams s = { 0 };

	if ((type != LKL_S_IFREG && type != LKL_S_IFDIR) || !ntfs_is(f->dir, stx) ||
	    !find_mft(f->dir, stx))
		return;
	if (!read_record(stx->stx_ino, record)) {
		tool_path_error(t, path, "streams %s: cannot read the file's record", what);
		return;
	}
	scan_record(&s, record);
	if (s.nr)
		tool_path_error(t, path, "%u%s stream%s %s: %s%s",
				s.nr, s.more ? " or more" : "", s.nr > 1 || s.more ? "s" : "",
				what, s.names, hint);
	else if (s.more)
		tool_note(t, "%s: in too many pieces to look for streams; none is kept", path);
}
