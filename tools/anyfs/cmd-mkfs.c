// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-mkfs.c - anyfs mkfs: make a file system in an image or partition
 *
 * The file system's own mkfs program writes it, without the library's kernel.  A sandboxed
 * child process reads the image to find the partition and the content that would be lost;
 * this process never reads the image.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "messages.h"
#include "mkfs.h"
#include "options.h"
#include "output.h"
#include "parse.h"
#include "part-name.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"

/* The result that the child writes to the pipe. */
struct answer {
	uint64_t start, size;
	char content[64];		/* existing content: "ext4", "a gpt partition table", "" */
	bool found;
};

static const struct verb verb_probe = { .name = "mkfs" };

static void find_content(struct tool *t, int part, struct answer *a)
{
	int disk = anyfs_image_disk(t->image);
	AnyfsPart *parts;
	char table[32];
	int nr = anyfs_disk_table(disk, table, sizeof(table));

	if (nr >= 0)
		nr = anyfs_disk_parts(disk, &parts);
	if (nr < 0) {
		tool_error(t, "%s", anyfs_strerror_last());
		tool_finish(t);
	}
	for (int i = 0; i < nr && !a->found; i++) {
		a->found = part < 0 || (int)parts[i].number == part;
		a->start = parts[i].start;
		a->size = parts[i].size;
		snprintf(a->content, sizeof(a->content), "%s", parts[i].fstype);
	}
	if (part < 0) {
		a->start = 0;
		a->size = anyfs_disk_size(disk);
		if (*table)
			snprintf(a->content, sizeof(a->content), "a %s partition table", table);
	}
}

/* The file system would replace the format's own structures in the file. */
static void refuse_format(struct tool *t, const struct mkfs_place *place)
{
	char format[64];

	if (anyfs_disk_format(anyfs_image_disk(t->image), format, sizeof(format)) < 0 ||
	    !strcmp(format, "raw"))
		return;
	tool_error(t, "%s: is a %s image, and mkfs writes to raw images only; make a new image with mkdisk, or overwrite the file with --format raw",
		   place->given, format);
	tool_finish(t);
}

/* Runs in the child, and never returns. */
static void find_content_in_child(struct tool *t, const struct mkfs_place *place, int to)
{
	struct answer a = { 0 };

	t->verb = &verb_probe;
	t->json = false;
	tool_open(t, place->image);
	refuse_format(t, place);
	find_content(t, place->part, &a);
	if (write(to, &a, sizeof(a)) != sizeof(a))
		tool_error(t, "%s: %s", place->image, strerror(errno));
	tool_finish(t);
}

/* Let a child find the place and its content.  False after a message. */
static bool probe_in_child(struct tool *t, const struct mkfs_place *place, struct answer *a)
{
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC)) {
		tool_error(t, "%s: %s", place->image, strerror(errno));
		return false;
	}
	fflush(NULL);
	pid = fork();
	if (!pid)
		find_content_in_child(t, place, fds[1]);
	close(fds[1]);
	n = TEMP_FAILURE_RETRY(read(fds[0], a, sizeof(*a)));
	close(fds[0]);
	if (pid < 0 || TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) < 0 || !WIFEXITED(status)) {
		tool_error(t, "%s: cannot find out its content", place->given);
		return false;
	}
	if (status || n != sizeof(*a)) {
		/* The child has printed the reason. */
		result_failure(t, place->given, "cannot find out its content", 0);
		t->status = EXIT_FAILED;
		return false;
	}
	a->content[sizeof(a->content) - 1] = '\0';
	return true;
}

/*
 * Split "disk.img/p2": returns the partition's number and sets *@image, to be freed.
 * Returns -1 if @given names a whole image.
 */
static int split_part(struct tool *t, const char *given, char **image)
{
	const char *slash = strrchr(given, '/');
	const char *end;
	unsigned int part;

	*image = tool_strdup(t, given);
	if (!access(given, F_OK) || !slash)
		return -1;
	end = part_name_parse(slash + 1, &part);
	if (!end || *end || !part || part > 255)
		return -1;
	(*image)[slash - given] = '\0';
	return part;
}

static bool is_encrypted(const char *content)
{
	return !strcmp(content, "crypto_LUKS") || !strcmp(content, "BitLocker") ||
	       !strcmp(content, "cs_fvault2");
}

/* @content would be lost. */
static void refuse_content(struct tool *t, const char *given, const char *content)
{
	if (is_encrypted(content))
		tool_error(t, "%s: contains an encrypted volume (%s), and mkfs cannot make a file system inside it; open the volume on a Linux host (cryptsetup open) and run mkfs on the opened device, or use --force to destroy the volume",
			   given, content);
	else
		tool_error(t, "%s: contains %s, which would be lost; use --force to overwrite it%s",
			   given, content,
			   strstr(content, "table") ? ", or name a partition: IMAGE/p1" : "");
}

static bool may_overwrite(struct tool *t, struct mkfs_place *place, bool force)
{
	struct answer a;

	if (!probe_in_child(t, place, &a))
		return false;
	if (!a.found) {
		tool_error(t, "%s: no such partition", place->given);
		return false;
	}
	if (*a.content && !force) {
		refuse_content(t, place->given, a.content);
		return false;
	}
	place->start = t->offset + a.start;
	place->size = place->part < 0 ? t->size : a.size;
	return true;
}

static void make_in_place(struct tool *t, struct mkfs_place *place, const struct mkfs_job *job)
{
	char *path;
	int temp;

	tool_catch_signals(t);
	if (!mkfs_lock(t, place))
		return;
	/* mkfs writes to a whole device itself, since it can use the device's properties. */
	if (mkfs_is_whole_device(place)) {
		t->files += mkfs_run(t, job, place->image);
		return;
	}
	temp = mkfs_temp(t, place, &path);
	if (temp < 0)
		return;
	if (mkfs_run(t, job, path))
		t->files += mkfs_fill(t, place, temp);
	mkfs_remove_temp(path);
	close(temp);
}

static void make_new(struct tool *t, const struct mkfs_place *place, uint64_t size,
		     const struct mkfs_job *job)
{
	bool done;
	int fd;

	tool_catch_signals(t);
	fd = open(place->image, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		tool_error(t, "%s: %s%s", place->image, strerror(errno), errno == EEXIST ?
			   "; --size creates a new image, leave it out for an existing one" : "");
		return;
	}
	timeout_removes(place->image);
	done = !ftruncate(fd, size);
	if (!done)
		tool_error(t, "%s: %s", place->image, strerror(errno));
	done = done && mkfs_run(t, job, place->image);
	if (done && fsync(fd)) {
		tool_error(t, "%s: %s", place->image, strerror(errno));
		done = false;
	}
	close(fd);
	if (!done)
		unlink(place->image);
	timeout_keeps(place->image);
	t->files += done;
}

enum { OPT_SIZE = OPT_VERB, OPT_FORCE };

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "size", required_argument, NULL, OPT_SIZE },
		{ "force", no_argument, NULL, OPT_FORCE },
		TOOL_LONG_OPTIONS
	};
	struct mkfs_place place = { .part = -1, .fd = -1 };
	struct mkfs_job job = { 0 };
	uint64_t size = 0;
	bool force = false;
	struct stat st;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1) {
		force |= c == OPT_FORCE;
		if (c == OPT_SIZE && (!parse_size(optarg, &size) || !size || size % 512))
			tool_usage(t, "--size %s: give a multiple of 512 bytes, or a size such as 10G", optarg);
	}
	/* With --offset, --size is the size of the file system; no image is created. */
	if (t->offset) {
		t->size = size;
		size = 0;
	}
	tool_need_args(t, argc, 2, 0);
	place.given = place.image = argv[optind];
	job.tool = mkfs_find(t, argv[optind + 1]);
	if (!job.tool)
		return 0;
	job.options = argv + optind + 2;
	if (size) {
		make_new(t, &place, size, &job);
		return 0;
	}
	place.part = split_part(t, argv[optind], (char **)&place.image);
	place.is_device = !stat(place.image, &st) && S_ISBLK(st.st_mode);
	if (access(place.image, F_OK))
		tool_error(t, "%s: %s; --size creates a new image", place.image, strerror(errno));
	else if (may_overwrite(t, &place, force))
		make_in_place(t, &place, &job);
	return 0;
}

const struct verb verb_mkfs = {
	.name = "mkfs",
	.args = "[--size SIZE] [--force] [--json] IMAGE[/pN] TYPE [-- OPTIONS]",
	.summary = "make a file system in an image or partition",
	.unknown_option = "; options of the program that makes the file system go after --",
	.no_mount = true,
	.operands = "t",
	.no_shell = true,
	.help = "The file system's own mkfs program makes it; OPTIONS after -- are passed to it.\n\n"
		"  --size SIZE       create the image with this size in bytes, or 10M, 10G; with\n"
		"                    --offset, the size of the file system\n"
		"  --force           overwrite existing content\n",
	.has_result = true,
	.may_write = true,
	.run = run,
};
