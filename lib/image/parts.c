// SPDX-License-Identifier: GPL-2.0
/*
 * parts.c - list the partitions of a disk
 *
 * The kernel decides which partitions exist, and their numbers and sizes.  libblkid adds
 * their offsets, types and names; for a partition that libblkid does not know, the kernel
 * is asked for the offset.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"

/* Whether partition 1 has all sectors of the disk. */
static bool is_whole_disk(struct anyfs_kernel *k, int disk, const struct part_set *set,
			  const struct blockdev *bd)
{
	return part_set_has(set, 1) &&
	       devnode_size(k, disk, 1) == (int64_t)(bd->capacity / 512 * 512);
}

/*
 * The kernel recognises some tables (Acorn's) by a checksum of one byte, which matches one
 * in 256 arbitrary sectors.  The disk has no table if libblkid finds none and, in addition,
 * libblkid finds a file system or the kernel's only partition is as large as the disk.
 */
static bool is_bare(struct anyfs_kernel *k, int disk, const struct part_set *set,
		    unsigned int nr)
{
	struct blockdev *bd = block_attached(k, disk);
	struct probe_super s;
	struct probe_table t;
	struct device d;
	bool table;

	if (!bd)
		return false;
	device_of_blockdev(bd, 0, bd->capacity, &d);
	if (probe_parttable(&d, &t))
		return false;
	table = *t.type;
	probe_table_free(&t);
	if (table)
		return false;
	if (nr == 1 && is_whole_disk(k, disk, set, bd))
		return true;
	return !probe_superblock(&d, &s) &&
	       (s.usage == PROBE_FILESYSTEM || s.usage == PROBE_CONTAINER);
}

unsigned int parts_kernel_set(struct anyfs_kernel *k, int disk, struct part_set *set)
{
	unsigned int nr = 0;

	memset(set, 0, sizeof(*set));
	for (unsigned int part = 1; part <= PART_MAX; part++) {
		if (host_disk_dev(k, disk, part) < 0)
			continue;
		set->bits[part / 64] |= 1ull << part % 64;
		nr++;
	}
	if (nr && is_bare(k, disk, set, nr)) {
		memset(set, 0, sizeof(*set));
		nr = 0;
	}
	return nr;
}

static const struct probe_entry *find_entry(const struct probe_table *t, unsigned int part)
{
	for (unsigned int i = 0; i < t->nr; i++)
		if (t->entries[i].number == part)
			return &t->entries[i];
	return NULL;
}

/*
 * Offset of a partition in bytes or -errno: from the entry @e if its size equals @size, the
 * kernel's size of the partition; else from the kernel.
 */
static int64_t start_of(struct anyfs_kernel *k, int disk, unsigned int part,
			const struct probe_entry *e, uint64_t size)
{
	/* The kernel shows only the first sectors of an extended partition. */
	if (e && (e->size == size || e->extended))
		return e->start;
	return devnode_start(k, disk, part);
}

int parts_extent(struct anyfs_kernel *k, int disk, unsigned int part,
		 uint64_t *start, uint64_t *size)
{
	struct blockdev *bd = disk_blockdev(k, disk);
	struct probe_table t;
	struct device d;
	int64_t n;

	if (!bd)
		return -ENODEV;
	*start = 0;
	*size = bd->capacity;
	if (!part)
		return 0;
	if (host_disk_dev(k, disk, part) < 0)
		return error_set(-ENXIO, "%s: /p%u: there is no such partition", bd->name, part);
	n = devnode_size(k, disk, part);
	if (n < 0)
		return kstate_error(k, n, bd->name);
	*size = n;
	device_of_blockdev(bd, 0, bd->capacity, &d);
	if (probe_parttable(&d, &t))
		memset(&t, 0, sizeof(t));
	n = start_of(k, disk, part, find_entry(&t, part), *size);
	probe_table_free(&t);
	if (n < 0)
		return kstate_error(k, n, bd->name);
	*start = n;
	return 0;
}

bool parts_is_hybrid(struct blockdev *bd)
{
	struct probe_super s;
	struct device d;

	device_of_blockdev(bd, 0, bd->capacity, &d);
	if (probe_superblock(&d, &s))
		return false;
	return s.usage == PROBE_FILESYSTEM &&
	       (!strcmp(s.fstype, "iso9660") || !strcmp(s.fstype, "udf"));
}

int64_t parts_dev(struct anyfs_kernel *k, int disk, unsigned int part)
{
	struct part_set set;
	int twin;

	if (part || !parts_kernel_set(k, disk, &set))
		return host_disk_dev(k, disk, part);
	twin = block_twin(k, disk);
	return twin < 0 ? twin : host_disk_dev(k, twin, 0);
}

const char *parts_table_trouble(struct blockdev *bd)
{
	unsigned char mbr[512];
	struct device d;

	device_of_blockdev(bd, 0, bd->capacity, &d);
	if (device_read(&d, mbr, sizeof(mbr), 0) || mbr[510] != 0x55 || mbr[511] != 0xaa)
		return "";
	for (int i = 0; i < 4; i++)
		if (mbr[446 + 16 * i + 4] == 0xee && bd->block_given)
			return "has no GPT for sectors of that size: omit --sector-size";
		else if (mbr[446 + 16 * i + 4] == 0xee)
			return "its first sector announces a GPT, but both copies of the GPT are missing or damaged";
	return "";
}

static int fill_super(struct blockdev *bd, AnyfsPart *p)
{
	struct probe_super s;
	struct device d;
	int rc;

	device_of_blockdev(bd, p->start, p->size, &d);
	rc = probe_superblock(&d, &s);
	if (rc)
		return error_set(rc, "%s: %s: %s", bd->name, p->path, error_name(rc));
	memcpy(p->fstype, s.fstype, sizeof(p->fstype));
	memcpy(p->label, s.label, sizeof(p->label));
	memcpy(p->uuid, s.uuid, sizeof(p->uuid));
	return 0;
}

static int fill_part(struct anyfs_kernel *k, struct blockdev *bd, int disk,
		     const struct probe_entry *e, AnyfsPart *p)
{
	int64_t size = devnode_size(k, disk, p->number);
	int64_t start = size < 0 ? size : start_of(k, disk, p->number, e, size);

	if (start < 0)
		return kstate_error(k, start, bd->name);
	p->start = start;
	p->size = e && e->extended ? e->size : size;
	snprintf(p->path, sizeof(p->path), "/p%u", p->number);
	if (e) {
		memcpy(p->type, e->type, sizeof(p->type));
		memcpy(p->name, e->name, sizeof(p->name));
		memcpy(p->partuuid, e->uuid, sizeof(p->partuuid));
		if (e->extended)
			return 0;
	}
	/* The table may be wrong: do not probe a partition that extends beyond the disk. */
	if (p->start > bd->capacity || p->size > bd->capacity - p->start)
		return 0;
	return fill_super(bd, p);
}

static int fill_whole(struct blockdev *bd, AnyfsPart *p, const char *path)
{
	p->size = bd->capacity;
	snprintf(p->path, sizeof(p->path), "%s", path);
	return fill_super(bd, p);
}

static int list_parts(struct anyfs_kernel *k, struct blockdev *bd, int disk, AnyfsPart **out)
{
	struct probe_table t;
	struct part_set set;
	unsigned int nr = parts_kernel_set(k, disk, &set);
	AnyfsPart *parts = calloc(nr + 1, sizeof(*parts));
	struct device d;
	int i = 0, rc;

	if (!parts)
		return error_set(-ENOMEM, "%s: out of memory", bd->name);
	if (!nr || parts_is_hybrid(bd)) {
		rc = fill_whole(bd, &parts[i++], nr ? "/p0" : "/");
		if (rc)
			goto fail;
	}
	device_of_blockdev(bd, 0, bd->capacity, &d);
	rc = nr ? probe_parttable(&d, &t) : 0;
	if (rc) {
		error_set(rc, "%s: reading the partition table: %s", bd->name, error_name(rc));
		goto fail;
	}
	for (unsigned int part = 1; nr && !rc && part <= PART_MAX; part++) {
		if (!part_set_has(&set, part))
			continue;
		parts[i].number = part;
		rc = fill_part(k, bd, disk, find_entry(&t, part), &parts[i++]);
	}
	if (nr)
		probe_table_free(&t);
	if (rc)
		goto fail;
	*out = parts;
	return i;
fail:
	free(parts);
	return rc;
}

int anyfs_disk_parts(int disk_id, AnyfsPart **parts)
{
	struct kstate *ks = kstate_get(NULL);
	struct blockdev *bd;
	int rc = -ENODEV;

	if (!ks)
		return -ENODEV;
	/* Other threads must not remove the disk meanwhile. */
	pthread_mutex_lock(&ks->lock);
	bd = disk_blockdev(ks->k, disk_id);
	if (bd)
		rc = list_parts(ks->k, bd, disk_id, parts);
	pthread_mutex_unlock(&ks->lock);
	kstate_put(ks);
	return rc;
}

/* Write the name of the disk's partition table to @buf; "" if the kernel rejects the table. */
static int name_table(struct anyfs_kernel *k, int disk, char *buf, size_t len)
{
	struct blockdev *bd = disk_blockdev(k, disk);
	struct probe_table t;
	struct part_set set;
	struct device d;
	int rc;

	if (!bd)
		return -ENODEV;
	device_of_blockdev(bd, 0, bd->capacity, &d);
	rc = probe_parttable(&d, &t);
	if (rc)
		return error_set(rc, "%s: reading the partition table: %s", bd->name,
				 error_name(rc));
	if (!parts_kernel_set(k, disk, &set) && t.nr)
		t.type[0] = '\0';
	if ((size_t)snprintf(buf, len, "%s", t.type) >= len)
		rc = error_set(-ERANGE, "%s: the buffer is too small", bd->name);
	probe_table_free(&t);
	return rc;
}

int anyfs_disk_table(int disk_id, char *buf, size_t len)
{
	struct kstate *ks = kstate_get(NULL);
	int rc;

	if (!ks)
		return -ENODEV;
	pthread_mutex_lock(&ks->lock);
	rc = name_table(ks->k, disk_id, buf, len);
	pthread_mutex_unlock(&ks->lock);
	kstate_put(ks);
	return rc;
}
