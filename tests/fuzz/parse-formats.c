// SPDX-License-Identifier: GPL-2.0
/*
 * parse-formats.c - fuzz the formats of images: open a disk, and read from it
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "blockdev.h"
#include "bytes.h"
#include "codec.h"
#include "crc32.h"
#include "format.h"
#include "parser.h"
#include "scratch.h"
#include "tester.h"

#define READ_BYTES	(256u << 10)

/* ---- checksums ------------------------------------------------------------------- */

static void set_sum(uint8_t *at, size_t len, size_t field)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		if (i < field || i >= field + 4)
			sum += at[i];
	for (int i = 0; i < 4; i++)
		at[field + i] = ~sum >> (24 - 8 * i);
}

static void set_crc(uint8_t *data, size_t size, size_t at, size_t len)
{
	if (at + len <= size)
		put_le32(data + at + 4, crc32c_without(data + at, len, 4));
}

/* Correct the checksums of both headers, of the region tables, and of each entry of the log. */
static void set_vhdx_sums(uint8_t *data, size_t size)
{
	set_crc(data, size, 64 << 10, 4096);
	set_crc(data, size, 128 << 10, 4096);
	set_crc(data, size, 192 << 10, 64 << 10);
	set_crc(data, size, 256 << 10, 64 << 10);
	for (size_t at = 1 << 20; at + 4096 <= size && at < 2 << 20; at += 4096)
		if (!memcmp(data + at, "loge", 4))
			set_crc(data, size, at, 8192);
}

static uint32_t adler32(const uint8_t *p, size_t len)
{
	uint32_t a = 1, b = 0;

	while (len--) {
		a = (a + *p++) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

/* Each section has the offset of the next one; a table has its own checksum. */
static void set_ewf_sums(uint8_t *data, size_t size)
{
	size_t at = 13;

	for (int i = 0; i < 64 && at + 76 + 24 <= size; i++) {
		uint64_t next = get_le64(data + at + 16);

		put_le32(data + at + 72, adler32(data + at, 72));
		if (!memcmp(data + at, "table", 5))
			put_le32(data + at + 76 + 20, adler32(data + at + 76, 20));
		if (next <= at || next > size)
			break;
		at = next;
	}
}

static void set_tar_sums(uint8_t *data, size_t size)
{
	for (size_t at = 0; at + 512 <= size; at += 512) {
		uint32_t sum = 0;

		if (memcmp(data + at + 257, "ustar", 5))
			continue;
		memset(data + at + 148, ' ', 8);
		for (int i = 0; i < 512; i++)
			sum += data[at + i];
		for (int i = 0; i < 6; i++)
			data[at + 148 + i] = '0' + (sum >> (15 - 3 * i) & 7);
		data[at + 154] = '\0';
	}
}

static void repair(uint8_t *data, size_t size)
{
	if (size < 1536)
		return;
	if (!memcmp(data, "vhdxfile", 8))
		set_vhdx_sums(data, size);
	if (!memcmp(data, "conectix", 8))
		set_sum(data, 512, 64);
	if (!memcmp(data + size - 512, "conectix", 8))
		set_sum(data + size - 512, 512, 64);
	if (!memcmp(data + 512, "cxsparse", 8))
		set_sum(data + 512, 1024, 36);
	if (!memcmp(data, "EVF", 3))
		set_ewf_sums(data, size);
	set_tar_sums(data, size);
}

/* ---- scratch space for unpacking ----------------------------------------------------------- */

#define SCRATCH_LIMIT	(16u << 20)
#define KEEP_BYTES	(64u << 10)

static struct {
	struct scratch scratch;
	struct blockdev *bd;
} room;

static int room_write(struct scratch *s, const void *from, size_t len, uint64_t offset)
{
	uint64_t start = offset / 512 * 512, end = (offset + len + 511) / 512 * 512;
	char *blocks = malloc(end - start);
	int err = blocks ? blockdev_pread(room.bd, blocks, end - start, start) : -ENOMEM;

	if (!err) {
		memcpy(blocks + (offset - start), from, len);
		err = blockdev_pwrite(room.bd, blocks, end - start, start);
	}
	free(blocks);
	return err;
}

static int room_disk(struct scratch *s, uint64_t bytes, const char *name, struct blockdev **bd)
{
	*bd = blockdev_get(room.bd);
	return 0;
}

static int room_progress(struct scratch *s, const char *name, uint64_t done, uint64_t total)
{
	return 0;
}

static void room_put(struct scratch *s)
{
}

static int room_explain(struct scratch *s, const char *name, int err)
{
	return err;
}

static const struct scratch_ops room_ops = {
	.write = room_write, .disk = room_disk, .progress = room_progress, .put = room_put,
	.explain = room_explain,
};

static struct scratch *take_room(void *data, const struct blockdev *of)
{
	blockdev_close(room.bd);
	if (memory_open(SCRATCH_LIMIT + (1 << 20), &room.bd))
		die("out of memory");
	room.scratch = (struct scratch){
		.ops = &room_ops, .limit = SCRATCH_LIMIT, .keep = KEEP_BYTES,
	};
	return &room.scratch;
}

/* ---- files that an image names --------------------------------------------------- */

/* A track of a CD.  As a parent disk, it matches no image. */
static int open_other(void *data, const struct blockdev *of, const char *name,
		      const char *format, struct blockdev **bd)
{
	static uint8_t track[8 * 2352];

	memset(track + 1, 0xff, 10);
	track[15] = 1;
	*bd = disk_of(track, sizeof(track), 0);
	return 0;
}

static int find_other(void *data, const struct blockdev *of, format_wanted wanted, const void *key,
		      const char *text, const char *format, struct blockdev **bd)
{
	static const uint8_t zeros[FORMAT_HEAD];

	return wanted(zeros, sizeof(zeros), key) ? open_other(data, of, "", format, bd) : -ENOENT;
}

/* ---- the disk -------------------------------------------------------------------- */

static void check_extents(struct blockdev *bd, uint64_t at)
{
	struct blockdev_extent e[4];
	int nr = blockdev_extents(bd, at, bd->capacity - at, e, 4);

	for (int j = 0; j < nr; j++)
		if (!e[j].len || e[j].len > bd->capacity - at)
			die("extent of %llu bytes at %llu", (unsigned long long)e[j].len,
			    (unsigned long long)at);
}

static void read_around(struct blockdev *bd, struct random *r)
{
	static char buf[READ_BYTES];

	for (unsigned int i = 0; i < 8; i++) {
		uint64_t at = random_below(r, bd->capacity / 512) * 512, len;

		if (i < 2)
			at = i && bd->capacity > READ_BYTES ? bd->capacity - READ_BYTES : 0;
		len = bd->capacity - at < READ_BYTES ? bd->capacity - at : READ_BYTES;
		blockdev_pread(bd, buf, len, at);
		check_extents(bd, at);
	}
}

static void load_codecs(void)
{
	if (codec_load(FORMAT_ALL, "codecs"))
		die("the codecs cannot be loaded");
}

static bool try_open(const struct format *format, struct blockdev *lower, const char *snapshot,
		     struct random *r)
{
	const struct format_options options = {
		.snapshot = snapshot, .take_scratch = take_room,
		.open_other = open_other, .find_other = find_other,
	};
	struct blockdev *bd;
	int err = format->open(lower, &options, &bd);

	if (err)
		return false;
	read_around(bd, r);
	blockdev_close(bd);
	return true;
}

static bool parse(const uint8_t *data, size_t len)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	size_t tail = len < FORMAT_TAIL ? len : FORMAT_TAIL;
	const struct format_sample s = {
		.head = data, .head_len = len < FORMAT_HEAD ? len : FORMAT_HEAD,
		.tail = data + len - tail, .tail_len = tail, .size = len,
	};
	struct random r = { random_mix(len) ^ data[len / 2] };
	const struct format *format = format_probe(&s);
	struct blockdev *lower;
	bool accepted;

	pthread_once(&once, load_codecs);
	if (!format)
		return false;
	lower = disk_of(data, len, 0);
	accepted = try_open(format, lower, NULL, &r);
	try_open(format, lower, "1", &r);
	blockdev_close(lower);
	return accepted;
}

const struct parser parser = { .parse = parse, .repair = repair };
