// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-resize.c - anyfs resize: let a file system fill its partition, and a partition its disk
 *
 * First a child process grows the partition, because this process must open the image afterwards
 * to read the new table.  Then the kernel grows the mounted file system, or a program grows a copy
 * (volume.h).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "messages.h"
#include "options.h"
#include "output.h"
#include "own-program.h"
#include "parse.h"
#include "part-name.h"
#include "resize.h"
#include "run.h"
#include "verbs.h"

#define TABLE_PROGRAM	"libexec/anyfs/anyfs-table"

/* The program that changes the table, a volume_program_fn; @data is a struct resize. */
static const struct volume_program *table_program(void *data, const char *fstype,
						  unsigned int step)
{
	struct resize *r = data;

	return &r->table;
}

/* Grow the partition.  In a child process, which ends here. */
static void grow_partition(struct resize *r) __attribute__((noreturn));
static void grow_partition(struct resize *r)
{
	struct tool *t = r->v.t;
	struct anyfs_node *disk;
	char *reason;
	int code;

	t->json = false;
	r->v.program = table_program;
	r->v.ends_only = true;
	volume_begin(&r->v, r->image);
	tool_open(t, r->image);
	disk = anyfs_image_node(t->image);
	code = volume_load(&r->v, disk) ? volume_run(&r->v, disk, 0) : -1;
	if (code > 0) {
		reason = volume_reason(&r->v, disk);
		tool_path_error(t, r->path, "partition not resized: %s", reason);
		free(reason);
	} else if (!code) {
		volume_store(&r->v, disk);
	}
	volume_end(&r->v);
	tool_finish(t);
}

/* Run grow_partition() in a child.  False after a message. */
static bool grow_partition_in_child(struct resize *r)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid)
		grow_partition(r);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid > 0 && WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	if (pid < 0)
		tool_error(r->v.t, "cannot start a process: %s", strerror(errno));
	else		/* the child has printed the reason */
		result_failure(r->v.t, r->path, "partition not resized", 0);
	r->v.t->status = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
	return false;
}

/* Set the command line of anyfs-table: IMAGE grow NUMBER SIZE SECTOR-SIZE. */
static void prepare_table(struct resize *r)
{
	struct tool *t = r->v.t;
	unsigned int sector = t->sector_size ? t->sector_size : 512, part;
	const char *end = *r->path == '/' ? part_name_parse(r->path + 1, &part) : NULL;

	if (!end || (*end && *end != '/') || !part)
		tool_usage(t, "%s: --partition needs the path of a partition, such as /p1", r->path);
	snprintf(r->number, sizeof(r->number), "%u", part);
	snprintf(r->sectors, sizeof(r->sectors), "%llu", (unsigned long long)r->size / sector);
	snprintf(r->sector, sizeof(r->sector), "%u", sector);
	r->table = (struct volume_program){
		.name = own_program(t, TABLE_PROGRAM),
		.args = { VOLUME_FILE, "grow", r->number, r->sectors, r->sector },
	};
}

static void resize_volume(struct resize *r)
{
	struct tool *t = r->v.t;
	struct anyfs_node *node;

	r->v.program = resize_program;
	r->v.ends_only = false;
	volume_begin(&r->v, r->image);
	tool_open(t, r->image);
	node = volume_find(t, r->path);
	if (node)
		t->files += resize_file_system(r, node);
	volume_end(&r->v);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "partition", no_argument, NULL, OPT_VERB },
		TOOL_LONG_OPTIONS
	};
	struct resize r = { .v = { .t = t, .data = &r } };
	bool partition = false;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1)
		partition |= c == OPT_VERB;
	tool_need_args(t, argc, 2, 3);
	r.image = argv[optind];
	r.path = argv[optind + 1];
	if (argc - optind == 3 && (!parse_size(argv[optind + 2], &r.size) || !r.size))
		tool_usage(t, "%s: give a size in bytes, or a size such as 10G", argv[optind + 2]);
	if (partition)
		prepare_table(&r);
	if (!partition || grow_partition_in_child(&r))
		resize_volume(&r);
	tool_finish(t);
}

const struct verb verb_resize = {
	.name = "resize",
	.args = "[--partition] [--json] IMAGE PATH [SIZE]",
	.summary = "let a file system fill its partition or disk",
	.operands = "pt",
	.no_shell = true,
	.help = "PATH is the root of a file system, such as /p2.  It grows to SIZE, by default to the\n"
		"size of its partition or volume.  First make the image larger, for example with\n"
		"truncate -s or qemu-img resize.\n\n"
		"  --partition       first grow the partition to SIZE, or by the free space after it\n\n"
		"Example: truncate -s 20G disk.img && anyfs resize --partition disk.img /p2\n\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
