// SPDX-License-Identifier: GPL-2.0
/*
 * test-lvm.c - LVM2's text format, and metadata that is damaged or hostile
 *
 * Every group here is refused before anything is mapped, so no kernel runs.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "error.h"
#include "lvm-config.h"
#include "lvm-group.h"

static struct lvm_config *parse(const char *text)
{
	struct lvm_config *config;
	unsigned int line;

	assert_int_equal(lvm_config_parse(text, strlen(text), &config, &line), 0);
	return config;
}

static void sections_values_and_lists_are_found(void **state)
{
	struct lvm_config *c = parse("a = 1 # a comment\n"
				     "vg{ name=\"x \\\"y\\\" z\"\n list = [ \"p\", 3, \"q\" ]\n"
				     " inner { deep = -4 } }\nempty = []\n");
	const struct lvm_value *root = lvm_config_root(c), *vg;

	assert_int_equal(lvm_number(root, "a"), 1);
	vg = lvm_find(root, "vg", LVM_SECTION);
	assert_non_null(vg);
	assert_string_equal(lvm_text(vg, "name", ""), "x \"y\" z");
	assert_true(lvm_list_has(vg, "list", "q"));
	assert_false(lvm_list_has(vg, "list", "r"));
	assert_int_equal(lvm_number(lvm_find(vg, "inner", LVM_SECTION), "deep"), -1);
	assert_null(lvm_find(vg, "name", LVM_NUMBER));
	assert_string_equal(lvm_text(vg, "none", "otherwise"), "otherwise");
	assert_null(lvm_find(root, "empty", LVM_LIST)->child);
	lvm_config_free(c);
}

static void syntax_errors_are_refused_with_their_line(void **state)
{
	static const struct { const char *text; unsigned int line; } bad[] = {
		{ "a = ", 1 }, { "a", 1 }, { "= 1", 1 }, { "\n\na = [ 1", 3 }, { "a = [ 1 2 ]", 1 },
		{ "\nvg { a = 1", 2 }, { "a = \"open", 1 }, { "a = \"open\\", 1 }, { "}", 1 },
		{ "a = 99999999999999999999", 1 }, { "a = 1 }", 1 }, { "a { b = { } }", 1 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct lvm_config *c;
		unsigned int line;

		if (lvm_config_parse(bad[i].text, strlen(bad[i].text), &c, &line) != -EINVAL)
			fail_msg("accepted: %s", bad[i].text);
		assert_int_equal(line, bad[i].line);
	}
}

static void depth_and_number_of_values_are_limited(void **state)
{
	size_t size = 12u << 20, len = 0;
	char *text = malloc(size);
	struct lvm_config *c;
	unsigned int line;

	assert_non_null(text);
	for (int i = 0; i < 1000; i++)
		len += snprintf(text + len, size - len, "a{");
	assert_int_equal(lvm_config_parse(text, len, &c, &line), -E2BIG);
	for (len = 0; len + 4 <= size; len += 4)
		memcpy(text + len, "a=1 ", 4);
	assert_int_equal(lvm_config_parse(text, len, &c, &line), -E2BIG);
	free(text);
}

#define UUID	"YxP5DWTXhNVGQriV5QqZ6LIpIYH3NSjB"

/* A group of one member of 10 extents, with the volumes @volumes. */
static int open_group(const char *volumes, struct lvm_group **g)
{
	static const struct lvm_member member = { .dev = 0xfe00, .size = 12u << 20, .uuid = UUID };
	char text[4096];
	int len = snprintf(text, sizeof(text),
			   "vg { extent_size = 2048 physical_volumes { pv0 {"
			   " id = \"YxP5DW-TXhN-VGQr-iV5Q-qZ6L-IpIY-H3NSjB\" pe_start = 2048 } }"
			   " logical_volumes { %s } }", volumes);

	return lvm_group_open(NULL, text, len, &member, 1, "vg", true, false, g);
}

#define VOLUME(name, segments)	name " { status = [\"VISIBLE\"] " segments " } "
#define SEGMENT(start, rest)	"segment1 { start_extent = " #start " extent_count = 4 " rest " } "

static void volumes_of_damaged_groups_are_refused(void **state)
{
	static const char *const bad[] = {
		/* a gap, a segment without extents, one with too many extents */
		VOLUME("a", SEGMENT(1, "type = \"error\"")),
		VOLUME("a", "segment1 { start_extent = 0 extent_count = 0 type = \"error\" }"),
		VOLUME("a", "segment1 { start_extent = 0 extent_count = 4294967297 type = \"error\" }"),
		/* a snapshot of a missing volume */
		VOLUME("s", SEGMENT(0, "type = \"snapshot\" origin = \"x\" cow_store = \"y\"")),
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct lvm_group *g;

		if (open_group(bad[i], &g) != -EUCLEAN)
			fail_msg("accepted: %s", bad[i]);
	}
}

static void invalid_segments_are_refused(void **state)
{
	static const struct { const char *volume; int err; } bad[] = {
		{ VOLUME("a", ""), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"new\"")), -EOPNOTSUPP },
		{ VOLUME("a", SEGMENT(0, "")), -EOPNOTSUPP },
		{ VOLUME("a", SEGMENT(0, "type = \"striped\"")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"striped\" stripes = [ \"pv0\" ]")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"striped\" stripes = [ 1, 2 ]")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"striped\" stripes = [ \"pv1\", 0 ]")), -EUCLEAN },
		/* just beyond the end of the member, and far beyond it */
		{ VOLUME("a", SEGMENT(0, "type = \"striped\" stripes = [ \"pv0\", 9 ]")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"striped\" stripes = [ \"pv0\", 9223372036854775807 ]")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"striped\" stripes = [ \"pv0\", -1 ]")), -EUCLEAN },
		/* a volume on itself, directly and through another volume */
		{ VOLUME("a", SEGMENT(0, "type = \"striped\" stripes = [ \"a\", 0 ]")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"striped\" stripes = [ \"b\", 0 ]"))
		  VOLUME("b", SEGMENT(0, "type = \"striped\" stripes = [ \"a\", 0 ]")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"raid1\" raids = [ \"a\", \"a\" ]")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"raid1\" raids = [ \"a\" ]")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"thin\" thin_pool = \"a\" device_id = 1")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"thin-pool\" chunk_size = 0")), -ENOENT },
		{ VOLUME("a", SEGMENT(0, "type = \"mirror\" region_size = 1 mirrors = []")), -EUCLEAN },
		{ VOLUME("a", SEGMENT(0, "type = \"cache\" cache_pool = \"a\" chunk_size = 64")), -EUCLEAN },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct lvm_group *g;
		uint64_t dev;
		int rc = open_group(bad[i].volume, &g);

		if (rc)
			fail_msg("%s: %s", bad[i].volume, error_last());
		rc = lvm_volume_open(g, 0, &dev);
		if (rc != bad[i].err)
			fail_msg("%s: %d: %s", bad[i].volume, rc, error_last());
		assert_int_equal(lvm_group_close(g), 0);
	}
}

static void missing_members_are_counted(void **state)
{
	struct lvm_group *g;
	const char *text = "vg { extent_size = 8 physical_volumes { a { id = \"x\" pe_start = 0 }"
			   " b { id = \"y\" pe_start = 0 } } }";

	assert_int_equal(lvm_group_open(NULL, text, strlen(text), NULL, 0, "vg", true, false, &g), 0);
	assert_int_equal(lvm_group_missing(g), 2);
	assert_string_equal(lvm_group_name(g), "vg");
	assert_int_equal(lvm_group_close(g), 0);
	assert_int_equal(lvm_group_close(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_values_and_lists_are_found),
		cmocka_unit_test(syntax_errors_are_refused_with_their_line),
		cmocka_unit_test(depth_and_number_of_values_are_limited),
		cmocka_unit_test(volumes_of_damaged_groups_are_refused),
		cmocka_unit_test(invalid_segments_are_refused),
		cmocka_unit_test(missing_members_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
