// SPDX-License-Identifier: GPL-2.0
/* Units are unpacked before small sequential reads ask for them, and no others. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "contract.h"
#include "mapped.h"
#include "unit-cache.h"

#define UNITS		64u
#define UNIT		4096u
#define STORED		8192u		/* place of a packed unit in the lower blockdev */
#define HEADER		5u		/* of a stored block of deflate */

static int map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait, struct run *run)
{
	uint64_t left = UNIT - offset % UNIT;

	*run = (struct run){
		.kind = RUN_PACKED, .len = left < len ? left : len, .from = m->lower,
		.offset = offset / UNIT * STORED, .codec = CODEC_DEFLATE,
		.packed_len = HEADER + UNIT, .unit_len = UNIT, .unit = offset / UNIT * UNIT,
	};
	return 0;
}

static struct mapped *open_disk(void)
{
	static const struct mapped_ops ops = { .map = map };
	static const uint8_t header[HEADER] = { 1, 0, UNIT >> 8, 0xff, 0xff ^ UNIT >> 8 };
	struct mapped *m = calloc(1, sizeof(*m));
	uint8_t unit[STORED] = { 0 };
	struct blockdev *lower;

	assert_non_null(m);
	assert_int_equal(memory_open(UNITS * STORED, &lower), 0);
	memcpy(unit, header, HEADER);
	for (unsigned int i = 0; i < UNITS; i++)
		assert_int_equal(blockdev_pwrite(lower, unit, STORED, i * STORED), 0);
	assert_int_equal(mapped_init(m, &ops, lower, UNITS * UNIT), 0);
	blockdev_close(lower);
	return m;
}

static bool is_cached(struct mapped *m, unsigned int unit)
{
	struct run run;

	map(m, unit * UNIT, 512, false, &run);
	return unit_cache_read(m->units, &run, 0, NULL, 0);
}

static void read_part(struct mapped *m, unsigned int unit)
{
	char buf[512];

	assert_int_equal(blockdev_pread(&m->bd, buf, sizeof(buf), unit * UNIT), 0);
	assert_true(is_zero(buf, sizeof(buf)));
}

static void wait_cached(struct mapped *m, unsigned int unit)
{
	const struct timespec pause = { 0, 1000000 };

	for (unsigned int i = 0; i < 10000 && !is_cached(m, unit); i++)
		nanosleep(&pause, NULL);
	assert_true(is_cached(m, unit));
}

static void sequential_reads_are_overtaken(void **state)
{
	struct mapped *m = open_disk();

	for (unsigned int i = 0; i < 8; i++)
		read_part(m, i);
	wait_cached(m, 11);
	for (unsigned int i = 8; i < UNITS; i++)
		read_part(m, i);
	assert_true(is_cached(m, UNITS - 1));
	blockdev_close(&m->bd);
}

static void other_reads_are_not(void **state)
{
	struct mapped *m = open_disk();

	for (unsigned int i = 1; i < UNITS; i += 4)
		read_part(m, i);
	assert_int_equal(m->ahead, 0);
	read_part(m, 2);
	wait_cached(m, 3);
	assert_false(is_cached(m, 4));
	blockdev_close(&m->bd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequential_reads_are_overtaken),
		cmocka_unit_test(other_reads_are_not),
	};

	if (codec_load(FORMAT_ZLIB, "test") < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
