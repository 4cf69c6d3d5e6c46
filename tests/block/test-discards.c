// SPDX-License-Identifier: GPL-2.0
/* Discards are listed, sorted and merged, and the blocks keep their data. */
#include <stdlib.h>
#include "contract.h"
#include "discards.h"

#define KIB	1024u

static struct blockdev *open_layer(void)
{
	struct blockdev *lower, *bd;

	assert_int_equal(memory_open(CONTRACT_SIZE, &lower), 0);
	lower->can_discard = false;
	assert_int_equal(discards_open(lower, &bd), 0);
	blockdev_close(lower);
	return bd;
}

static void discard(struct blockdev *bd, uint64_t offset, uint64_t len)
{
	struct io io;

	io_init(&io, LKL_BLK_DISCARD, NULL, len, offset);
	assert_int_equal(io_run(bd, &io), 0);
}

static void data_stays_though_it_was_discarded(void **state)
{
	struct blockdev *bd = open_layer();

	write_pattern(bd, 4 * KIB, 8 * KIB, 7);
	discard(bd, 0, CONTRACT_SIZE);
	assert_true(holds_pattern(bd, 4 * KIB, 8 * KIB, 7));
	assert_int_equal(bd->limits.discard_granularity, bd->limits.logical_block);
	blockdev_close(bd);
}

static void the_list_is_sorted_and_merged(void **state)
{
	struct blockdev *bd = open_layer();
	struct block_range *r;

	assert_int_equal(discards_get(bd->discards, &r), 0);
	free(r);
	discard(bd, 64 * KIB, 4 * KIB);
	discard(bd, 68 * KIB, 4 * KIB);		/* follows the one before */
	discard(bd, 16 * KIB, 4 * KIB);
	discard(bd, 20 * KIB, 512);
	discard(bd, 18 * KIB, 1 * KIB);		/* inside another */
	discard(bd, 0, 512);
	discard(bd, 70 * KIB, 8 * KIB);		/* overlaps */
	assert_int_equal(discards_get(bd->discards, &r), 3);
	assert_true(r[0].offset == 0 && r[0].len == 512);
	assert_true(r[1].offset == 16 * KIB && r[1].len == 4 * KIB + 512);
	assert_true(r[2].offset == 64 * KIB && r[2].len == 14 * KIB);
	free(r);
	blockdev_close(bd);
}

static void many_ranges_are_kept(void **state)
{
	struct blockdev *bd = open_layer();
	struct block_range *r;
	int64_t nr = CONTRACT_SIZE / KIB;

	for (int64_t i = nr - 1; i >= 0; i--)
		discard(bd, i * KIB, 512);
	assert_int_equal(discards_get(bd->discards, &r), nr);
	for (int64_t i = 0; i < nr; i++)
		assert_true(r[i].offset == i * KIB && r[i].len == 512);
	free(r);
	blockdev_close(bd);
}

static void a_layer_above_has_the_list(void **state)
{
	struct blockdev *bd = open_layer(), *above;

	bd->limits.max_in_flight = 1;
	assert_int_equal(limit_open(bd, &above), 0);
	assert_ptr_equal(above->discards, bd->discards);
	blockdev_close(bd);
	blockdev_close(above);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCE("data stays though it was discarded", data_stays_though_it_was_discarded),
		SENTENCE("the list is sorted and merged", the_list_is_sorted_and_merged),
		SENTENCE("many ranges are kept", many_ranges_are_kept),
		SENTENCE("a layer above has the list", a_layer_above_has_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
