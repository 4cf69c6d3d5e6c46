// SPDX-License-Identifier: GPL-2.0
/*
 * parse-volumes.c - fuzz the metadata of LVM2, of Linux RAID and of dm-verity
 *
 * Superblocks of RAID are also searched from the end of the input.  For other formats, zeros
 * follow the input, so that a few kilobytes describe a large volume.
 */
#include <string.h>
#include "blockdev.h"
#include "device.h"
#include "lvm-group.h"
#include "lvm-label.h"
#include "md-super.h"
#include "parser.h"
#include "tester.h"
#include "verity-super.h"

#define LARGE_BYTES	(16u << 20)

static bool open_group(const struct lvm_pv *pv, uint64_t size)
{
	struct lvm_member member = { .dev = 0xfe00, .size = size };
	struct lvm_volume_info info;
	struct lvm_group *g;

	memcpy(member.uuid, pv->uuid, sizeof(member.uuid));
	if (lvm_group_open(NULL, pv->text, pv->len, &member, 1, "group", true, true, &g))
		return false;
	for (unsigned int i = 0; lvm_group_volume(g, i, &info); i++)
		if (!info.name || !*info.name)
			die("volume %u has no name", i);
	lvm_group_close(g);
	return true;
}

static bool read_lvm(const struct device *d)
{
	struct lvm_pv pv;
	bool accepted;

	if (lvm_pv_read(d, "volume", &pv))
		return false;
	accepted = pv.text && open_group(&pv, d->size);
	lvm_pv_free(&pv);
	return accepted;
}

static bool read_md(const struct device *d)
{
	static struct md_super s;

	return !md_super_read(d, "volume", &s);
}

static bool read_verity(const struct device *d)
{
	struct verity_super s;

	return !verity_super_read(d, 0, UINT64_MAX, "volume", &s);
}

static bool parse_disk(struct blockdev *bd, bool (*read)(const struct device *d))
{
	struct device d;
	bool accepted;

	device_of_blockdev(bd, 0, bd->capacity, &d);
	accepted = read(&d);
	device_close(&d);
	return accepted;
}

static bool parse(const uint8_t *data, size_t len)
{
	struct blockdev *bd = disk_of(data, len, len);
	struct blockdev *large = disk_of(data, len, LARGE_BYTES);
	bool md = parse_disk(bd, read_md), verity = parse_disk(bd, read_verity);
	bool lvm = parse_disk(large, read_lvm), begin = parse_disk(large, read_md);

	blockdev_close(bd);
	blockdev_close(large);
	return md || begin || verity || lvm;
}

const struct parser parser = { .parse = parse };
