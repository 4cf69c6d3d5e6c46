// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-blocks.c - anyfs blocks: which ranges of a file system are in use, and their bytes
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "free-map.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "node-find.h"
#include "options.h"
#include "output-write.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"

#define BUFFER		(1u << 20)

struct blocks {
	struct tool *t;
	bool allocated, unallocated;	/* the ranges to show */
	bool data;			/* their bytes instead of a list */
	struct anyfs_node *fs;
	const char *root;		/* path of its root */
	char *buf;			/* BUFFER bytes, with @data */
};

static void write_data(struct blocks *b, uint64_t offset, uint64_t len)
{
	while (len && !tool_stopping(b->t)) {
		size_t n = len < BUFFER ? len : BUFFER;
		int rc = anyfs_node_read(b->fs, b->buf, n, offset);

		if (rc < 0) {
			tool_path_error(b->t, b->root, "bytes from %llu on: %s",
					(unsigned long long)offset, anyfs_strerror_last());
			b->t->end_early = true;
			return;
		}
		rc = tool_write(b->t, STDOUT_FILENO, b->buf, n);
		if (rc < 0)
			tool_output_failed(b->t, -rc);
		offset += n;
		len -= n;
	}
}

static void show(struct blocks *b, uint64_t offset, uint64_t len, bool allocated)
{
	const char *state = allocated ? "allocated" : "unallocated";

	if (!len || !(allocated ? b->allocated : b->unallocated))
		return;
	if (b->data) {
		write_data(b, offset, len);
		return;
	}
	if (b->t->json) {
		json_separator(b->t);
		printf("\"offset\": %llu, \"length\": %llu, \"state\": \"%s\"}",
		       (unsigned long long)offset, (unsigned long long)len, state);
	} else {
		printf("%llu\t%llu\t%s\n", (unsigned long long)offset, (unsigned long long)len,
		       state);
	}
	tool_check_output(b->t);
}

static void show_all(struct blocks *b, const struct free_map *map)
{
	uint64_t pos = 0;

	for (size_t i = 0; i < map->nr && !tool_stopping(b->t); i++) {
		const struct anyfs_range *r = &map->ranges[i];

		show(b, pos, r->offset - pos, true);
		show(b, r->offset, r->len, false);
		pos = r->offset + r->len;
	}
	if (pos < map->size)
		show(b, pos, map->size - pos, true);
}

/* Whether @path exists; false after a message. */
static bool check_exists(struct tool *t, const char *path)
{
	int fd = tool_openat(t, path, LKL_O_PATH);

	if (fd >= 0)
		lkl_sys_close(fd);
	return fd >= 0;
}

/* Cut @path down to the root of its file system; set b->root and b->fs.  False after a message. */
static bool find_fs(struct blocks *b, char *path)
{
	struct tool *t = b->t;
	const char *rest = path;
	int rc;

	if (tool_refuses_root(t, path))
		return false;
	rc = anyfs_image_split_path(t->image, path, &rest);
	if (rc < 0)
		tool_open_failed(t, path, rc);
	else if (rc)
		tool_path_error(t, path, "is no file system; give the path of one");
	if (rc || (rest[strspn(rest, "/")] && !check_exists(t, path)))
		return false;
	path[rest - path] = '\0';
	while (rest > path && *--rest == '/')
		path[rest - path] = '\0';
	b->root = *path ? path : "/";
	b->fs = node_find_filesystem(anyfs_image_node(t->image), b->root);
	if (!b->fs)
		tool_path_error(t, b->root, "is no file system");
	return b->fs;
}

enum { OPT_ALLOCATED = OPT_VERB, OPT_UNALLOCATED, OPT_DATA };

static void parse_options(struct blocks *b, int argc, char **argv)
{
	static const struct option options[] = {
		{ "allocated", no_argument, NULL, OPT_ALLOCATED },
		{ "data", no_argument, NULL, OPT_DATA },
		{ "unallocated", no_argument, NULL, OPT_UNALLOCATED },
		TOOL_LONG_OPTIONS
	};
	int c;

	while ((c = tool_getopt(b->t, argc, argv, "", options)) != -1) {
		b->allocated |= c == OPT_ALLOCATED;
		b->unallocated |= c == OPT_UNALLOCATED;
		b->data |= c == OPT_DATA;
	}
	tool_need_args(b->t, argc, 1, 2);
	if (b->data && b->t->json)
		tool_usage(b->t, "--data and --json are two forms of output: give one");
	if (b->data && b->allocated == b->unallocated)
		tool_usage(b->t, "--data needs --unallocated or --allocated");
	if (!b->allocated && !b->unallocated)
		b->allocated = b->unallocated = true;
}

static int run(struct tool *t, int argc, char **argv)
{
	struct blocks b = { .t = t };
	struct free_map map;
	char *path;

	parse_options(&b, argc, argv);
	b.buf = b.data ? tool_alloc(t, BUFFER) : NULL;
	tool_open(t, argv[optind]);
	path = tool_expand_one(t, argc - optind > 1 ? argv[optind + 1] : "/");
	if (path && find_fs(&b, path) && free_map_read(t, b.fs, b.root, &map)) {
		show_all(&b, &map);
		free_map_free(&map);
	}
	free(b.buf);
	free(path);
	return 0;
}

const struct verb verb_blocks = {
	.name = "blocks",
	.args = "[--unallocated | --allocated] [--data] IMAGE [PATH]",
	.summary = "list the ranges that a file system does or does not use",
	.operands = "p",
	.help = "PATH is in the file system, which must be that of a partition unless it is ext4 or xfs.\n"
		"Each line is offset and length on the partition or volume, in bytes, and \"allocated\"\n"
		"or \"unallocated\", by the file system's own map.\n\n"
		"  --unallocated     only ranges that are not in use\n"
		"  --allocated       only ranges that are in use\n"
		"  --data            print the bytes of the ranges, one after the other\n\n"
		"Example: anyfs blocks --unallocated --data disk.img /p2 >free\n\n",
	.has_json = true,
	.no_shell = true,
	.keeps_discards = true,
	.run = run,
};
