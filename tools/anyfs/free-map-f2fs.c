// SPDX-License-Identifier: GPL-2.0
/*
 * free-map-f2fs.c - the blocks that an f2fs does not use
 *
 * f2fs remembers what it has discarded and does not discard it again, so FITRIM does not help.  The
 * kernel prints a bit for each block in /proc/fs/f2fs/DEVICE/segment_bits: lines of the form
 * "NUMBER TYPE|VALID|  hex hex ...", after a header of two lines.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "dirlist.h"
#include "free-map.h"
#include "messages.h"

#define SUPER_OFFSET	1024
#define SUPER_BYTES	96
#define SEGMENTS	"/proc/fs/f2fs"
#define MAP_BYTES	64		/* of a segment: a bit for each block */

/* Offsets in the superblock. */
enum { LOG_BLOCKSIZE = 16, LOG_BLOCKS_PER_SEG = 20, BLOCK_COUNT = 36, MAIN_BLKADDR = 92 };

/* Open segment_bits of the only f2fs that is mounted. */
static long open_bits(void)
{
	long dir = lkl_sys_open(SEGMENTS, LKL_O_RDONLY | LKL_O_DIRECTORY, 0), fd = -ENOENT;
	struct dirlist list;
	char path[512];
	int rc = dir < 0 ? dir : dirlist_read(&side_image, dir, ORDER_NAME, &list);

	if (dir >= 0)
		lkl_sys_close(dir);
	if (rc < 0)
		return rc;
	if (list.nr) {
		snprintf(path, sizeof(path), SEGMENTS "/%s/segment_bits", list.entries[0].name);
		fd = lkl_sys_open(path, LKL_O_RDONLY, 0);
	}
	dirlist_free(&list);
	return fd;
}

/* The content of segment_bits, to be freed; NULL on failure, with -errno in *@err. */
static char *read_bits(struct tool *t, long *err)
{
	size_t len = 0, room = 1u << 16;
	long fd = open_bits(), n = fd;
	char *text = tool_alloc(t, room + 1);

	while (fd >= 0 && (n = lkl_sys_read(fd, text + len, room - len)) > 0) {
		len += n;
		if (len < room)
			continue;
		room *= 2;
		text = realloc(text, room + 1);
		if (!text)
			tool_no_memory(t);
	}
	if (fd >= 0)
		lkl_sys_close(fd);
	text[len] = '\0';
	*err = n;
	if (n >= 0)
		return text;
	free(text);
	return NULL;
}

/* Add the free blocks of the segment at block @block; the highest bit of a byte comes first. */
static const char *take_segment(struct tool *t, struct free_map *map, const char *line,
				uint64_t block, uint32_t size, uint32_t nr)
{
	for (uint32_t i = 0; i < nr / 8; i++) {
		char *end;
		unsigned long bits = strtoul(line, &end, 16);

		if (end == line)
			return NULL;
		line = end;
		for (uint32_t j = 0; j < 8; j++)
			if (!(bits & (0x80 >> j)))
				free_map_add(t, map, (block + i * 8 + j) * size, size);
	}
	return line;
}

static long take_segments(struct tool *t, struct free_map *map, const char *text,
			  const uint8_t *super)
{
	uint32_t size = 1u << (get_le32(super + LOG_BLOCKSIZE) & 31);
	uint32_t nr = 1u << (get_le32(super + LOG_BLOCKS_PER_SEG) & 31);
	uint64_t main_area = get_le32(super + MAIN_BLKADDR), segment = 0;

	if (nr != MAP_BYTES * 8)
		return -EOPNOTSUPP;
	map->size = get_le64(super + BLOCK_COUNT) * size;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *bits;

		line += *line == '\n';
		bits = *line >= '0' && *line <= '9' ? strchr(line, '|') : NULL;
		bits = bits ? strchr(bits + 1, '|') : NULL;
		if (!bits)
			continue;
		line = take_segment(t, map, bits + 1, main_area + segment++ * nr, size, nr);
		if (!line)
			return -EIO;
	}
	return segment ? 0 : -EOPNOTSUPP;
}

long free_map_f2fs(struct tool *t, struct anyfs_node *fs, struct free_map *map)
{
	uint8_t super[SUPER_BYTES];
	long rc = lkl_mount_fs("proc");
	char *text;

	if (rc >= 0)
		rc = anyfs_node_read(fs, super, sizeof(super), SUPER_OFFSET);
	text = rc < 0 ? NULL : read_bits(t, &rc);
	if (text)
		rc = take_segments(t, map, text, super);
	free(text);
	return rc;
}
