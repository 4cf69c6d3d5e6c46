// SPDX-License-Identifier: GPL-2.0
/*
 * test-mapper.c - targets of the device mapper over disks in memory
 *
 * Each test creates a target with the mapper's ioctls, writes a pattern through it, and checks
 * the data on the lower disks where the target changes or moves it.
 */
#include "dm.h"

static void test_linear(void **state)
{
	uint32_t disk = memory_disk(16);
	uint32_t dev = dm_map("linear", SECTORS(8), "linear", "%u:%u 0", DEV(disk));

	fill_dev(dev, 1);
	assert_int_equal(compare_dev(dev, 1), 0);
	assert_int_equal(compare_dev(disk, 1), 0);
	dm_unmap("linear");
}

static void test_striped(void **state)
{
	uint32_t a = memory_disk(16), b = memory_disk(16);
	uint32_t dev = dm_map("striped", SECTORS(16), "striped", "2 64 %u:%u 0 %u:%u 0", DEV(a), DEV(b));

	fill_dev(dev, 2);
	assert_int_equal(compare_dev(dev, 2), 0);
	assert_int_equal(compare_dev(a, 2), 1);
	dm_unmap("striped");
}

static void test_zero_and_error(void **state)
{
	uint32_t zero = dm_map("zero", SECTORS(4), "zero", "%s", "");
	uint32_t error = dm_map("error", SECTORS(4), "error", "%s", "");

	assert_int_equal(compare_dev(zero, 3), 1);
	assert_int_equal(compare_dev(error, 3), -EIO);
	dm_unmap("zero");
	dm_unmap("error");
}

/*
 * The lower data must differ from the upper data, and mapping the device again must show
 * the upper data again.
 */
static void test_cipher(const char *cipher, unsigned int key_bytes)
{
	uint32_t disk = memory_disk(8), dev;
	char key[256] = "";

	for (unsigned int i = 0; i < key_bytes; i++)
		sprintf(key + 2 * i, "%02x", (i * 37 + 11) & 0xff);
	dev = dm_map("crypt", SECTORS(8), "crypt", "%s %s 0 %u:%u 0", cipher, key, DEV(disk));
	fill_dev(dev, 4);
	dm_unmap("crypt");
	assert_int_equal(compare_dev(disk, 4), 1);
	dev = dm_map("crypt", SECTORS(8), "crypt", "%s %s 0 %u:%u 0", cipher, key, DEV(disk));
	assert_int_equal(compare_dev(dev, 4), 0);
	dm_unmap("crypt");
}

static void test_crypt(void **state)
{
	test_cipher("aes-xts-plain64", 64);
	test_cipher("aes-cbc-essiv:sha256", 32);
	test_cipher("serpent-xts-plain64", 64);
	test_cipher("twofish-xts-plain64", 64);
	test_cipher("camellia-xts-plain64", 64);
	test_cipher("twofish-cbc-essiv:sha256", 32);
	test_cipher("aes-lrw-benbi", 48);
	test_cipher("xchacha12,aes-adiantum-plain64", 32);
	test_cipher("capi:adiantum(xchacha20,aes)-plain64", 32);
}

static void test_snapshot(void **state)
{
	uint32_t origin = memory_disk(8), cow = memory_disk(16), snap, over;

	fill_dev(origin, 5);
	over = dm_map("origin", SECTORS(8), "snapshot-origin", "%u:%u", DEV(origin));
	snap = dm_map("snap", SECTORS(8), "snapshot", "%u:%u %u:%u P 16", DEV(origin), DEV(cow));
	fill_dev(over, 6);
	assert_int_equal(compare_dev(over, 6), 0);
	assert_int_equal(compare_dev(snap, 5), 0);
	dm_unmap("snap");
	dm_unmap("origin");
}

static void test_thin(void **state)
{
	uint32_t meta = memory_disk(8), data = memory_disk(32), pool, thin;

	pool = dm_map("pool", SECTORS(32), "thin-pool", "%u:%u %u:%u 128 0", DEV(meta), DEV(data));
	dm_message("pool", "create_thin 0");
	thin = dm_map("thin", SECTORS(1024), "thin", "%u:%u 0", DEV(pool));
	fill_dev(thin, 7);
	assert_int_equal(compare_dev(thin, 7), 0);
	dm_unmap("thin");
	dm_unmap("pool");
}

/* Change a byte of each sector that has the pattern's first bytes: in the journal and in place. */
static unsigned int damage_pattern_sectors(uint32_t disk, unsigned int mib, unsigned int seed)
{
	unsigned char *buf = malloc(MIB), want[16];
	int fd = open_dev(disk, LKL_O_RDWR);
	unsigned int nr = 0;

	for (unsigned int i = 0; i < sizeof(want); i++)
		want[i] = pattern_byte(seed, i);
	for (unsigned int at = 0; at < mib * MIB; at += MIB) {
		assert_int_equal(lkl_sys_pread64(fd, buf, MIB, at), MIB);
		for (unsigned int i = 0; i < MIB; i += 512) {
			if (memcmp(buf + i, want, sizeof(want)))
				continue;
			assert_int_equal(lkl_sys_pwrite64(fd, "x", 1, at + i + 20), 1);
			nr++;
		}
	}
	assert_int_equal(lkl_sys_fsync(fd), 0);
	lkl_sys_close(fd);
	free(buf);
	return nr;
}

/* A table of one block formats a disk of zeros: see the documentation of dm-integrity. */
static void test_integrity(void **state)
{
	static const char table[] = "%u:%u 0 32 J 1 internal_hash:sha256";
	uint32_t disk = memory_disk(16), dev;

	dm_map("integrity", 8, "integrity", table, DEV(disk));
	dm_unmap("integrity");
	dev = dm_map("integrity", SECTORS(4), "integrity", table, DEV(disk));
	fill_dev(dev, 8);
	assert_int_equal(compare_dev(dev, 8), 0);
	dm_unmap("integrity");
	assert_true(damage_pattern_sectors(disk, 16, 8) > 0);
	dev = dm_map("integrity", SECTORS(4), "integrity", table, DEV(disk));
	assert_int_equal(compare_dev(dev, 8), -EIO);
	dm_unmap("integrity");
}

/* Four disks, which together must hold the written data.  raid10 only runs with metadata. */
static void striped_raid(const char *type, unsigned int data_disks, const char *options)
{
	uint32_t a = memory_disk(8), b = memory_disk(8), c = memory_disk(8), d = memory_disk(8);
	uint32_t dev = dm_map(type, SECTORS(8 * data_disks), "raid",
			   "%s %s 4 - %u:%u - %u:%u - %u:%u - %u:%u", type, options,
			   DEV(a), DEV(b), DEV(c), DEV(d));

	fill_dev(dev, 12);
	assert_int_equal(compare_dev(dev, 12), 0);
	assert_int_equal(compare_dev(a, 12), 1);
	dm_unmap(type);
}

static void test_raid_levels(void **state)
{
	striped_raid("raid0", 4, "1 128");
	striped_raid("raid4", 3, "2 128 sync");
	striped_raid("raid5_ls", 3, "2 128 sync");
	striped_raid("raid6_zr", 2, "2 128 sync");
}

static void test_raid1(void **state)
{
	uint32_t a = memory_disk(8), b = memory_disk(8);
	uint32_t dev = dm_map("raid1", SECTORS(8), "raid", "raid1 2 0 sync 2 - %u:%u - %u:%u", DEV(a), DEV(b));

	fill_dev(dev, 9);
	assert_int_equal(compare_dev(dev, 9), 0);
	assert_int_equal(compare_dev(a, 9), 0);
	assert_int_equal(compare_dev(b, 9), 0);
	dm_unmap("raid1");
}

static void test_mirror(void **state)
{
	uint32_t a = memory_disk(8), b = memory_disk(8);
	uint32_t dev = dm_map("mirror", SECTORS(8), "mirror", "core 2 1024 nosync 2 %u:%u 0 %u:%u 0",
			   DEV(a), DEV(b));

	fill_dev(dev, 10);
	assert_int_equal(compare_dev(dev, 10), 0);
	assert_int_equal(compare_dev(b, 10), 0);
	dm_unmap("mirror");
}

static void test_cache(void **state)
{
	uint32_t meta = memory_disk(8), fast = memory_disk(8), slow = memory_disk(32);
	uint32_t dev = dm_map("cache", SECTORS(32), "cache",
			   "%u:%u %u:%u %u:%u 512 1 writethrough smq 0", DEV(meta), DEV(fast), DEV(slow));

	fill_dev(dev, 11);
	assert_int_equal(compare_dev(dev, 11), 0);
	assert_int_equal(compare_dev(slow, 11), 0);
	dm_unmap("cache");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_striped),
		cmocka_unit_test(test_zero_and_error),
		cmocka_unit_test(test_crypt),
		cmocka_unit_test(test_snapshot),
		cmocka_unit_test(test_thin),
		cmocka_unit_test(test_integrity),
		cmocka_unit_test(test_raid1),
		cmocka_unit_test(test_raid_levels),
		cmocka_unit_test(test_mirror),
		cmocka_unit_test(test_cache),
	};

	return cmocka_run_group_tests_name("mapper", tests, group_boot, group_halt);
}
