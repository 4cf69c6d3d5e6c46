// SPDX-License-Identifier: GPL-2.0
/*
 * mutate.c - opens damaged copies of an image and reads from those that open
 *
 *	mutate IMAGE SEED COUNT
 *
 * Damage goes to where headers and tables are: the beginning, the end, and
 * sectors that look like tables.  Sums of VHD and VHDX are made right again every other
 * time, or nothing would get past them.  Prints how many copies were opened; what
 * is wrong ends the program, or the sanitizer does.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codec.h"
#include "crc32c.h"
#include "format.h"
#include "scratch.h"
#include "tester.h"

#define READ_BYTES	(256u << 10)

static struct random seed;
static uint8_t *image, *copy;
static size_t size, room_len;	/* bytes of the image, and in whole sectors */
static char buf[READ_BYTES];

static void load(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 1024)
		die("%s: cannot be read", path);
	rewind(f);
	room_len = (size + 511) / 512 * 512;
	image = malloc(size);
	copy = calloc(1, room_len);
	if (!image || !copy || fread(image, 1, size, f) != size)
		die("%s: cannot be read", path);
	fclose(f);
}

/* Somewhere that matters. */
static size_t pick(void)
{
	switch (random_below(&seed, 4)) {
	case 0:
		return random_below(&seed, 512);
	case 1:
		return size - 512 + random_below(&seed, 512);
	case 2:
		return random_below(&seed, size < 2 << 20 ? size : 2 << 20);
	default:
		return random_below(&seed, 4096 < size ? 4096 : size);
	}
}

static void damage(void)
{
	static const uint64_t values[] = {
		0, 1, 511, 512, 0x7fffffff, 0xffffffff, 0x8000000000000000ull, ~0ull, 1ull << 40,
	};
	size_t at = pick() & ~(size_t)3, len = random_below(&seed, 2) ? 4 : 8;
	uint64_t value = values[random_below(&seed, sizeof(values) / sizeof(values[0]))];

	if (random_below(&seed, 2))
		value = random_next(&seed) >> random_below(&seed, 64);
	for (size_t i = 0; i < len && at + i < size; i++)
		copy[at + i] = value >> (8 * i);
}

static void set_sum(uint8_t *at, size_t len, size_t field)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		if (i < field || i >= field + 4)
			sum += at[i];
	for (int i = 0; i < 4; i++)
		at[field + i] = ~sum >> (24 - 8 * i);
}

static void set_crc(size_t at, size_t len)
{
	uint32_t crc;

	if (at + len > size)
		return;
	crc = crc32c_without(copy + at, len, 4);
	for (int i = 0; i < 4; i++)
		copy[at + 4 + i] = crc >> (8 * i);
}

/* The first and the second header, region tables, and the log's entries where they begin. */
static void set_vhdx_sums(void)
{
	set_crc(64 << 10, 4096);
	set_crc(128 << 10, 4096);
	set_crc(192 << 10, 64 << 10);
	set_crc(256 << 10, 64 << 10);
	for (size_t at = 1 << 20; at + 4096 <= size && at < 2 << 20; at += 4096)
		if (!memcmp(copy + at, "loge", 4))
			set_crc(at, 8192);
}

static void set_sums(void)
{
	if (!memcmp(copy, "vhdxfile", 8))
		set_vhdx_sums();
	if (!memcmp(copy, "conectix", 8))
		set_sum(copy, 512, 64);
	if (!memcmp(copy + size - 512, "conectix", 8))
		set_sum(copy + size - 512, 512, 64);
	if (size > 1536 && !memcmp(copy + 512, "cxsparse", 8))
		set_sum(copy + 512, 1024, 36);
}

/* ---- room to unpack to ----------------------------------------------------------- */

#define SCRATCH_LIMIT	(128u << 20)

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
	room.scratch = (struct scratch){ &room_ops, SCRATCH_LIMIT };
	return &room.scratch;
}

static void read_around(struct blockdev *bd)
{
	struct blockdev_extent e[4];

	for (unsigned int i = 0; i < 8; i++) {
		uint64_t at = random_below(&seed, bd->capacity / 512) * 512;
		uint64_t len = bd->capacity - at < READ_BYTES ? bd->capacity - at : READ_BYTES;
		int nr;

		if (i < 2 && bd->capacity > READ_BYTES) {
			at = i ? bd->capacity - READ_BYTES : 0;
			len = READ_BYTES;
		}
		blockdev_pread(bd, buf, len, at);
		nr = blockdev_extents(bd, at, bd->capacity - at, e, 4);
		for (int j = 0; j < nr; j++)
			if (!e[j].len || e[j].len > bd->capacity - at)
				die("extent of %llu bytes at %llu", (unsigned long long)e[j].len,
				    (unsigned long long)at);
	}
}

static bool try_copy(void)
{
	struct format_sample s = {
		.head = copy, .head_len = size < FORMAT_HEAD ? size : FORMAT_HEAD,
		.tail = copy + size - FORMAT_TAIL, .tail_len = FORMAT_TAIL, .size = size,
	};
	const struct format *format = format_probe(&s);
	const struct format_options options = {
		.snapshot = random_below(&seed, 8) ? NULL : "1",
		.take_scratch = take_room,
	};
	struct blockdev *lower, *bd;
	int err;

	if (!format)
		return false;
	if (memory_open(room_len, &lower) ||
	    blockdev_pwrite(lower, copy, room_len, 0))
		die("out of memory");
	lower->tail = lower->capacity - size;
	err = format->open(lower, &options, &bd);
	if (!err) {
		read_around(bd);
		blockdev_close(bd);
	}
	blockdev_close(lower);
	return !err;
}

int main(int argc, char **argv)
{
	unsigned long count, opened = 0;

	if (argc != 4)
		die("usage: mutate IMAGE SEED COUNT");
	load(argv[1]);
	seed.state = number(argv[2]);
	count = number(argv[3]);
	if (codec_load(FORMAT_ALL, argv[1]))
		die("no codecs");
	for (unsigned long i = 0; i < count; i++) {
		memcpy(copy, image, size);
		for (uint64_t n = i ? 1 + random_below(&seed, 4) : 0; n; n--)
			damage();
		if (random_below(&seed, 2))
			set_sums();
		opened += try_copy();
	}
	blockdev_close(room.bd);
	printf("%lu of %lu were opened\n", opened, count);
	return 0;
}
