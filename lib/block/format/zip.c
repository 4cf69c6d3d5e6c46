// SPDX-License-Identifier: GPL-2.0
/*
 * zip.c - an image in a ZIP archive
 *
 * Specification: PKWARE, ".ZIP File Format Specification" (APPNOTE), version 6.3.  The
 * members are listed at the end of the file.  A stored image is read where it is, a
 * compressed one is unpacked: by an index if its method is deflate.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "listed.h"
#include "members.h"
#include "unpack.h"

#define END_BYTES	22u
#define END64_BYTES	56u
#define LOCATOR_BYTES	20u
#define ENTRY_BYTES	46u
#define LOCAL_BYTES	30u
#define COMMENT_MAX	65535u
#define DIRECTORY_MAX	(64u << 20)	/* bytes */

struct zip {
	struct blockdev *lower;
	uint64_t size;			/* of the archive */
	uint64_t directory, directory_len;	/* place of the central directory, bytes */
	struct member_choice choice;
	/* The image, from its entry of the central directory: */
	uint16_t flags, method;		/* method of compression */
	uint64_t packed, unpacked;	/* sizes, bytes */
	uint64_t local;			/* offset of its local header */
};

static int damaged(const struct zip *z)
{
	return error_set(-EINVAL, "%s: the ZIP archive is damaged or cut off", z->lower->name);
}

/* Read the end record of ZIP64, to which the locator before @end points. */
static int read_end64(struct zip *z, uint64_t end)
{
	uint8_t buf[END64_BYTES];

	if (end < LOCATOR_BYTES ||
	    blockdev_read_bytes(z->lower, buf, LOCATOR_BYTES, end - LOCATOR_BYTES) ||
	    memcmp(buf, "PK\6\7", 4) ||
	    blockdev_read_bytes(z->lower, buf, sizeof(buf), get_le64(buf + 8)) ||
	    memcmp(buf, "PK\6\6", 4))
		return damaged(z);
	z->directory_len = get_le64(buf + 40);
	z->directory = get_le64(buf + 48);
	return 0;
}

/* Find the record that ends the archive; a comment may follow it. */
static int read_end(struct zip *z)
{
	size_t len = z->size < END_BYTES + COMMENT_MAX ? z->size : END_BYTES + COMMENT_MAX;
	uint8_t *buf = malloc(len);
	int err = buf ? -EINVAL : -ENOMEM;
	uint64_t at = z->size - len;

	if (buf && !blockdev_read_bytes(z->lower, buf, len, at))
		for (size_t i = len - END_BYTES + 1; err == -EINVAL && i-- > 0;) {
			if (memcmp(buf + i, "PK\5\6", 4) || get_le16(buf + i + 20) > len - i - END_BYTES)
				continue;
			z->directory_len = get_le32(buf + i + 12);
			z->directory = get_le32(buf + i + 16);
			err = z->directory == 0xffffffff || get_le16(buf + i + 10) == 0xffff ?
			      read_end64(z, at + i) : 0;
			break;
		}
	free(buf);
	if (err == -ENOMEM)
		return error_set(err, "%s: out of memory", z->lower->name);
	if (err || z->directory > z->size || z->directory_len > z->size - z->directory ||
	    z->directory_len > DIRECTORY_MAX)
		return damaged(z);
	return 0;
}

/*
 * Take the values that do not fit into 32 bits from field 1 (ZIP64) of the extra data at @p,
 * where they have the order of wide[].
 */
static void take_zip64(struct zip *z, const uint8_t *p, size_t len)
{
	uint64_t *const wide[] = { &z->unpacked, &z->packed, &z->local };

	while (len >= 4) {
		size_t n = get_le16(p + 2), at = 4;

		if (n > len - 4)
			return;
		for (int i = 0; get_le16(p) == 1 && i < 3; i++)
			if (*wide[i] == 0xffffffff && at + 8 <= 4 + n) {
				*wide[i] = get_le64(p + at);
				at += 8;
			}
		p += 4 + n;
		len -= 4 + n;
	}
}

/* Take one entry of the directory.  Returns its length, 0 if it is damaged. */
static size_t take_entry(struct zip *z, const uint8_t *p, size_t len)
{
	size_t name_len, total;
	char name[256];

	if (len < ENTRY_BYTES || memcmp(p, "PK\1\2", 4))
		return 0;
	name_len = get_le16(p + 28);
	total = ENTRY_BYTES + name_len + get_le16(p + 30) + get_le16(p + 32);
	if (total > len)
		return 0;
	/* Keep the end of a long name: it has the extension. */
	snprintf(name, sizeof(name), "%.*s", name_len < 255 ? (int)name_len : 255,
		 (const char *)p + ENTRY_BYTES + (name_len < 255 ? 0 : name_len - 255));
	if (!*name || name[strlen(name) - 1] == '/' || !member_consider(&z->choice, name))
		return total;
	z->flags = get_le16(p + 8);
	z->method = get_le16(p + 10);
	z->packed = get_le32(p + 20);
	z->unpacked = get_le32(p + 24);
	z->local = get_le32(p + 42);
	take_zip64(z, p + ENTRY_BYTES + name_len, get_le16(p + 30));
	return total;
}

static int find_image(struct zip *z)
{
	uint8_t *buf = malloc(z->directory_len ? z->directory_len : 1);
	size_t at = 0, step = 1;
	int err = buf ? 0 : error_set(-ENOMEM, "%s: out of memory", z->lower->name);

	if (!err && blockdev_read_bytes(z->lower, buf, z->directory_len, z->directory))
		err = damaged(z);
	while (!err && step && at < z->directory_len) {
		step = take_entry(z, buf + at, z->directory_len - at);
		at += step;
	}
	free(buf);
	if (!err && !step)
		err = damaged(z);
	return err ? err : member_check(&z->choice, z->lower);
}

/* Find the offset of the image's data. */
static int find_data(struct zip *z, uint64_t *data)
{
	uint8_t buf[LOCAL_BYTES];

	if (z->local > z->size || blockdev_read_bytes(z->lower, buf, sizeof(buf), z->local) ||
	    memcmp(buf, "PK\3\4", 4))
		return damaged(z);
	*data = z->local + LOCAL_BYTES + get_le16(buf + 26) + get_le16(buf + 28);
	return *data > z->size || z->packed > z->size - *data ? damaged(z) : 0;
}

static int open_stored(struct zip *z, uint64_t data, struct blockdev **bd)
{
	const struct listed_range r = {
		.kind = RUN_DATA, .from = z->lower, .offset = data, .len = z->packed,
	};
	struct listed *l = listed_create();

	if (!l || listed_add(l, &r)) {
		listed_free(l);
		return error_set(-ENOMEM, "%s: out of memory", z->lower->name);
	}
	return listed_finish(l, z->lower, bd);
}

static int open_image(struct zip *z, const struct format_options *options, struct blockdev **bd)
{
	struct packed_range range = { .lower = z->lower, .len = z->packed };
	struct scratch *scratch;
	int err = find_data(z, &range.offset);

	if (err)
		return err;
	if (z->flags & 1)
		return error_set(-EOPNOTSUPP, "%s: the member %s is encrypted; unpack it first", z->lower->name,
				 z->choice.name);
	switch (z->method) {
	case 0:
		/* Bytes after an unaligned end do not belong to the disk: copy the image. */
		if (!(z->packed % 512))
			return open_stored(z, range.offset, bd);
		range.kind = STREAM_COPY;
		break;
	case 8:
		range.kind = STREAM_DEFLATE;
		scratch = unpack_scratch(z->lower, options);
		return scratch ? unpack_indexed(&range, scratch, bd) : -EOPNOTSUPP;
	case 12:
		range.kind = STREAM_BZIP2;
		break;
	case 93:
		range.kind = STREAM_ZSTD;
		break;
	case 95:
		range.kind = STREAM_XZ;
		break;
	default:
		return error_set(-EOPNOTSUPP, "%s: the member %s is compressed by method %u of ZIP, which is not supported; unpack it first",
				 z->lower->name, z->choice.name, z->method);
	}
	return unpack_whole(&range, options, bd);
}

static int zip_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct zip z = { .lower = lower, .size = format_file_size(lower) };
	int err = format_refuse_snapshot(lower, options, "a ZIP archive");

	if (!err)
		err = z.size < END_BYTES ? damaged(&z) : read_end(&z);
	if (!err)
		err = find_image(&z);
	return err ? err : open_image(&z, options, bd);
}

static bool zip_probe(const struct format_sample *s)
{
	return s->head_len >= LOCAL_BYTES && !memcmp(s->head, "PK\3\4", 4);
}

const struct format format_zip = {
	.name = "zip", .probe = zip_probe, .container = true, .open = zip_open,
};
