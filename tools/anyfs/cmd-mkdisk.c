// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-mkdisk.c - anyfs mkdisk: make an empty disk image
 *
 * A raw image is a sparse file; all other formats are made by qemu-img.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "host-program.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "verbs.h"

/* Names for --format, and the names that qemu-img uses. */
static const struct {
	const char *name, *qemu;
} formats[] = {
	{ "raw", NULL }, { "qcow2", "qcow2" }, { "vmdk", "vmdk" }, { "vdi", "vdi" },
	{ "vhd", "vpc" }, { "vhdx", "vhdx" },
};

#define NR_FORMATS	(sizeof(formats) / sizeof(formats[0]))

static const char *find_format(struct tool *t, const char *name)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(formats[i].name, name))
			return formats[i].qemu;
	tool_usage(t, "--format %s: give raw, qcow2, vmdk, vdi, vhd or vhdx", name);
}

/* Create @path, which must not exist, with @size bytes.  False with the message printed. */
static bool make_file(struct tool *t, const char *path, uint64_t size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	int err = fd < 0 ? errno : 0;

	if (!err && size && (ftruncate(fd, size) || fsync(fd))) {
		err = errno;
		unlink(path);
	}
	if (fd >= 0)
		close(fd);
	if (err)
		tool_error(t, "%s: %s", path, strerror(err));
	return !err;
}

/* "./-name" for "-name": qemu-img must not take it for an option or an address. */
static char *safe_path(struct tool *t, const char *path)
{
	char *safe;

	if (asprintf(&safe, "%s%s", *path == '/' ? "" : "./", path) < 0)
		tool_no_memory(t);
	return safe;
}

static bool run_qemu_img(struct tool *t, const char *path, const char *format, uint64_t size)
{
	static const struct host_program qemu_img = { .name = "qemu-img", .package = "qemu-utils" };
	char bytes[24], *safe = safe_path(t, path);
	const char *exact = !strcmp(format, "vpc") ? "force_size=on" : NULL;
	char *args[] = { NULL, "create", "-q", "-f", (char *)format, safe, bytes,
			 exact ? "-o" : NULL, (char *)exact, NULL };
	bool done;

	snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)size);
	done = host_program_run(t, &qemu_img, args);
	free(safe);
	return done;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	const char *path, *format;
	uint64_t size;

	while (tool_getopt(t, argc, argv, "", options) != -1)
		;
	tool_need_args(t, argc, 2, 2);
	path = argv[optind];
	format = t->format ? find_format(t, t->format) : NULL;
	if (!parse_size(argv[optind + 1], &size) || !size || size % 512)
		tool_usage(t, "%s: give bytes in whole sectors of 512, or as 10G",
			   argv[optind + 1]);
	if (!make_file(t, path, format ? 0 : size))
		return 0;
	if (!format || run_qemu_img(t, path, format, size))
		t->files++;
	else
		unlink(path);
	return 0;
}

const struct verb verb_mkdisk = {
	.name = "mkdisk",
	.args = "[--format FORMAT] [--json] FILE SIZE",
	.summary = "make an empty disk image",
	.no_mount = true,
	.operands = "t",
	.no_shell = true,
	.help = "FORMAT is raw (the default), qcow2, vmdk, vdi, vhd or vhdx; qemu-img makes all\n"
		"but raw.  FILE must not exist.  SIZE is in bytes, or 10M, 10G.\n",
	.has_result = true,
	.run = run,
};
