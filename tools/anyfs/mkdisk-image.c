// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-image.c - the image file of anyfs mkdisk, in any format
 *
 * A raw image is a sparse file.  qemu-img makes all other formats; unless the disk is empty, it
 * converts a temporary raw image.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "host-program.h"
#include "messages.h"
#include "mkdisk.h"
#include "options.h"
#include "signals.h"

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

/* The format that the suffix of @path names, or raw. */
static const char *format_of_suffix(const char *path)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < NR_FORMATS; i++)
		if (!strcasecmp(formats[i].name, dot + 1))
			return formats[i].qemu;
	return NULL;
}

const char *mkdisk_format(struct tool *t, const char *image)
{
	return t->format ? find_format(t, t->format) : format_of_suffix(image);
}

/* Create @path, which must not exist, with @size bytes.  False after a message. */
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
static char *path_for_qemu_img(struct tool *t, const char *path)
{
	char *safe;

	if (asprintf(&safe, "%s%s", *path == '/' ? "" : "./", path) < 0)
		tool_no_memory(t);
	return safe;
}

/* Make an empty image, or one with the content of the raw image @raw, unless that is NULL. */
static bool run_qemu_img(struct tool *t, const struct mkdisk *disk, const char *format,
			 const char *raw)
{
	static const struct host_program qemu_img = { .name = "qemu-img", .package = "qemu-utils" };
	bool exact = !strcmp(format, "vpc"), done;
	char bytes[24], *safe = path_for_qemu_img(t, disk->image);
	char *safe_raw = raw ? path_for_qemu_img(t, raw) : NULL;
	char *args[12] = { NULL };
	size_t nr = 1;

	snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)disk->size);
	args[nr++] = raw ? "convert" : "create";
	args[nr++] = "-q";
	if (raw)
		args[nr++] = "-fraw";
	args[nr++] = raw ? "-O" : "-f";
	args[nr++] = (char *)format;
	if (exact) {
		args[nr++] = "-o";
		args[nr++] = "force_size=on";
	}
	if (raw)
		args[nr++] = safe_raw;
	args[nr++] = safe;
	if (!raw)
		args[nr++] = bytes;
	done = host_program_run(t, &qemu_img, args);
	free(safe);
	free(safe_raw);
	return done;
}

/* Fill a temporary raw image in the directory of the new image, and convert it. */
static bool fill_and_convert(struct tool *t, const struct mkdisk *disk, const char *format)
{
	const struct mkfs_place place = { .image = disk->image, .size = disk->size };
	char *raw;
	int fd = mkfs_temp(t, &place, &raw);
	bool done;

	if (fd < 0)
		return false;
	close(fd);
	done = mkdisk_fill(t, disk, raw) && run_qemu_img(t, disk, format, raw);
	mkfs_remove_temp(raw);
	return done;
}

void mkdisk_make(struct tool *t, const struct mkdisk *disk, const char *format)
{
	bool done;

	tool_catch_signals(t);
	if (!make_file(t, disk->image, format ? 0 : disk->size))
		return;
	timeout_removes(disk->image);
	if (disk->table)
		done = format ? fill_and_convert(t, disk, format) :
				mkdisk_fill(t, disk, disk->image);
	else
		done = !format || run_qemu_img(t, disk, format, NULL);
	if (tool_stopping(t))
		done = false;
	if (!done)
		unlink(disk->image);
	timeout_keeps(disk->image);
	t->files += done;
}
