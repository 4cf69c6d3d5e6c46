// SPDX-License-Identifier: GPL-2.0
/*
 * test-md.c - superblocks of Linux RAID arrays that are damaged or hostile
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "bytes.h"
#include "error.h"
#include "md-super.h"

#define SIZE	(1u << 20)
#define MAGIC	0xa92b4efcu

static struct blockdev *bd;
static struct device device;
static uint8_t sb[4096];

static int setup(void **state)
{
	memset(sb, 0, sizeof(sb));
	if (memory_open(SIZE, &bd))
		return -1;
	device_of_blockdev(bd, 0, SIZE, &device);
	return 0;
}

static int teardown(void **state)
{
	blockdev_close(bd);
	return 0;
}

/* Store the sum of the first @len bytes, without word @at, in word @at. */
static void set_sum(size_t len, size_t at)
{
	uint64_t total = 0;

	put_le32(sb + at, 0);
	for (size_t i = 0; i < len; i += 4)
		total += get_le32(sb + i);
	put_le32(sb + at, (uint32_t)total + (uint32_t)(total >> 32));
}

/* Version 1.2, member @number of 2, with room for 8 roles. */
static void make_1_2(uint32_t number)
{
	static const struct { unsigned int at; uint32_t value; } words[] = {
		{ 0, MAGIC }, { 4, 1 }, { 72, 1 }, { 92, 2 }, { 128, 512 }, { 136, 1024 },
		{ 144, 8 }, { 200, 7 }, { 220, 8 },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_le32(sb + words[i].at, words[i].value);
	put_le32(sb + 160, number);
	memset(sb + 256, 0xff, 16);
	put_le32(sb + 256, 1 << 16);
}

/* The slot of the member in its own superblock, or -1. */
static int own_slot(const struct md_super *s)
{
	uint32_t role = s->number < s->nr_roles ? s->roles[s->number] : MD_ROLE_MAX;

	return role < MD_ROLE_MAX ? (int)role : -1;
}

static int read_1_2(struct md_super *s)
{
	set_sum(256 + 16, 216);
	assert_int_equal(blockdev_pwrite(bd, sb, sizeof(sb), 4096), 0);
	return md_super_read(&device, "disk", s);
}

static void a_superblock_gives_the_slot_of_its_member(void **state)
{
	struct md_super s;

	make_1_2(1);
	assert_int_equal(read_1_2(&s), 0);
	assert_int_equal(s.major, 1);
	assert_int_equal(s.minor, 2);
	assert_int_equal(s.events, 7);
	assert_int_equal(s.roles[0], 0);
	assert_int_equal(own_slot(&s), 1);
	/* A spare, and a number without a role. */
	for (uint32_t number = 2; number < 2000; number += 1990) {
		make_1_2(number);
		assert_int_equal(read_1_2(&s), 0);
		assert_int_equal(own_slot(&s), -1);
	}
}

static void damaged_superblocks_are_refused_with_a_message(void **state)
{
	static const struct { unsigned int at; uint32_t value; const char *text; } bad[] = {
		{ 220, 1921, "1921 members" }, { 220, UINT32_MAX, "members" },
		{ 136, 1537, "truncated" }, { 140, UINT32_MAX, "truncated" },
		{ 128, 2049, "truncated" }, { 132, UINT32_MAX, "truncated" },
	};
	struct md_super s;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(sb, 0, sizeof(sb));
		make_1_2(0);
		put_le32(sb + bad[i].at, bad[i].value);
		assert_int_equal(read_1_2(&s), -EUCLEAN);
		assert_non_null(strstr(error_last(), bad[i].text));
		assert_non_null(strstr(error_last(), "disk: "));
	}
	memset(sb, 0, sizeof(sb));
	make_1_2(0);
	assert_int_equal(read_1_2(&s), 0);
	sb[300]++;		/* not summed */
	assert_int_equal(blockdev_pwrite(bd, sb, sizeof(sb), 4096), 0);
	assert_int_equal(md_super_read(&device, "disk", &s), 0);
	sb[264]++;
	assert_int_equal(blockdev_pwrite(bd, sb, sizeof(sb), 4096), 0);
	assert_int_equal(md_super_read(&device, "disk", &s), -EUCLEAN);
	assert_non_null(strstr(error_last(), "checksum"));
}

/* Version 0.90 with word @at changed to @value. */
static int read_0_90(unsigned int at, uint32_t value, struct md_super *s)
{
	memset(sb, 0, sizeof(sb));
	put_le32(sb, MAGIC);
	put_le32(sb + 4 * 2, 90);
	put_le32(sb + 4 * 10, 2);
	put_le32(sb + 4 * (128 + 32 + 3), 1);
	put_le32(sb + 4 * (128 + 32 + 4), 6);
	put_le32(sb + 4 * 992, 1);
	put_le32(sb + 4 * at, value);
	set_sum(sizeof(sb), 4 * 38);
	assert_int_equal(blockdev_pwrite(bd, sb, sizeof(sb), SIZE - 65536), 0);
	return md_super_read(&device, "disk", s);
}

static void superblocks_of_version_0_90_are_checked(void **state)
{
	struct md_super s;

	assert_int_equal(read_0_90(11, 0, &s), 0);
	assert_int_equal(own_slot(&s), 1);
	assert_int_equal(read_0_90(10, 28, &s), -EUCLEAN);
	assert_int_equal(read_0_90(992, 27, &s), -EUCLEAN);
	assert_int_equal(read_0_90(0, 0xfc4e2ba9, &s), -EOPNOTSUPP);
	assert_non_null(strstr(error_last(), "byte order"));
	/* A slot outside the array, and a member that is too small for the data. */
	assert_int_equal(read_0_90(128 + 32 + 3, 2, &s), 0);
	assert_int_equal(own_slot(&s), -1);
	assert_int_equal(read_0_90(128 + 32 + 4, 1, &s), 0);
	assert_int_equal(own_slot(&s), -1);
}

static void a_device_without_a_superblock_returns_enoent(void **state)
{
	struct md_super s;

	assert_int_equal(md_super_read(&device, "disk", &s), -ENOENT);
	for (uint64_t size = 0; size <= 8192; size += 512) {
		device.size = size;
		assert_int_equal(md_super_read(&device, "disk", &s), -ENOENT);
	}
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_superblock_gives_the_slot_of_its_member),
		TEST(damaged_superblocks_are_refused_with_a_message),
		TEST(superblocks_of_version_0_90_are_checked),
		TEST(a_device_without_a_superblock_returns_enoent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
