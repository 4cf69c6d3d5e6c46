// SPDX-License-Identifier: GPL-2.0
/*
 * free-map.c - the ranges that a file system does not use, from its own map
 *
 * ext4 and XFS list their space (GETFSMAP), f2fs shows it in /proc.  Other types are asked to
 * discard the blocks that they do not use (FITRIM): the disk keeps a list of the discards and does
 * not carry them out.  Discards arrive with offsets on the disk, so with these types the file
 * system must lie directly on a partition or on the whole disk.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "free-map.h"
#include "image-path.h"
#include "messages.h"
#include <lkl/linux/fs.h>
#include <lkl/linux/fsmap.h>
#include <lkl/linux/mount.h>

#define RECORDS		512		/* records that one call of GETFSMAP returns */

void free_map_add(struct tool *t, struct free_map *map, uint64_t offset, uint64_t len)
{
	struct anyfs_range *last = map->nr ? &map->ranges[map->nr - 1] : NULL;

	if (last && last->offset + last->len == offset) {
		last->len += len;
		return;
	}
	/* The array is full if @nr is a power of two: double it. */
	if (!(map->nr & (map->nr - 1))) {
		map->ranges = reallocarray(map->ranges, map->nr ? map->nr * 2 : 1,
					   sizeof(*map->ranges));
		if (!map->ranges)
			tool_no_memory(t);
	}
	map->ranges[map->nr++] = (struct anyfs_range){ offset, len };
}

/* The number of the file system's device in records of GETFSMAP, or -errno. */
static int64_t device_number(int fd)
{
	struct lkl_statx stx;
	long rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, LKL_STATX_TYPE, &stx);

	if (rc < 0)
		return rc;
	return (stx.stx_dev_minor & 0xff) | stx.stx_dev_major << 8 |
	       (stx.stx_dev_minor & ~0xffu) << 12;
}

static void take_records(struct tool *t, struct free_map *map, const struct lkl_fsmap_head *head,
			 uint32_t device)
{
	for (uint32_t i = 0; i < head->fmh_entries; i++) {
		const struct lkl_fsmap *r = &head->fmh_recs[i];

		if (r->fmr_device != device)
			continue;	/* an external log, or a real-time section */
		if (r->fmr_physical + r->fmr_length > map->size)
			map->size = r->fmr_physical + r->fmr_length;
		if ((r->fmr_flags & LKL_FMR_OF_SPECIAL_OWNER) &&
		    r->fmr_owner == LKL_FMR_OWN_FREE)
			free_map_add(t, map, r->fmr_physical, r->fmr_length);
	}
}

/* Read the list of GETFSMAP.  0 or -errno; -ENOTTY, -EOPNOTSUPP: the type has no such list. */
static long list_space(struct tool *t, int fd, struct free_map *map)
{
	struct lkl_fsmap_head *head = tool_alloc(t, lkl_fsmap_sizeof(RECORDS));
	int64_t device = device_number(fd);
	long rc = device < 0 ? device : 0;

	memset(head, 0, sizeof(*head));
	head->fmh_count = RECORDS;
	memset(&head->fmh_keys[1], 0xff, sizeof(head->fmh_keys[1]));
	memset(head->fmh_keys[1].fmr_reserved, 0, sizeof(head->fmh_keys[1].fmr_reserved));
	while (!rc) {
		rc = lkl_sys_ioctl(fd, LKL_FS_IOC_GETFSMAP, (unsigned long)head);
		if (rc < 0 || !head->fmh_entries)
			break;
		take_records(t, map, head, device);
		if (head->fmh_recs[head->fmh_entries - 1].fmr_flags & LKL_FMR_OF_LAST)
			break;
		lkl_fsmap_advance(head);
	}
	free(head);
	return rc;
}

/*
 * Remount a file system that cannot discard as it is mounted.  ntfs3 needs the option "discard";
 * others (gfs2) write when they discard, so remount them read-write: the disk keeps what they
 * write in memory.
 */
static long remount_for_discard(struct tool *t, struct anyfs_node *fs, const char *root)
{
	bool ntfs = !strcmp(anyfs_node_fstype(fs), "ntfs3");
	unsigned long flags = LKL_MS_REMOUNT | LKL_MS_NODEV | (ntfs ? LKL_MS_RDONLY : 0);
	char kpath[512];
	int rc = anyfs_image_resolve(t->image, root, kpath, sizeof(kpath));

	return rc < 0 ? rc : lkl_sys_mount("none", kpath, NULL, flags, ntfs ? "discard" : NULL);
}

static long trim_free_space(int fd)
{
	struct lkl_fstrim_range range = { .len = UINT64_MAX };

	return lkl_sys_ioctl(fd, LKL_FITRIM, (unsigned long)&range);
}

/* Find the partition or whole disk that holds @fs.  False if @fs is on something else, like LVM. */
static bool find_range_of_fs(struct tool *t, struct anyfs_node *fs, const char *root,
			     struct anyfs_range *where)
{
	enum anyfs_node_kind kind = anyfs_node_kind(anyfs_node_parent(fs));
	bool found = false;
	AnyfsPart *parts;
	int nr;

	if (kind != ANYFS_NODE_DISK && kind != ANYFS_NODE_PARTITION)
		return false;
	nr = anyfs_disk_parts(anyfs_image_disk(t->image), &parts);
	for (int i = 0; i < nr && !found; i++) {
		found = !strcmp(parts[i].path, root);
		*where = (struct anyfs_range){ parts[i].start, parts[i].size };
	}
	if (nr >= 0)
		anyfs_free(parts);
	return found;
}

/* Take the discards inside of @where. */
static long take_discards(struct tool *t, const struct anyfs_range *where, struct free_map *map)
{
	uint64_t end = where->offset + where->len;
	struct anyfs_range *ranges;
	int64_t nr = anyfs_disk_discards(anyfs_image_disk(t->image), &ranges);

	if (nr < 0)
		return nr;
	map->size = where->len;
	for (int64_t i = 0; i < nr; i++) {
		uint64_t first = ranges[i].offset, last = first + ranges[i].len;

		first = first < where->offset ? where->offset : first;
		last = last > end ? end : last;
		if (first < last)
			free_map_add(t, map, first - where->offset, last - first);
	}
	anyfs_free(ranges);
	return 0;
}

static long trim_space(struct tool *t, struct anyfs_node *fs, const char *root, int fd,
		       struct free_map *map)
{
	struct anyfs_range where;
	long rc;

	if (!find_range_of_fs(t, fs, root, &where))
		return -EOPNOTSUPP;
	rc = trim_free_space(fd);
	if (rc == -EROFS || rc == -EOPNOTSUPP) {
		rc = remount_for_discard(t, fs, root);
		if (rc >= 0)
			rc = trim_free_space(fd);
	}
	return rc < 0 ? rc : take_discards(t, &where, map);
}

static bool has_none(long rc)
{
	return rc == -ENOTTY || rc == -EOPNOTSUPP || rc == -EINVAL;
}

bool free_map_read(struct tool *t, struct anyfs_node *fs, const char *root, struct free_map *map)
{
	int fd = tool_openat(t, root, LKL_O_RDONLY | LKL_O_DIRECTORY);
	long rc;

	memset(map, 0, sizeof(*map));
	if (fd < 0)
		return false;
	rc = strcmp(anyfs_node_fstype(fs), "f2fs") ? list_space(t, fd, map) :
						     free_map_f2fs(t, fs, map);
	if (has_none(rc))
		rc = trim_space(t, fs, root, fd, map);
	lkl_sys_close(fd);
	if (has_none(rc))
		tool_path_error(t, root, "the kernel cannot tell which blocks of this %s are in use",
				anyfs_node_fstype(fs));
	else if (rc < 0)
		tool_errno(t, root, rc);
	return rc >= 0;
}

void free_map_free(struct free_map *map)
{
	free(map->ranges);
}
