// SPDX-License-Identifier: GPL-2.0
/*
 * test-mapper.c - targets of the device mapper over disks in memory
 *
 * Each gets a table by the mapper's own ioctls, a pattern is written through
 * it, and what it does to it is looked at from below where that shows.
 */
#include "blocks.h"
#include <lkl/linux/dm-ioctl.h>

#define CONTROL		(10 << 8 | 236)

struct request {
	struct lkl_dm_ioctl head;
	struct lkl_dm_target_spec spec;
	char params[1024];
};

static int control = -1;

static void prepare(struct request *rq, const char *name)
{
	memset(rq, 0, sizeof(*rq));
	rq->head = (struct lkl_dm_ioctl){
		.version = { LKL_DM_VERSION_MAJOR },
		.data_size = sizeof(*rq), .data_start = offsetof(struct request, spec),
	};
	snprintf(rq->head.name, sizeof(rq->head.name), "%s", name);
	if (control < 0) {
		assert_int_equal(lkl_sys_mknod("/dm", LKL_S_IFCHR | 0600, CONTROL), 0);
		control = lkl_sys_open("/dm", LKL_O_RDWR, 0);
		assert_true(control >= 0);
	}
}

static long command(const char *name, unsigned int cmd, unsigned int flags, uint32_t *dev)
{
	struct request rq;
	long rc;

	prepare(&rq, name);
	rq.head.flags = flags;
	rc = lkl_sys_ioctl(control, cmd, (unsigned long)&rq);
	if (dev)
		*dev = rq.head.dev;
	return rc;
}

static long load(const char *name, unsigned int sectors, const char *target, const char *params)
{
	struct request rq;

	prepare(&rq, name);
	rq.head.target_count = 1;
	rq.spec.length = sectors;
	snprintf(rq.spec.target_type, sizeof(rq.spec.target_type), "%s", target);
	snprintf(rq.params, sizeof(rq.params), "%s", params);
	return lkl_sys_ioctl(control, LKL_DM_TABLE_LOAD, (unsigned long)&rq);
}

/* A mapped device of one target: its number. */
static uint32_t map(const char *name, unsigned int sectors, const char *target,
		    const char *fmt, ...)
{
	char params[1024];
	uint32_t dev = 0;
	va_list ap;
	long rc;

	va_start(ap, fmt);
	vsnprintf(params, sizeof(params), fmt, ap);
	va_end(ap);
	assert_int_equal(command(name, LKL_DM_DEV_CREATE, 0, &dev), 0);
	rc = load(name, sectors, target, params);
	if (!rc)
		rc = command(name, LKL_DM_DEV_SUSPEND, 0, NULL);	/* resumes */
	if (rc)
		fail_msg("%s %s: %s", target, params, lkl_strerror(rc));
	return dev;
}

static void unmap(const char *name)
{
	assert_int_equal(command(name, LKL_DM_DEV_REMOVE, 0, NULL), 0);
}

static void message(const char *name, const char *text)
{
	struct request rq;

	prepare(&rq, name);
	/* A sector, and then text: where the target's description stands otherwise. */
	memset(&rq.spec, 0, sizeof(uint64_t));
	strcpy((char *)&rq.spec + sizeof(uint64_t), text);
	assert_int_equal(lkl_sys_ioctl(control, LKL_DM_TARGET_MSG, (unsigned long)&rq), 0);
}

#define DEV(dev)	major_of(dev), minor_of(dev)

static void test_linear(void **state)
{
	uint32_t disk = memory_disk(16);
	uint32_t dev = map("linear", SECTORS(8), "linear", "%u:%u 0", DEV(disk));

	fill_dev(dev, 1);
	assert_int_equal(compare_dev(dev, 1), 0);
	assert_int_equal(compare_dev(disk, 1), 0);
	unmap("linear");
}

static void test_striped(void **state)
{
	uint32_t a = memory_disk(16), b = memory_disk(16);
	uint32_t dev = map("striped", SECTORS(16), "striped", "2 64 %u:%u 0 %u:%u 0", DEV(a), DEV(b));

	fill_dev(dev, 2);
	assert_int_equal(compare_dev(dev, 2), 0);
	assert_int_equal(compare_dev(a, 2), 1);
	unmap("striped");
}

static void test_zero_and_error(void **state)
{
	uint32_t zero = map("zero", SECTORS(4), "zero", "%s", "");
	uint32_t error = map("error", SECTORS(4), "error", "%s", "");

	assert_int_equal(compare_dev(zero, 3), 1);
	assert_int_equal(compare_dev(error, 3), -EIO);
	unmap("zero");
	unmap("error");
}

/* What is below must not be what is above, and come back after the mapping is made anew. */
static void encrypted(const char *cipher, unsigned int key_bytes)
{
	uint32_t disk = memory_disk(8), dev;
	char key[256] = "";

	for (unsigned int i = 0; i < key_bytes; i++)
		sprintf(key + 2 * i, "%02x", (i * 37 + 11) & 0xff);
	dev = map("crypt", SECTORS(8), "crypt", "%s %s 0 %u:%u 0", cipher, key, DEV(disk));
	fill_dev(dev, 4);
	unmap("crypt");
	assert_int_equal(compare_dev(disk, 4), 1);
	dev = map("crypt", SECTORS(8), "crypt", "%s %s 0 %u:%u 0", cipher, key, DEV(disk));
	assert_int_equal(compare_dev(dev, 4), 0);
	unmap("crypt");
}

static void test_crypt(void **state)
{
	encrypted("aes-xts-plain64", 64);
	encrypted("aes-cbc-essiv:sha256", 32);
	encrypted("serpent-xts-plain64", 64);
	encrypted("twofish-xts-plain64", 64);
	encrypted("camellia-xts-plain64", 64);
	encrypted("twofish-cbc-essiv:sha256", 32);
	encrypted("aes-lrw-benbi", 48);
	encrypted("xchacha12,aes-adiantum-plain64", 32);
	encrypted("capi:adiantum(xchacha20,aes)-plain64", 32);
}

static void test_snapshot(void **state)
{
	uint32_t origin = memory_disk(8), cow = memory_disk(16), snap, over;

	fill_dev(origin, 5);
	over = map("origin", SECTORS(8), "snapshot-origin", "%u:%u", DEV(origin));
	snap = map("snap", SECTORS(8), "snapshot", "%u:%u %u:%u P 16", DEV(origin), DEV(cow));
	fill_dev(over, 6);
	assert_int_equal(compare_dev(over, 6), 0);
	assert_int_equal(compare_dev(snap, 5), 0);
	unmap("snap");
	unmap("origin");
}

static void test_thin(void **state)
{
	uint32_t meta = memory_disk(8), data = memory_disk(32), pool, thin;

	pool = map("pool", SECTORS(32), "thin-pool", "%u:%u %u:%u 128 0", DEV(meta), DEV(data));
	message("pool", "create_thin 0");
	thin = map("thin", SECTORS(1024), "thin", "%u:%u 0", DEV(pool));
	fill_dev(thin, 7);
	assert_int_equal(compare_dev(thin, 7), 0);
	unmap("thin");
	unmap("pool");
}

/* Made on a disk of zeros by a table of one block, as its documentation says. */
static void test_integrity(void **state)
{
	static const char table[] = "%u:%u 0 32 J 1 internal_hash:sha256";
	uint32_t disk = memory_disk(16), dev;

	map("integrity", 8, "integrity", table, DEV(disk));
	unmap("integrity");
	dev = map("integrity", SECTORS(4), "integrity", table, DEV(disk));
	fill_dev(dev, 8);
	assert_int_equal(compare_dev(dev, 8), 0);
	unmap("integrity");
}

static void test_raid1(void **state)
{
	uint32_t a = memory_disk(8), b = memory_disk(8);
	uint32_t dev = map("raid1", SECTORS(8), "raid", "raid1 2 0 sync 2 - %u:%u - %u:%u", DEV(a), DEV(b));

	fill_dev(dev, 9);
	assert_int_equal(compare_dev(dev, 9), 0);
	assert_int_equal(compare_dev(a, 9), 0);
	assert_int_equal(compare_dev(b, 9), 0);
	unmap("raid1");
}

static void test_mirror(void **state)
{
	uint32_t a = memory_disk(8), b = memory_disk(8);
	uint32_t dev = map("mirror", SECTORS(8), "mirror", "core 2 1024 nosync 2 %u:%u 0 %u:%u 0",
			   DEV(a), DEV(b));

	fill_dev(dev, 10);
	assert_int_equal(compare_dev(dev, 10), 0);
	assert_int_equal(compare_dev(b, 10), 0);
	unmap("mirror");
}

static void test_cache(void **state)
{
	uint32_t meta = memory_disk(8), fast = memory_disk(8), slow = memory_disk(32);
	uint32_t dev = map("cache", SECTORS(32), "cache",
			   "%u:%u %u:%u %u:%u 512 1 writethrough smq 0", DEV(meta), DEV(fast), DEV(slow));

	fill_dev(dev, 11);
	assert_int_equal(compare_dev(dev, 11), 0);
	assert_int_equal(compare_dev(slow, 11), 0);
	unmap("cache");
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
		cmocka_unit_test(test_mirror),
		cmocka_unit_test(test_cache),
	};

	return cmocka_run_group_tests_name("mapper", tests, group_boot, group_halt);
}
