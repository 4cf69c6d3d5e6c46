// SPDX-License-Identifier: GPL-2.0
/* An overlay sends requests to the right layer, reports failures, and keeps its limit. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "overlay.h"
#include "spy.h"

#define SIZE	(4u << 20)
#define LIMIT	(1u << 20)

static struct spy *image;
static char buf[SIZE];

static int set_up(void **state)
{
	struct blockdev *bd;

	image = spy_open(SIZE, 1);
	assert_int_equal(overlay_open_memory(&image->bd, LIMIT, &bd), 0);
	*state = bd;
	return 0;
}

static int tear_down(void **state)
{
	blockdev_close(*state);
	assert_int_equal(image->others, 0);	/* the lower blockdev never changes */
	blockdev_close(&image->bd);
	return 0;
}

static void a_read_of_unwritten_blocks_passes_through_unchanged(void **state)
{
	struct blockdev *bd = *state;
	struct io io;

	io_init(&io, LKL_BLK_READ, buf, 1 << 20, 4096);
	assert_int_equal(io_run(bd, &io), 0);
	assert_ptr_equal(image->last, &io.req);
	/* Also after a write to another block. */
	write_pattern(bd, 0, 4096, 2);
	image->last = NULL;
	assert_int_equal(io_run(bd, &io), 0);
	assert_ptr_equal(image->last, &io.req);
	assert_int_equal(image->reads, 2);
	assert_true(pattern_is(buf, 1 << 20, 4096, 1));
}

static void a_read_of_written_blocks_does_not_reach_the_lower_blockdev(void **state)
{
	struct blockdev *bd = *state;

	write_pattern(bd, 65536, 65536, 2);
	assert_true(holds_pattern(bd, 65536, 65536, 2));
	assert_true(holds_pattern(bd, 65536 + 512, 1024, 2));
	assert_int_equal(image->reads, 0);
	assert_int_equal(overlay_changes(bd), 1);
}

static void a_straddling_read_is_cut_at_each_border(void **state)
{
	struct blockdev *bd = *state;

	write_pattern(bd, 8192 + 512, 512, 2);
	write_pattern(bd, 8192 + 2048, 1024, 2);
	assert_int_equal(blockdev_pread(bd, buf, 8192, 8192), 0);
	assert_int_equal(image->reads, 3);
	assert_true(pattern_is(buf, 512, 8192, 1));
	assert_true(pattern_is(buf + 512, 512, 8192 + 512, 2));
	assert_true(pattern_is(buf + 1024, 1024, 8192 + 1024, 1));
	assert_true(pattern_is(buf + 2048, 1024, 8192 + 2048, 2));
	assert_true(pattern_is(buf + 3072, 5120, 8192 + 3072, 1));
}

static void a_request_may_be_cut_inside_a_buffer(void **state)
{
	struct lkl_block_iov iov[] = {
		{ buf + 10000, 512 }, { buf + 104, 3072 }, { buf + 5000, 0 }, { buf + 20000, 512 },
	};
	struct blockdev *bd = *state;
	struct io io;

	write_pattern(bd, 1024, 512, 2);
	write_pattern(bd, 2048, 512, 2);
	memset(buf, 0, sizeof(buf));
	io_init(&io, LKL_BLK_READ, buf, 4096, 0);
	io.req.iov = iov;
	io.req.nr_iov = 4;
	assert_int_equal(io_run(bd, &io), 0);
	assert_true(pattern_is(buf + 10000, 512, 0, 1));
	assert_true(pattern_is(buf + 104, 512, 512, 1));
	assert_true(pattern_is(buf + 616, 512, 1024, 2));
	assert_true(pattern_is(buf + 1128, 512, 1536, 1));
	assert_true(pattern_is(buf + 1640, 512, 2048, 2));
	assert_true(pattern_is(buf + 2152, 1024, 2560, 1));
	assert_true(pattern_is(buf + 20000, 512, 3584, 1));
}

static void a_request_whose_pieces_wait_completes_once(void **state)
{
	struct blockdev *bd = *state;
	struct io io;

	write_pattern(bd, 1024, 512, 2);
	write_pattern(bd, 4096, 512, 2);
	image->keep = true;
	io_init(&io, LKL_BLK_READ, buf, 8192, 0);
	io_submit(bd, &io);
	assert_int_equal(image->nr_kept, 3);
	assert_int_equal(io.completions, 0);
	spy_complete_kept(image);
	assert_int_equal(io.completions, 1);
	assert_int_equal(io.req.status, 0);
	assert_true(pattern_is(buf, 1024, 0, 1));
	assert_true(pattern_is(buf + 1024, 512, 1024, 2));
	assert_true(pattern_is(buf + 4608, 3584, 4608, 1));
}

static void a_piece_that_fails_fails_the_request(void **state)
{
	struct blockdev *bd = *state;

	write_pattern(bd, 1024, 512, 2);
	image->error = -EIO;
	image->error_offset = 4096;
	assert_int_equal(blockdev_pread(bd, buf, 8192, 0), -EIO);
	assert_int_equal(blockdev_pread(bd, buf, 2048, 0), 0);
	/* The lower blockdev is not read for blocks that the overlay contains. */
	write_pattern(bd, 4096, 512, 3);
	assert_int_equal(blockdev_pread(bd, buf, 8192, 0), 0);
}

static void an_overlay_at_its_limit_returns_enospc_and_keeps_its_content(void **state)
{
	struct blockdev *bd = *state;

	write_pattern(bd, 0, LIMIT - 8192, 2);
	assert_false(overlay_was_full(bd));
	/* Only half of the write fits, so nothing of it is stored. */
	pattern_fill(buf, 65536, 2 << 20, 3);
	assert_int_equal(blockdev_pwrite(bd, buf, 65536, 2 << 20), -ENOSPC);
	assert_true(overlay_was_full(bd));
	assert_true(holds_pattern(bd, 2 << 20, 65536, 1));
	assert_true(holds_pattern(bd, 0, LIMIT - 8192, 2));
	/* Existing blocks can still be overwritten. */
	write_pattern(bd, 4096, 65536, 4);
	assert_true(holds_pattern(bd, 4096, 65536, 4));
}

static void zeroing_frees_memory(void **state)
{
	struct blockdev *bd = *state;
	struct io io;

	write_pattern(bd, 0, LIMIT, 2);
	assert_int_equal(blockdev_pwrite(bd, buf, 65536, 2 << 20), -ENOSPC);
	io_init(&io, LKL_BLK_ZERO, NULL, 65536, 131072);
	assert_int_equal(io_run(bd, &io), 0);
	write_pattern(bd, 2 << 20, 65536, 3);
	assert_true(holds_pattern(bd, 2 << 20, 65536, 3));
	assert_int_equal(blockdev_pread(bd, buf, 65536, 131072), 0);
	assert_true(is_zero(buf, 65536));
}

static void zeroing_all_takes_no_memory(void **state)
{
	struct blockdev *bd = *state;
	struct io io;

	io_init(&io, LKL_BLK_DISCARD, NULL, SIZE, 0);
	assert_int_equal(io_run(bd, &io), 0);
	assert_int_equal(blockdev_pread(bd, buf, SIZE, 0), 0);
	assert_true(is_zero(buf, SIZE));
	assert_int_equal(image->reads, 0);
	assert_false(overlay_was_full(bd));
}

/* ---- the map -------------------------------------------------------------- */

static void the_map_finds_runs_across_words_and_pages(void **state)
{
	const uint64_t blocks = 3 * OVERLAY_MAP_PAGE * 8 + 5;
	struct overlay_map map = { 0 };
	bool set;

	assert_int_equal(overlay_map_init(&map, blocks), 0);
	assert_int_equal(overlay_map_bytes(blocks), 4 * OVERLAY_MAP_PAGE);
	assert_int_equal(overlay_map_run(&map, 0, blocks, &set), blocks);
	assert_false(set);
	overlay_map_set(&map, 63, 2);
	overlay_map_set(&map, 1000, 70000);
	overlay_map_set(&map, blocks - 1, 1);
	assert_int_equal(overlay_map_run(&map, 0, blocks, &set), 63);
	assert_int_equal(overlay_map_run(&map, 63, blocks - 63, &set), 2);
	assert_true(set);
	assert_int_equal(overlay_map_run(&map, 64, 1, &set), 1);
	assert_true(set);
	assert_int_equal(overlay_map_run(&map, 65, blocks - 65, &set), 935);
	assert_false(set);
	assert_int_equal(overlay_map_run(&map, 1000, blocks - 1000, &set), 70000);
	assert_int_equal(overlay_map_run(&map, 1500, 100, &set), 100);
	assert_true(set);
	assert_int_equal(overlay_map_run(&map, 71000, blocks - 71000, &set), blocks - 71001);
	assert_false(set);
	assert_int_equal(overlay_map_run(&map, blocks - 1, 1, &set), 1);
	assert_true(set);
	overlay_map_free(&map);
}

static void the_map_reports_each_changed_page_once(void **state)
{
	uint64_t page = 0, words[OVERLAY_MAP_PAGE / 8];
	struct overlay_map map = { 0 };

	assert_int_equal(overlay_map_init(&map, 100ull * OVERLAY_MAP_PAGE * 8), 0);
	assert_false(overlay_map_take(&map, &page, words));
	overlay_map_set(&map, 1, 1);
	overlay_map_set(&map, 99ull * OVERLAY_MAP_PAGE * 8, 1);
	page = 0;
	assert_true(overlay_map_take(&map, &page, words));
	assert_int_equal(page, 0);
	assert_int_equal(words[0], 2);
	page++;
	assert_true(overlay_map_take(&map, &page, words));
	assert_int_equal(page, 99);
	assert_int_equal(words[0], 1);
	page = 0;
	assert_false(overlay_map_take(&map, &page, words));
	overlay_map_free(&map);
}

#define CASE(text, fn)	{ text, fn, set_up, tear_down, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE("a read of unwritten blocks passes through unchanged",
		     a_read_of_unwritten_blocks_passes_through_unchanged),
		CASE("a read of written blocks does not reach the lower blockdev",
		     a_read_of_written_blocks_does_not_reach_the_lower_blockdev),
		CASE("a straddling read is cut at each border",
		     a_straddling_read_is_cut_at_each_border),
		CASE("a request may be cut inside a buffer",
		     a_request_may_be_cut_inside_a_buffer),
		CASE("a request whose pieces wait completes once",
		     a_request_whose_pieces_wait_completes_once),
		CASE("a piece that fails fails the request", a_piece_that_fails_fails_the_request),
		CASE("an overlay at its limit returns ENOSPC and keeps its content",
		     an_overlay_at_its_limit_returns_enospc_and_keeps_its_content),
		CASE("zeroing frees memory", zeroing_frees_memory),
		CASE("zeroing all takes no memory", zeroing_all_takes_no_memory),
		SENTENCE("the map finds runs across words and pages",
			 the_map_finds_runs_across_words_and_pages),
		SENTENCE("the map reports each changed page once",
			 the_map_reports_each_changed_page_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
