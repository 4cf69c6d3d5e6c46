// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-extents.c - anyfs extents: print where a file's data is stored
 *
 * The file system reports the extents (FIEMAP).  A physical offset counts bytes from the start
 * of the partition or volume that contains the file system.  Btrfs reports logical addresses,
 * which btrfs-chunks.c maps if there is only one device.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "btrfs-chunks.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "side.h"
#include "signals.h"
#include "verbs.h"
#include <lkl/linux/fiemap.h>
#include <lkl/linux/fs.h>
#include <lkl/linux/magic.h>
#include <lkl/asm/statfs.h>

#define EXTENTS		256		/* that one call returns */

struct extents {
	struct tool *t;
	struct lkl_fiemap *map;
	struct lkl_statx stx;		/* of the current file */
	size_t nr;			/* extents of the current file that were printed */
	bool mapped;			/* addresses are mapped by @chunks */
	struct btrfs_chunks chunks;	/* of the btrfs that has the current file */
	bool noted;			/* that addresses of btrfs are logical */
};

static const struct { uint32_t flag; const char *name; } flags[] = {
	{ LKL_FIEMAP_EXTENT_UNKNOWN, "unknown" },
	{ LKL_FIEMAP_EXTENT_DELALLOC, "delayed" },
	{ LKL_FIEMAP_EXTENT_ENCODED, "encoded" },
	{ LKL_FIEMAP_EXTENT_DATA_ENCRYPTED, "encrypted" },
	{ LKL_FIEMAP_EXTENT_DATA_INLINE, "inline" },
	{ LKL_FIEMAP_EXTENT_DATA_TAIL, "tail" },
	{ LKL_FIEMAP_EXTENT_UNWRITTEN, "unwritten" },
	{ LKL_FIEMAP_EXTENT_SHARED, "shared" },
};

/* Print the names of the flags with @quote around each and @separator between them. */
static void print_flags(uint32_t set, const char *quote, const char *separator)
{
	const char *before = "";

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!(set & flags[i].flag))
			continue;
		printf("%s%s%s%s", before, quote, flags[i].name, quote);
		before = separator;
	}
}

/*
 * Set *@physical to the place of the extent.  Returns the number of bytes of the file that are
 * there, 0 if the place is not known.
 */
static uint64_t find_place(const struct extents *x, const struct lkl_fiemap_extent *e,
			   uint64_t *physical)
{
	uint64_t room;

	*physical = e->fe_physical;
	if (e->fe_flags & LKL_FIEMAP_EXTENT_UNKNOWN)
		return 0;
	/* For data in its metadata, btrfs reports the place 0. */
	if ((e->fe_flags & LKL_FIEMAP_EXTENT_DATA_INLINE) && !e->fe_physical)
		return 0;
	if (!x->mapped || (e->fe_flags & LKL_FIEMAP_EXTENT_DATA_INLINE))
		return e->fe_length;
	room = btrfs_chunks_find(&x->chunks, e->fe_physical, physical);
	/* An encoded extent is stored in one piece, which is shorter than its content. */
	return room && (room > e->fe_length || (e->fe_flags & LKL_FIEMAP_EXTENT_ENCODED)) ?
	       e->fe_length : room;
}

static void print_piece(struct extents *x, const struct lkl_fiemap_extent *e, uint64_t physical,
			bool nowhere)
{
	if (x->t->json) {
		printf("%s{\"offset\": %llu, \"length\": %llu, ", x->nr ? ", " : "",
		       (unsigned long long)e->fe_logical, (unsigned long long)e->fe_length);
		if (!nowhere)
			printf("\"physical\": %llu, ", (unsigned long long)physical);
		fputs("\"flags\": [", stdout);
		print_flags(e->fe_flags, "\"", ", ");
		fputs("]}", stdout);
	} else {
		printf("%llu\t%llu\t", (unsigned long long)e->fe_logical,
		       (unsigned long long)e->fe_length);
		if (nowhere)
			putchar('-');
		else
			printf("%llu", (unsigned long long)physical);
		putchar('\t');
		print_flags(e->fe_flags, "", ",");
		putchar('\n');
	}
	x->nr++;
}

/* Btrfs may report one extent where several chunks have the data: print it in pieces. */
static void print_extent(struct extents *x, const struct lkl_fiemap_extent *given)
{
	struct lkl_fiemap_extent e = *given;

	/* The reported length is that of a block, but only the content is stored. */
	if ((e.fe_flags & LKL_FIEMAP_EXTENT_DATA_INLINE) && e.fe_logical < x->stx.stx_size &&
	    e.fe_length > x->stx.stx_size - e.fe_logical)
		e.fe_length = x->stx.stx_size - e.fe_logical;
	for (uint64_t left = e.fe_length; left; left -= e.fe_length) {
		uint64_t physical, len;

		e.fe_length = left;
		len = find_place(x, &e, &physical);
		e.fe_length = len ? len : left;
		print_piece(x, &e, physical, !len);
		e.fe_logical += e.fe_length;
		e.fe_physical += e.fe_length;
	}
}

/* 0 or -errno. */
static long print_extents(struct extents *x, int fd)
{
	struct lkl_fiemap *map = x->map;
	uint64_t at = 0;

	while (!tool_stopping(x->t)) {
		const struct lkl_fiemap_extent *last;
		long rc;

		*map = (struct lkl_fiemap){
			.fm_start = at, .fm_length = LKL_FIEMAP_MAX_OFFSET - at,
			.fm_extent_count = EXTENTS,
		};
		rc = lkl_sys_ioctl(fd, LKL_FS_IOC_FIEMAP, (unsigned long)map);
		if (rc < 0 || !map->fm_mapped_extents)
			return rc;
		for (uint32_t i = 0; i < map->fm_mapped_extents && i < EXTENTS; i++)
			print_extent(x, &map->fm_extents[i]);
		tool_check_output(x->t);
		last = &map->fm_extents[map->fm_mapped_extents - 1];
		/* A damaged file system may report extents that do not advance. */
		if ((last->fe_flags & LKL_FIEMAP_EXTENT_LAST) ||
		    last->fe_logical + last->fe_length <= at)
			return 0;
		at = last->fe_logical + last->fe_length;
	}
	return 0;
}

static bool is_type(const struct extents *x, unsigned int type)
{
	return (x->stx.stx_mode & LKL_S_IFMT) == type;
}

static bool is_btrfs(int fd)
{
	struct lkl_statfs fs;

	return lkl_sys_fstatfs(fd, &fs) >= 0 && fs.f_type == LKL_BTRFS_SUPER_MAGIC;
}

/* Say that the addresses of the file are logical. */
static void print_logical(struct extents *x, const char *path)
{
	if (x->t->json)
		fputs(", \"addresses\": \"logical\"", stdout);
	else if (!x->noted)
		tool_note(x->t, "note: %s: the places are logical addresses of btrfs, which has several devices",
			  path);
	x->noted = true;
}

/* Read the chunks of a btrfs; if it has several devices, report that addresses are logical. */
static void get_chunks(struct extents *x, int fd, const char *path)
{
	long rc;

	x->mapped = false;
	/* The ioctls fail on files other than regular files and directories. */
	if (!is_btrfs(fd) || (!is_type(x, LKL_S_IFREG) && !is_type(x, LKL_S_IFDIR)))
		return;
	rc = btrfs_chunks_get(fd, &x->chunks);
	x->mapped = rc >= 0;
	if (rc < 0)
		print_logical(x, path);
}

/* Report that FIEMAP failed with -errno @err. */
static void extents_failed(struct extents *x, const char *path, long err)
{
	if (err != -EOPNOTSUPP && err != -ENOTTY)
		tool_errno(x->t, path, err);
	else if (is_type(x, LKL_S_IFREG))
		tool_path_error(x->t, path, "the file system does not report where files are stored");
	else
		tool_path_error(x->t, path, "is a %s, no regular file: the file system does not report where it is stored",
				format_type(x->stx.stx_mode));
}

static void print_file(struct extents *x, const char *path, bool several)
{
	int fd = tool_openat(x->t, path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	long rc;

	if (fd < 0)
		return;
	rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, LKL_STATX_TYPE | LKL_STATX_SIZE, &x->stx);
	if (rc < 0) {
		tool_errno(x->t, path, rc);
		lkl_sys_close(fd);
		return;
	}
	x->nr = 0;
	if (x->t->json) {
		json_separator(x->t);
		json_text("path", path);
	} else if (several) {
		print_name(path);
		puts(":");
	}
	get_chunks(x, fd, path);
	if (x->t->json)
		fputs(", \"extents\": [", stdout);
	rc = print_extents(x, fd);
	if (x->t->json)
		fputs("]}", stdout);
	if (rc < 0)
		extents_failed(x, path, rc);
	btrfs_chunks_free(&x->chunks);
	lkl_sys_close(fd);
}

static int run(struct tool *t, int argc, char **argv)
{
	struct extents x = { .t = t };
	char **paths;
	int nr;

	tool_plain_args(t, argc, argv, 2, 0);
	x.map = tool_alloc(t, sizeof(*x.map) + EXTENTS * sizeof(x.map->fm_extents[0]));
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr && !tool_stopping(t); i++)
		print_file(&x, paths[i], nr > 1);
	paths_free(paths);
	free(x.map);
	return 0;
}

const struct verb verb_extents = {
	.name = "extents",
	.args = "[--json] IMAGE PATH...",
	.summary = "print where the data of files is stored",
	.operands = "p+",
	.help = "Each line is offset in the file, length, offset on the partition or volume that the\n"
		"file system is on, all in bytes, and flags, separated by tabs.  Holes are left out.\n"
		"On a btrfs with several devices the third number is its own logical address.\n\n"
		"Example: anyfs extents disk.img /p2/var/log/syslog\n\n",
	.has_json = true,
	.run = run,
};
