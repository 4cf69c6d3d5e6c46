// SPDX-License-Identifier: GPL-2.0
/*
 * incomplete.c - disks that are shorter than their partition table says
 *
 * The cause may be an interrupted download or a copy that ran out of space.  The kernel
 * accepts a DOS table and truncates the last partition, but rejects a GPT.  So this file
 * reads the GPT, from either copy, and adds its partitions to the kernel one by one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "gpt.h"
#include "incomplete.h"
#include "sector.h"
#include <lkl/linux/blkpg.h>

static int add_part(struct anyfs_kernel *k, int disk, const struct blockdev *bd,
		    const struct probe_entry *e)
{
	uint64_t room = e->start < bd->capacity ? bd->capacity - e->start : 0;
	struct lkl_blkpg_partition part = {
		.start = e->start, .length = e->size < room ? e->size : room,
		.pno = e->number,
	};
	struct lkl_blkpg_ioctl_arg arg = {
		.op = LKL_BLKPG_ADD_PARTITION, .datalen = sizeof(part), .data = &part,
	};
	int64_t rc;

	if (!room || host_disk_dev(k, disk, e->number) >= 0)
		return 0;
	rc = devnode_ioctl(k, disk, 0, LKL_BLKPG, &arg);
	/* Skip a partition that overlaps another one: the kernel cannot have both. */
	return rc == -EBUSY ? 0 : rc;
}

int incomplete_add_parts(struct anyfs_kernel *k, int disk, struct blockdev *bd)
{
	struct device d;
	struct gpt gpt;
	int rc;

	device_of_blockdev(bd, 0, bd->capacity, &d);
	rc = gpt_read(&d, bd->limits.logical_block, &gpt);
	for (unsigned int i = 0; !rc && i < gpt.table.nr; i++)
		rc = add_part(k, disk, bd, &gpt.table.entries[i]);
	probe_table_free(&gpt.table);
	return rc == -ENOENT ? 0 : rc;
}

/* Whether the disk has other content: then a GPT at its end is left over from earlier use. */
static bool is_in_use_otherwise(const struct device *d)
{
	struct probe_super s;

	return sector_is_dos_table(d) || probe_superblock(d, &s) ||
	       s.usage != PROBE_NONE;
}

/* Whether there is a GPT that the kernel rejected. */
static bool has_refused_gpt(struct anyfs_kernel *k, int disk, struct blockdev *bd,
			    const struct device *d)
{
	struct part_set set;

	if (!gpt_has_primary(d, bd->limits.logical_block) &&
	    !gpt_has_backup(d, bd->limits.logical_block))
		return false;
	return !parts_kernel_set(k, disk, &set) && !is_in_use_otherwise(d);
}

/* List partitions beyond the end: "; /p3 is incomplete; /p4 is missing". */
static void list_missing(const struct blockdev *bd, const struct probe_table *t, char *buf,
			 size_t len)
{
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i < t->nr; i++) {
		const struct probe_entry *e = &t->entries[i];

		if (e->start <= bd->capacity && e->size <= bd->capacity - e->start)
			continue;
		if (n + 64 > len) {
			snprintf(buf + n, len - n, " ...");
			return;
		}
		n += snprintf(buf + n, len - n, "; /p%u is %s", e->number,
			      e->start < bd->capacity ? "incomplete" : "missing");
	}
}

static void describe_gap(const struct blockdev *bd, const struct probe_table *t, uint64_t disk_size,
			 char *note, size_t len)
{
	uint64_t stored = bd->capacity - bd->tail;
	char missing[256];

	list_missing(bd, t, missing, sizeof(missing));
	if (disk_size > stored)
		snprintf(note, len, "the image is truncated: its partition table is for %llu bytes, it has %llu%s",
			 (unsigned long long)disk_size, (unsigned long long)stored, missing);
	else if (*missing)
		snprintf(note, len, "the image is truncated: it ends before its partitions do%s",
			 missing);
}

static int check_gpt(struct anyfs_kernel *k, int disk, struct blockdev *bd,
		     const struct device *d, char *note, size_t len)
{
	struct gpt gpt;
	int rc = gpt_read(d, bd->limits.logical_block, &gpt);

	if (!rc) {
		snprintf(note, len, "the partition table is damaged: the partitions are from the other copy of the GPT");
		describe_gap(bd, &gpt.table, gpt.disk_size, note, len);
	}
	probe_table_free(&gpt.table);
	if (!rc)
		rc = incomplete_add_parts(k, disk, bd);
	if (rc && rc != -ENOENT)
		return error_set(rc, "%s: reading its partition table: %s", bd->name,
				 error_name(rc));
	return 0;
}

static int check_others(struct blockdev *bd, char *note, size_t len)
{
	struct probe_table t;
	struct device d;
	int rc;

	device_of_blockdev(bd, 0, bd->capacity, &d);
	rc = probe_parttable(&d, &t);
	if (rc)
		return error_set(rc, "%s: reading its partition table: %s", bd->name,
				 error_name(rc));
	describe_gap(bd, &t, 0, note, len);
	probe_table_free(&t);
	return 0;
}

int incomplete_check(struct anyfs_kernel *k, int disk, struct blockdev *bd,
		     const struct klog_lines *lines, char *note, size_t len)
{
	struct part_set set;
	struct device d;

	note[0] = '\0';
	device_of_blockdev(bd, 0, bd->capacity, &d);
	if (has_refused_gpt(k, disk, bd, &d))
		return check_gpt(k, disk, bd, &d, note, len);
	/* The kernel logs "beyond EOD" for a partition that begins or ends beyond the disk. */
	if (!klog_has(lines, "beyond EOD") || !parts_kernel_set(k, disk, &set))
		return 0;
	return check_others(bd, note, len);
}

void incomplete_part(struct anyfs_kernel *k, int disk, struct blockdev *bd, unsigned int part,
		     char *text, size_t len)
{
	int64_t here = part ? devnode_size(k, disk, part) : 0;
	struct probe_table t;
	struct device d;

	text[0] = '\0';
	device_of_blockdev(bd, 0, bd->capacity, &d);
	if (!part || here < 0 || probe_parttable(&d, &t))
		return;
	for (unsigned int i = 0; i < t.nr; i++)
		if (t.entries[i].number == part && !t.entries[i].extended &&
		    t.entries[i].start <= bd->capacity &&
		    t.entries[i].size > bd->capacity - t.entries[i].start)
			snprintf(text, len, "; truncated: the partition table gives it %llu bytes, the image has %lld",
				 (unsigned long long)t.entries[i].size, (long long)here);
	probe_table_free(&t);
}
