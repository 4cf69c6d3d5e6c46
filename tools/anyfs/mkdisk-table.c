// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-table.c - the partition table of anyfs mkdisk
 *
 * The separate program anyfs-table writes it, because linking libfdisk would make every start
 * of anyfs slower.
 */
#include <stdlib.h>
#include <string.h>
#include "host-program.h"
#include "messages.h"
#include "mkdisk.h"
#include "own-program.h"

#define TABLE_PROGRAM	"libexec/anyfs/anyfs-table"
#define SECTOR		512u
#define FIELDS		5		/* arguments of anyfs-table for each partition */

#define GPT_LINUX	"0FC63DAF-8483-4772-8E79-3D69D8477DE4"
#define GPT_MICROSOFT	"EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
#define GPT_ESP		"C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
#define GPT_LUKS	"CA7D7CCB-63ED-4C53-861C-1742536059CC"
#define GPT_APPLE	"48465300-0000-11AA-AA11-00306543ECAC"

/* Partition types by file system; all others have the types of Linux. */
static const struct {
	const char *fs, *gpt, *dos;
} by_fs[] = {
	{ "swap", "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F", "82" },
	{ "fat32", GPT_MICROSOFT, "c" }, { "vfat", GPT_MICROSOFT, "c" },
	{ "msdos", GPT_MICROSOFT, "e" }, { "exfat", GPT_MICROSOFT, "7" },
	{ "ntfs", GPT_MICROSOFT, "7" }, { "udf", GPT_MICROSOFT, "7" },
	{ "lvm", "E6D6D379-F507-44C2-A23C-238F2A3DF928", "8e" },
	{ "hfs", GPT_APPLE, "af" }, { "hfsplus", GPT_APPLE, "af" },
};

/* Types of the Discoverable Partitions Specification, by the name of the partition. */
static const struct {
	const char *name, *gpt;
} by_name[] = {
	{ "root", "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709" },	/* x86-64 */
	{ "usr", "8484680C-9521-48C6-9C11-B0720656F69E" },	/* x86-64 */
	{ "home", "933AC7E1-2EB4-4F13-B844-0E14E2AEF915" },
	{ "srv", "3B8F8425-20E0-4F3B-907F-1A25A76F98E8" },
	{ "var", "4D21B016-B534-45C2-A9FB-5C16E091FD2D" },
	{ "tmp", "7EC6F557-3BC5-4ACA-B293-16EF5DF639D1" },
	{ "boot", "BC13C2FF-59E6-4262-A352-B275FD6F7172" },	/* extended boot loader partition */
	{ "bios", "21686148-6449-6E6F-744E-656564454649" },	/* GRUB without UEFI */
};

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

/* Whether the partition is the EFI system partition, from which the firmware boots. */
static bool is_esp(const struct mkdisk_part *part)
{
	return (!strcmp(part->name, "efi") || !strcmp(part->name, "esp")) &&
	       (!strcmp(part->fs, "vfat") || !strcmp(part->fs, "fat32") ||
		!strcmp(part->fs, "msdos"));
}

static const char *type_of(const struct mkdisk_part *part, bool gpt)
{
	bool encrypted = part->luks.version;

	if (part->type)
		return part->type;
	if (!encrypted && is_esp(part))
		return gpt ? GPT_ESP : "ef";
	for (size_t i = 0; !encrypted && i < LENGTH(by_fs); i++)
		if (!strcmp(by_fs[i].fs, part->fs))
			return gpt ? by_fs[i].gpt : by_fs[i].dos;
	for (size_t i = 0; gpt && i < LENGTH(by_name); i++)
		if (!strcmp(by_name[i].name, part->name))
			return by_name[i].gpt;
	if (encrypted)
		return gpt ? GPT_LUKS : "e8";
	return gpt ? GPT_LINUX : "83";
}

static char *number_text(struct tool *t, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	return tool_strdup(t, text);
}

bool mkdisk_write_table(struct tool *t, const struct mkdisk *disk, const char *path)
{
	char *program_path = own_program(t, TABLE_PROGRAM);
	const struct host_program program = {
		.name = program_path, .about = disk->image, .seed = "table",
	};
	char **args = calloc(4 + disk->nr_parts * FIELDS + 1, sizeof(*args));
	bool gpt = !strcmp(disk->table, "gpt"), done;
	size_t nr = 1;

	if (!args)
		tool_no_memory(t);
	args[nr++] = (char *)path;
	args[nr++] = (char *)disk->table;
	args[nr++] = (char *)(disk->id ? disk->id : "");
	for (unsigned int i = 0; i < disk->nr_parts; i++) {
		const struct mkdisk_part *part = &disk->parts[i];

		args[nr++] = number_text(t, part->start / SECTOR);
		args[nr++] = number_text(t, part->size / SECTOR);
		args[nr++] = (char *)type_of(part, gpt);
		args[nr++] = (char *)part->name;
		args[nr++] = (char *)(part->uuid ? part->uuid : "");
	}
	done = host_program_run(t, &program, args);
	for (size_t i = 4; i < nr; i += FIELDS) {
		free(args[i]);
		free(args[i + 1]);
	}
	free(args);
	free(program_path);
	return done;
}
