// SPDX-License-Identifier: GPL-2.0
/*
 * vhdx-header.c - read headers, regions and metadata of a VHDX image
 *
 * Specification: [MS-VHDX] 2.2 to 2.6.  There are two headers and two region tables;
 * the valid header with the higher sequence number counts.  Numbers are little endian.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "crc32.h"
#include "error.h"
#include "vhdx.h"

#define KIB64		(64u << 10)
#define HEADER_BYTES	4096u
#define MAX_ITEM	(1u << 20)
#define MAX_SIZE	(64ull << 40)
#define TABLE_ENTRIES	2047u
#define GUID(text)	((const uint8_t *)(text))

static const uint8_t no_guid[16];

/* State of reading the image's description. */
struct reader {
	struct blockdev *lower;
	struct vhdx_log *log;		/* changes to apply to tables, or NULL */
	struct vhdx_header *h;
};

static int damaged(const struct reader *r, const char *reason)
{
	return error_set(-EINVAL, "%s: the VHDX image is damaged: %s", r->lower->name, reason);
}

static int read_table(const struct reader *r, uint64_t offset, uint8_t *buf, size_t len)
{
	int err = blockdev_read_bytes(r->lower, buf, len, offset);

	if (!err)
		vhdx_log_apply(r->log, offset, buf, len);
	return err;
}

/* ---- headers ----------------------------------------------------------------- */

static bool header_is_valid(const uint8_t *buf)
{
	return !memcmp(buf, "head", 4) && get_le16(buf + 66) == 1 &&
	       crc32c_without(buf, HEADER_BYTES, 4) == get_le32(buf + 4);
}

/* Read the current header into @buf. */
static int read_current(const struct reader *r, uint8_t *buf)
{
	uint8_t other[HEADER_BYTES];
	bool first = !blockdev_read_bytes(r->lower, buf, HEADER_BYTES, KIB64) &&
		     header_is_valid(buf);
	bool second = !blockdev_read_bytes(r->lower, other, HEADER_BYTES, 2 * KIB64) &&
		      header_is_valid(other);

	if (!first && !second)
		return damaged(r, "none of its headers is valid");
	if (second && (!first || get_le64(other + 8) > get_le64(buf + 8)))
		memcpy(buf, other, HEADER_BYTES);
	return 0;
}

static int read_log(struct reader *r, const uint8_t *header)
{
	guid_text(header + 32, r->h->data_guid);
	if (!memcmp(header + 48, no_guid, 16))
		return 0;
	if (get_le16(header + 64))
		return error_set(-EOPNOTSUPP, "%s: version %u of VHDX logs is not supported",
				 r->lower->name, get_le16(header + 64));
	return vhdx_log_read(r->lower, get_le64(header + 72), get_le32(header + 68), header + 48,
			     &r->log);
}

/* ---- regions ----------------------------------------------------------------- */

#define BAT_REGION	GUID("\x66\x77\xc2\x2d\x23\xf6\x00\x42\x9d\x64\x11\x5e\x9b\xfd\x4a\x08")
#define METADATA_REGION	GUID("\x06\xa2\x7c\x8b\x90\x47\x9a\x4b\xb8\xfe\x57\x5f\x05\x0f\x88\x6e")

static bool regions_are_valid(const uint8_t *buf)
{
	return !memcmp(buf, "regi", 4) && get_le32(buf + 8) <= TABLE_ENTRIES &&
	       crc32c_without(buf, KIB64, 4) == get_le32(buf + 4);
}

static int take_region(const struct reader *r, const uint8_t *entry, uint64_t *metadata)
{
	uint64_t offset = get_le64(entry + 16);
	uint32_t len = get_le32(entry + 24);

	if (offset < 1u << 20 || offset > format_file_size(r->lower) ||
	    len > format_file_size(r->lower) - offset)
		return damaged(r, "a region does not lie in the file");
	if (!memcmp(entry, BAT_REGION, 16)) {
		r->h->bat_offset = offset;
		r->h->bat_len = len;
	} else if (!memcmp(entry, METADATA_REGION, 16)) {
		*metadata = offset;
	} else if (get_le32(entry + 28) & 1) {
		return error_set(-EOPNOTSUPP, "%s: needs a feature of VHDX that is not supported (an unknown region)",
				 r->lower->name);
	}
	return 0;
}

static int read_regions(const struct reader *r, uint64_t *metadata)
{
	uint8_t *buf = malloc(KIB64);
	int err = buf ? 0 : error_set(-ENOMEM, "%s: out of memory", r->lower->name);

	*metadata = 0;
	if (!err && (read_table(r, 3 * KIB64, buf, KIB64) || !regions_are_valid(buf)) &&
	    (read_table(r, 4 * KIB64, buf, KIB64) || !regions_are_valid(buf)))
		err = damaged(r, "none of its region tables is valid");
	for (uint32_t i = 0; !err && i < get_le32(buf + 8); i++)
		err = take_region(r, buf + 16 + i * 32, metadata);
	if (!err && (!*metadata || !r->h->bat_offset))
		err = damaged(r, "a region is missing");
	free(buf);
	return err;
}

/* ---- metadata ---------------------------------------------------------------- */

#define FILE_PARAMETERS	GUID("\x37\x67\xa1\xca\x36\xfa\x43\x4d\xb3\xb6\x33\xf0\xaa\x44\xe7\x6b")
#define DISK_SIZE	GUID("\x24\x42\xa5\x2f\x1b\xcd\x76\x48\xb2\x11\x5d\xbe\xd8\x3b\xf4\xb8")
#define LOGICAL_SECTOR	GUID("\x1d\xbf\x41\x81\x6f\xa9\x09\x47\xba\x47\xf2\x33\xa8\xfa\xab\x5f")
#define PARENT_LOCATOR	GUID("\x2d\x5f\xd3\xa8\x0b\xb3\x4d\x45\xab\xf7\xd3\xd8\x48\x34\xab\x0c")
#define LOCATOR_VHDX	GUID("\xb7\xef\x4a\xb0\x9e\xd1\x81\x4a\xb7\x89\x25\xb8\xe9\x44\x59\x13")

/* Find the item @guid in the table at @table; false: there is none. */
static bool find_item(const uint8_t *table, const uint8_t *guid, uint32_t *offset, uint32_t *len)
{
	uint32_t nr = get_le16(table + 10);

	for (uint32_t i = 0; i < nr; i++) {
		const uint8_t *entry = table + 32 + i * 32;

		if (memcmp(entry, guid, 16) || (get_le32(entry + 24) & 1))
			continue;
		*offset = get_le32(entry + 16);
		*len = get_le32(entry + 20);
		return true;
	}
	return false;
}

/* Read an item of exactly @len bytes. */
static int read_item(const struct reader *r, uint64_t metadata, const uint8_t *table,
		     const uint8_t *guid, uint8_t *buf, uint32_t len)
{
	uint32_t offset, found;

	if (!find_item(table, guid, &offset, &found) || found != len ||
	    read_table(r, metadata + offset, buf, len))
		return damaged(r, "an item of its metadata is missing");
	return 0;
}

/* Copy the value of @key in the locator of @len bytes at @raw; false: there is none. */
static bool find_value(const uint8_t *raw, uint32_t len, const char *key, char *value, size_t room)
{
	uint32_t nr = get_le16(raw + 18);
	char text[64];

	for (uint32_t i = 0; i < nr && 20 + (i + 1) * 12 <= len; i++) {
		const uint8_t *entry = raw + 20 + i * 12;
		uint32_t key_at = get_le32(entry), value_at = get_le32(entry + 4);
		uint32_t key_len = get_le16(entry + 8), value_len = get_le16(entry + 10);

		if (key_at > len || key_len > len - key_at || value_at > len ||
		    value_len > len - value_at ||
		    !utf16_text(raw + key_at, key_len, false, text, sizeof(text)) ||
		    strcmp(text, key))
			continue;
		return utf16_text(raw + value_at, value_len, false, value, room);
	}
	return false;
}

/* Convert "{xxxxxxxx-...}", in upper or lower case, to the form of guid_text(). */
static void normal_guid(const char *text, char guid[GUID_TEXT])
{
	size_t i = 0;

	text += *text == '{';
	for (; *text && *text != '}' && i < GUID_TEXT - 1; text++, i++)
		guid[i] = *text >= 'A' && *text <= 'Z' ? *text | 0x20 : *text;
	guid[i] = '\0';
}

static int parse_locator(const struct reader *r, const uint8_t *raw, uint32_t len)
{
	struct vhdx_header *h = r->h;
	char text[VHDX_NAME_MAX];

	if (len < 20 || memcmp(raw, LOCATOR_VHDX, 16))
		return error_set(-EOPNOTSUPP, "%s: names its parent in a way that is not supported",
				 r->lower->name);
	if (find_value(raw, len, "parent_linkage", text, sizeof(text)))
		normal_guid(text, h->parent_guid);
	if (find_value(raw, len, "relative_path", h->parent, sizeof(h->parent)))
		windows_path(h->parent);
	else if (find_value(raw, len, "absolute_win32_path", text, sizeof(text)))
		strcpy(h->parent, windows_base(text));
	return 0;
}

static int read_locator(const struct reader *r, uint64_t metadata, const uint8_t *table)
{
	uint32_t offset, len;
	uint8_t *raw;
	int err;

	if (!find_item(table, PARENT_LOCATOR, &offset, &len) || len > MAX_ITEM)
		return damaged(r, "it has a parent and does not name it");
	raw = malloc(len ? len : 1);
	if (!raw)
		return error_set(-ENOMEM, "%s: out of memory", r->lower->name);
	err = read_table(r, metadata + offset, raw, len) ? damaged(r, "its parent's name is missing") :
							   parse_locator(r, raw, len);
	free(raw);
	return err;
}

static int check_geometry(const struct reader *r)
{
	struct vhdx_header *h = r->h;
	uint64_t blocks, chunks, entries;

	if (h->sector != 512 && h->sector != 4096)
		return damaged(r, "the size of a sector is invalid");
	if (h->block < 1u << 20 || h->block > 256u << 20 || h->block & (h->block - 1))
		return damaged(r, "the size of a block is invalid");
	if (!h->size || h->size > MAX_SIZE || h->size % h->sector)
		return damaged(r, "the disk's size is invalid");
	h->chunk_ratio = ((uint64_t)h->sector << 23) / h->block;
	blocks = (h->size + h->block - 1) / h->block;
	chunks = (blocks + h->chunk_ratio - 1) / h->chunk_ratio;
	entries = h->has_parent ? chunks * (h->chunk_ratio + 1) :
				  blocks + (blocks - 1) / h->chunk_ratio;
	if (entries * 8 > h->bat_len)
		return damaged(r, "its table is too short for the disk");
	return 0;
}

static int parse_metadata(const struct reader *r, uint64_t metadata, const uint8_t *table)
{
	struct vhdx_header *h = r->h;
	uint8_t buf[8];
	int err;

	if (memcmp(table, "metadata", 8) || get_le16(table + 10) > TABLE_ENTRIES)
		return damaged(r, "its metadata has no table");
	err = read_item(r, metadata, table, FILE_PARAMETERS, buf, 8);
	if (err)
		return err;
	h->block = get_le32(buf);
	h->has_parent = get_le32(buf + 4) & 2;
	err = read_item(r, metadata, table, DISK_SIZE, buf, 8);
	if (err)
		return err;
	h->size = get_le64(buf);
	err = read_item(r, metadata, table, LOGICAL_SECTOR, buf, 4);
	if (err)
		return err;
	h->sector = get_le32(buf);
	if (h->has_parent)
		err = read_locator(r, metadata, table);
	return err ? err : check_geometry(r);
}

static int read_metadata(const struct reader *r, uint64_t metadata)
{
	uint8_t *table = malloc(KIB64);
	int err;

	if (!table)
		return error_set(-ENOMEM, "%s: out of memory", r->lower->name);
	err = read_table(r, metadata, table, KIB64) ? damaged(r, "its metadata does not lie in the file") :
						      parse_metadata(r, metadata, table);
	free(table);
	return err;
}

int vhdx_read_header(struct blockdev *lower, struct vhdx_header *h, struct vhdx_log **log)
{
	struct reader r = { .lower = lower, .h = h };
	uint8_t buf[HEADER_BYTES];
	uint64_t metadata;
	int err = blockdev_read_bytes(lower, buf, 8, 0);

	memset(h, 0, sizeof(*h));
	if (err || memcmp(buf, "vhdxfile", 8))
		return error_set(-EINVAL, "%s: is not a VHDX image", lower->name);
	err = read_current(&r, buf);
	if (!err)
		err = read_log(&r, buf);
	if (!err)
		err = read_regions(&r, &metadata);
	if (!err)
		err = read_metadata(&r, metadata);
	if (err)
		vhdx_log_free(r.log);
	else
		*log = r.log;
	return err;
}
