// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-mkdisk.c - anyfs mkdisk: make a disk image, empty or with partitions and file systems
 *
 * A raw image is a sparse file.  qemu-img makes all other formats; unless the disk is empty, it
 * converts a temporary raw image.  No sandbox is needed: only images made here are read.
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
#include "output.h"
#include "parse.h"
#include "signals.h"
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

/* The format that the suffix of @path names, or raw. */
static const char *format_of_suffix(const char *path)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < NR_FORMATS; i++)
		if (!strcasecmp(formats[i].name, dot + 1))
			return formats[i].qemu;
	return NULL;
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

static bool make_file_system(struct tool *t, const struct mkdisk *disk, const char *raw,
			     unsigned int nr)
{
	const struct mkdisk_part *part = &disk->parts[nr];
	struct mkfs_job job = part->job;
	struct mkfs_place place = {
		.image = raw, .part = nr + 1, .start = part->start, .size = part->size,
		.is_new = true,
	};
	char *path, *about;
	bool done = false;
	int temp;

	if (asprintf(&about, "%s: partition %s", disk->image, part->name) < 0)
		tool_no_memory(t);
	place.given = job.about = about;
	job.seed = part->name;
	job.quiet = true;
	temp = mkfs_lock(t, &place) ? mkfs_temp(t, &place, &path) : -1;
	if (temp >= 0) {
		done = mkfs_run(t, &job, path) && mkfs_fill(t, &place, temp);
		unlink(path);
		close(temp);
		free(path);
	}
	if (place.fd >= 0)
		close(place.fd);
	free(about);
	return done;
}

/* Write the table and the file systems into the raw image @raw. */
static bool fill_raw(struct tool *t, const struct mkdisk *disk, const char *raw)
{
	bool done = mkdisk_write_table(t, disk, raw);

	for (unsigned int i = 0; done && i < disk->nr_parts; i++)
		if (disk->parts[i].job.tool)
			done = !tool_stopping(t) && make_file_system(t, disk, raw, i);
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
	done = fill_raw(t, disk, raw) && run_qemu_img(t, disk, format, raw);
	unlink(raw);
	free(raw);
	return done;
}

/* Whether all programs that will be needed are installed. */
static bool have_programs(struct tool *t, const struct mkdisk *disk)
{
	for (unsigned int i = 0; i < disk->nr_parts; i++)
		if (disk->parts[i].job.tool && !mkfs_exists(t, disk->parts[i].job.tool))
			return false;
	return true;
}

static void make(struct tool *t, const struct mkdisk *disk, const char *format)
{
	bool done;

	tool_catch_signals(t);
	if (!make_file(t, disk->image, format ? 0 : disk->size))
		return;
	if (disk->table)
		done = format ? fill_and_convert(t, disk, format) : fill_raw(t, disk, disk->image);
	else
		done = !format || run_qemu_img(t, disk, format, NULL);
	if (tool_stopping(t))
		done = false;
	if (!done)
		unlink(disk->image);
	t->files += done;
}

static uint64_t disk_size(struct tool *t, const char *text)
{
	uint64_t size;

	if (!parse_size(text, &size) || !size || size % 512)
		tool_usage(t, "%s: give a multiple of 512 bytes, or a size such as 10G", text);
	return size;
}

enum { OPT_SIZE = OPT_VERB, OPT_TABLE, OPT_PART, OPT_DISK_ID };

static void take_option(struct tool *t, struct mkdisk *disk, int c)
{
	switch (c) {
	case OPT_SIZE:
		disk->size = disk_size(t, optarg);
		break;
	case OPT_TABLE:
		if (strcmp(optarg, "gpt") && strcmp(optarg, "dos"))
			tool_usage(t, "--table %s: give gpt or dos", optarg);
		disk->table = optarg;
		break;
	case OPT_PART:
		mkdisk_add_part(t, disk, optarg);
		break;
	case OPT_DISK_ID:
		disk->id = optarg;
		break;
	}
}

/* Whether @text is an identifier like "0x12345678". */
static bool is_dos_id(const char *text)
{
	size_t digits = strncmp(text, "0x", 2) ? 0 : strspn(text + 2, "0123456789abcdefABCDEF");

	return digits >= 1 && digits <= 8 && !text[2 + digits];
}

static void check_id(struct tool *t, const struct mkdisk *disk)
{
	if (!disk->table)
		tool_usage(t, "--disk-id needs --table");
	if (!strcmp(disk->table, "gpt") ? !mkdisk_is_uuid(disk->id) : !is_dos_id(disk->id))
		tool_usage(t, "--disk-id %s: give %s", disk->id, !strcmp(disk->table, "gpt") ?
			   "a UUID" : "up to 8 hexadecimal digits after 0x");
}

static void check_options(struct tool *t, struct mkdisk *disk)
{
	if (t->offset || t->sector_size)
		tool_usage(t, "mkdisk makes whole disks with sectors of 512 bytes: %s cannot be given",
			   t->offset ? "--offset" : "--sector-size");
	if (disk->nr_parts && !disk->table)
		disk->table = "gpt";
	if (disk->id)
		check_id(t, disk);
	for (unsigned int i = 0; i < disk->nr_parts; i++)
		if (disk->parts[i].uuid && strcmp(disk->table, "gpt"))
			tool_usage(t, "--part %s: uuid needs --table gpt; fs-uuid is that of the file system",
				   disk->parts[i].name);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "size", required_argument, NULL, OPT_SIZE },
		{ "table", required_argument, NULL, OPT_TABLE },
		{ "part", required_argument, NULL, OPT_PART },
		{ "disk-id", required_argument, NULL, OPT_DISK_ID },
		TOOL_LONG_OPTIONS
	};
	static struct mkdisk disk;
	const char *format;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1)
		take_option(t, &disk, c);
	tool_need_args(t, argc, disk.size ? 1 : 2, disk.size ? 1 : 2);
	disk.image = argv[optind];
	format = t->format ? find_format(t, t->format) : format_of_suffix(disk.image);
	if (!disk.size)
		disk.size = disk_size(t, argv[optind + 1]);
	check_options(t, &disk);
	if (!disk.table || (mkdisk_place_parts(t, &disk) && have_programs(t, &disk)))
		make(t, &disk, format);
	return 0;
}

const struct verb verb_mkdisk = {
	.name = "mkdisk",
	.args = "[--format FORMAT] [--table gpt|dos] [--part PART]... [--json] IMAGE --size SIZE",
	.summary = "make a disk image, empty or with partitions and file systems",
	.no_mount = true,
	.operands = "t",
	.no_shell = true,
	.help = "FORMAT is raw, qcow2, vmdk, vdi, vhd or vhdx; by default the suffix of IMAGE, such as\n"
		"\".qcow2\", decides, else it is raw.  qemu-img makes all but raw.  IMAGE must not exist.\n"
		"IMAGE SIZE may be given without --size.\n"
		"PART is NAME:TYPE:SIZE[:OPTION=VALUE]..., in the order on the disk.  TYPE is a type of\n"
		"anyfs mkfs, or none.  SIZE is in bytes, 256M, 10G, or \"rest\" for all space that the\n"
		"others leave.  For example efi:vfat:256M:label=EFI root:ext4:rest:label=root.  OPTION is\n"
		"label, fs-uuid (of the file system), uuid (of the partition), type (GUID, code or\n"
		"alias), or at the end options (of the program that makes the file system).\n\n"
		"  --size SIZE       size of the disk in bytes, or 10M, 10G\n"
		"  --table TABLE     write a partition table: gpt (the default with --part) or dos\n"
		"  --part PART       make a partition; may be repeated\n"
		"  --disk-id ID      identifier of the table: a UUID, for dos 0x12345678\n",
	.has_result = true,
	.has_progress = true,
	.may_write = true,
	.run = run,
};
