// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-mkdisk.c - anyfs mkdisk: make a disk image, empty or with partitions and file systems
 *
 * No sandbox is needed: only images made here are read.
 */
#include <string.h>
#include "messages.h"
#include "mkdisk.h"
#include "options.h"
#include "parse.h"
#include "verbs.h"

static uint64_t disk_size(struct tool *t, const char *text)
{
	uint64_t size;

	if (!parse_size(text, &size) || !size || size % 512)
		tool_usage(t, "%s: give a multiple of 512 bytes, or a size such as 10G", text);
	return size;
}

enum { OPT_SIZE = OPT_VERB, OPT_TABLE, OPT_PART, OPT_LV, OPT_DISK_ID };

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
	case OPT_LV:
		mkdisk_add_logical(t, disk, optarg);
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
		{ "lv", required_argument, NULL, OPT_LV },
		{ "disk-id", required_argument, NULL, OPT_DISK_ID },
		TOOL_LONG_OPTIONS
	};
	static struct mkdisk disk;
	const char *format;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1)
		take_option(t, &disk, c);
	tool_need_args(t, argc, disk.size ? 1 : 2, disk.size ? 1 : 2);
	disk.image = t->image_path = argv[optind];
	format = mkdisk_format(t, disk.image);
	if (!disk.size)
		disk.size = disk_size(t, argv[optind + 1]);
	check_options(t, &disk);
	mkdisk_lvm_check(t, &disk);
	mkdisk_luks_keys(t, &disk);
	if (!disk.table || (mkdisk_place_parts(t, &disk) && mkdisk_have_programs(t, &disk)))
		mkdisk_make(t, &disk, format);
	return 0;
}

const struct verb verb_mkdisk = {
	.name = "mkdisk",
	.args = "[--format FORMAT] [--table gpt|dos] [--part PART]... [--lv LV]... [--json] IMAGE --size SIZE",
	.summary = "make a disk image, empty or with partitions and file systems",
	.no_mount = true,
	.new_volumes = true,
	.operands = "t",
	.no_shell = true,
	.help = "FORMAT is raw, qcow2, vmdk, vdi, vhd or vhdx; by default the suffix of IMAGE, such as\n"
		"\".qcow2\", decides, else it is raw.  qemu-img makes all but raw.  IMAGE must not exist.\n"
		"IMAGE SIZE may be given without --size.\n"
		"PART is NAME:TYPE:SIZE[:OPTION=VALUE]..., in the order on the disk.  TYPE is a type of\n"
		"anyfs mkfs, or none.  SIZE is in bytes, 256M, 10G, or \"rest\" for all space that the\n"
		"others leave.  For example efi:vfat:256M:label=EFI root:ext4:rest:label=root.  OPTION is\n"
		"label, fs-uuid (of the file system), uuid (of the partition), type (GUID, code or\n"
		"alias), or at the end options (of the program that makes the file system).\n"
		"With the option luks the partition is encrypted (LUKS2); luks=1 makes LUKS1.  anyfs-mkdisk(1)\n"
		"explains luks-uuid, luks-label, luks-sector-size, cipher, key-size, hash, pbkdf,\n"
		"pbkdf-time, pbkdf-iterations, pbkdf-memory and pbkdf-threads.\n"
		"A partition of TYPE lvm with the option vg=VG contains a volume group of LVM2.  LV is\n"
		"VG/NAME:TYPE:SIZE[:OPTION=VALUE]..., with the options label, fs-uuid and options.\n\n"
		"  --size SIZE       size of the disk in bytes, or 10M, 10G\n"
		"  --table TABLE     write a partition table: gpt (the default with --part) or dos\n"
		"  --part PART       make a partition; may be repeated\n"
		"  --lv LV           make a logical volume; may be repeated\n"
		"  --disk-id ID      identifier of the table: a UUID, for dos 0x12345678\n"
		"  --key KEY         key of an encrypted partition: [PATH:]file:FILE, fd:N or env:NAME;\n"
		"                    PATH is /p1 for the first partition; may be repeated\n"
		"  --kdf-memory SIZE memory that key derivation may take (4G)\n"
		"  --kdf-seconds N   time that key derivation may take, by estimate (60)\n"
		"  --no-prompt       never ask for a password on the terminal\n\n"
		"Example: anyfs mkdisk disk.img --size 2G --part efi:vfat:256M \\\n"
		"             --part root:ext4:rest:label=root:luks --key /p2:file:KEYFILE\n"
		"         anyfs mkdisk disk.img --size 8G --part pv:lvm:rest:vg=vg0 \\\n"
		"             --lv vg0/swap:swap:1G --lv vg0/root:ext4:rest:label=root\n\n",
	.has_result = true,
	.has_progress = true,
	.may_write = true,
	.run = run,
};
