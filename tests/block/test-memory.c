// SPDX-License-Identifier: GPL-2.0
/* The memory disk uses memory only for stored data. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include "contract.h"

#define MIB	(1ull << 20)

static char buf[1 << 20];

/* Bytes of memory this process has in use. */
static uint64_t resident(void)
{
	unsigned long size, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu %lu", &size, &pages), 2);
	fclose(f);
	return (uint64_t)pages * sysconf(_SC_PAGESIZE);
}

static void a_large_empty_disk_takes_no_memory(void **state)
{
	uint64_t before = resident();
	struct blockdev *bd;

	assert_int_equal(memory_open(64 * 1024 * MIB, &bd), 0);
	pattern_fill(buf, 4096, 0, 1);
	assert_int_equal(blockdev_pwrite(bd, buf, 4096, bd->capacity - 4096), 0);
	assert_true(resident() < before + 16 * MIB);
	blockdev_close(bd);
}

static void discarding_gives_memory_back(void **state)
{
	struct blockdev *bd;
	uint64_t empty, full;
	struct io io;

	assert_int_equal(memory_open(64 * MIB, &bd), 0);
	empty = resident();
	for (uint64_t pos = 0; pos < bd->capacity; pos += sizeof(buf)) {
		pattern_fill(buf, sizeof(buf), pos, 1);
		assert_int_equal(blockdev_pwrite(bd, buf, sizeof(buf), pos), 0);
	}
	full = resident();
	assert_true(full > empty + 48 * MIB);
	io_init(&io, LKL_BLK_DISCARD, NULL, bd->capacity - 1024, 512);
	assert_int_equal(io_run(bd, &io), 0);
	assert_true(resident() < full - 48 * MIB);
	blockdev_close(bd);
}

static void refuses_impossible_sizes_of_disks(void **state)
{
	struct blockdev *bd;

	assert_int_equal(memory_open(0, &bd), -EINVAL);
	assert_int_equal(memory_open(1000, &bd), -EINVAL);
	assert_int_equal(memory_open(1ull << 63, &bd), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCE("a large empty disk takes no memory", a_large_empty_disk_takes_no_memory),
		SENTENCE("discarding gives memory back", discarding_gives_memory_back),
		SENTENCE("refuses impossible sizes of disks", refuses_impossible_sizes_of_disks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
