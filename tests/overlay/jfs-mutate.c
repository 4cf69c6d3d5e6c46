// SPDX-License-Identifier: GPL-2.0
/*
 * Replay manipulated logs of a JFS.
 *
 *	jfs-mutate [-o COPY] IMAGE SEED COUNT
 *
 * COUNT times, some numbers of the log or of the superblocks are changed, and the log is
 * replayed.  If that succeeds, the blocks are written to an overlay, and each block must be
 * inside the file system.  The program prints the number of replayed logs.  -o stores the
 * image of the last try in COPY.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "jfs.h"
#include "overlay.h"
#include "tester.h"

#define SUPER	(8ull * JFS_BLOCK)
#define LIMIT	(64ull << 20)

static struct random seed;

static void failed(const char *what, int err) __attribute__((noreturn));
static void failed(const char *what, int err)
{
	die("%s: %s", what, strerror(-err));
}

static uint32_t random_number(uint32_t n)
{
	return random_below(&seed, n);
}

/* The image is in memory, so that no file is changed. */
static struct blockdev *load_image(const char *path)
{
	struct blockdev *raw, *bd;
	uint8_t buf[JFS_BLOCK];
	int rc = raw_open(path, 0, &raw);

	if (!rc)
		rc = memory_open(raw->capacity, &bd);
	for (uint64_t at = 0; !rc && at < raw->capacity; at += sizeof(buf)) {
		rc = blockdev_pread(raw, buf, sizeof(buf), at);
		if (!rc)
			rc = blockdev_pwrite(bd, buf, sizeof(buf), at);
	}
	if (rc)
		failed(path, rc);
	blockdev_close(raw);
	return bd;
}

static bool has_records(struct blockdev *bd, uint64_t block)
{
	uint8_t buf[JFS_BLOCK];

	if (blockdev_pread(bd, buf, sizeof(buf), block * JFS_BLOCK))
		return false;
	for (unsigned int i = 8; i < JFS_BLOCK - 8; i++)
		if (buf[i])
			return true;
	return false;
}

/* Usually choose a page with records, sometimes a superblock. */
static uint64_t pick_block(struct blockdev *bd, const struct jfs_extent *log)
{
	uint64_t block;

	if (!random_number(20))
		return random_number(2) ? SUPER / JFS_BLOCK : log->block + 1;
	do
		block = log->block + 2 + random_number(log->blocks - 2);
	while (!has_records(bd, block));
	return block;
}

static void mutate(uint8_t *buf)
{
	static const uint32_t values[] = {
		0, 1, 2, 8, 0x80, 0xff, 0x800, 0xffff, 0x10000, 0x8000, 0xffffff, 0x7fffffff,
		0x80000000, 0xffffffff,
	};
	/* Sometimes change the numbers in the header of the page. */
	unsigned int own = random_number(2) * 4 + random_number(2) * (JFS_BLOCK - 8);
	unsigned int at = random_number(4) ? random_number(JFS_BLOCK / 4) * 4 : own;
	uint32_t value = get_le32(buf + at);

	switch (random_number(4)) {
	case 0: value = values[random_number(sizeof(values) / sizeof(values[0]))]; break;
	case 1: value ^= 1u << random_number(32); break;
	case 2: value += random_number(65) - 32; break;
	case 3: value = (value & 0xffff0000) | random_number(0x10000); break;
	}
	put_le32(buf + at, value);
}

static bool replay(struct blockdev *bd)
{
	struct jfs_replay *r;
	struct blockdev *layer;
	struct device d;
	int rc;

	device_of_blockdev(bd, 0, bd->capacity, &d);
	rc = jfs_replay_prepare(&d, LIMIT, &r);
	if (rc) {
		if (r || (rc != -EUCLEAN && rc != -EIO && rc != -ENOSPC && rc != -EOPNOTSUPP))
			failed("refused with an unknown error", rc);
		return false;
	}
	rc = overlay_open_memory(bd, 2 * LIMIT, &layer);
	if (!rc) {
		device_of_blockdev(layer, 0, layer->capacity, &d);
		rc = jfs_replay_write(r, &d);
	}
	if (rc)
		failed("the prepared changes could not be written", rc);
	blockdev_close(layer);
	jfs_replay_free(r);
	return true;
}

static void save(struct blockdev *bd, const char *path)
{
	uint8_t buf[JFS_BLOCK];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	for (uint64_t at = 0; fd >= 0 && at < bd->capacity; at += sizeof(buf))
		if (blockdev_pread(bd, buf, sizeof(buf), at) ||
		    write(fd, buf, sizeof(buf)) != sizeof(buf))
			failed(path, -EIO);
	if (fd < 0 || close(fd))
		failed(path, -errno);
}

int main(int argc, char **argv)
{
	const char *copy = NULL;
	unsigned int count, replayed = 0;
	struct blockdev *bd;
	struct jfs_extent log;
	uint8_t super[JFS_BLOCK];

	if (getopt(argc, argv, "o:") == 'o')
		copy = optarg;
	if (argc - optind != 3)
		return 2;
	bd = load_image(argv[optind]);
	seed.state = number(argv[optind + 1]);
	count = number(argv[optind + 2]);
	if (blockdev_pread(bd, super, sizeof(super), SUPER))
		failed(argv[optind], -EIO);
	log = jfs_get_extent(super + 72);
	if (!replay(bd))
		failed("the undamaged image", -EUCLEAN);
	for (unsigned int i = 0; i < count; i++) {
		uint8_t was[4][JFS_BLOCK], is[JFS_BLOCK];
		unsigned int changes = 1 + random_number(4);
		uint64_t blocks[4];

		for (unsigned int c = 0; c < changes; c++) {
			blocks[c] = pick_block(bd, &log);
			blockdev_pread(bd, was[c], sizeof(was[c]), blocks[c] * JFS_BLOCK);
			memcpy(is, was[c], sizeof(is));
			mutate(is);
			blockdev_pwrite(bd, is, sizeof(is), blocks[c] * JFS_BLOCK);
		}
		replayed += replay(bd);
		if (copy && i == count - 1)
			save(bd, copy);
		while (changes--)
			blockdev_pwrite(bd, was[changes], JFS_BLOCK, blocks[changes] * JFS_BLOCK);
	}
	printf("%u of %u were replayed\n", replayed, count);
	blockdev_close(bd);
	return 0;
}
