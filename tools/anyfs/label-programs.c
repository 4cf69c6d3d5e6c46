// SPDX-License-Identifier: GPL-2.0
/*
 * label-programs.c - the programs that set labels and UUIDs
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "label.h"

#define VALUE	"\2"			/* argument: the label or UUID */

/* Labels that the kernel sets on a mounted file system: FS_IOC_SETFSLABEL. */
static const struct {
	const char *type;
	size_t max;
} kernel_labels[] = {
	{ "ext2", 16 }, { "ext3", 16 }, { "ext4", 16 }, { "xfs", 12 }, { "btrfs", 255 },
	{ "f2fs", 255 }, { "nilfs2", 80 },
};

static const struct {
	const char *type;
	struct volume_program program;
} labels[] = {
	{ "vfat", { "fatlabel", "dosfstools", { VOLUME_FILE, VALUE } } },
	{ "exfat", { "exfatlabel", "exfatprogs", { VOLUME_FILE, VALUE } } },
	{ "ntfs", { "ntfslabel", "ntfs-3g", { VOLUME_FILE, VALUE } } },
	{ "swap", { "swaplabel", "util-linux", { "-L", VALUE, VOLUME_FILE } } },
	{ "jfs", { "jfs_tune", "jfsutils", { "-L", VALUE, VOLUME_FILE } } },
	{ "reiserfs", { "reiserfstune", "reiserfsprogs", { "-l", VALUE, VOLUME_FILE } } },
	{ "udf", { "udflabel", "udftools", { "--utf8", VOLUME_FILE, VALUE } } },
	{ "ocfs2", { "tunefs.ocfs2", "ocfs2-tools", { "-y", "-L", VALUE, VOLUME_FILE } } },
};

static const struct {
	const char *type;
	unsigned int digits;		/* UUID_DIGITS: with dashes, as 8-4-4-4-12 digits */
	const char *prefix;		/* before the UUID in its argument */
	struct volume_program program;
} uuids[] = {
	{ "ext2", UUID_DIGITS, "", { "tune2fs", "e2fsprogs", { "-U", VALUE, VOLUME_FILE } } },
	{ "ext3", UUID_DIGITS, "", { "tune2fs", "e2fsprogs", { "-U", VALUE, VOLUME_FILE } } },
	{ "ext4", UUID_DIGITS, "", { "tune2fs", "e2fsprogs", { "-U", VALUE, VOLUME_FILE } } },
	{ "xfs", UUID_DIGITS, "", { "xfs_admin", "xfsprogs", { "-U", VALUE, VOLUME_FILE } } },
	{ "btrfs", UUID_DIGITS, "",
	  { "btrfstune", "btrfs-progs", { "-f", "-U", VALUE, VOLUME_FILE } } },
	{ "vfat", 8, "", { "fatlabel", "dosfstools", { "-i", VOLUME_FILE, VALUE } } },
	{ "exfat", 8, "0x", { "exfatlabel", "exfatprogs", { "-i", VOLUME_FILE, VALUE } } },
	{ "ntfs", 16, "--new-serial=", { "ntfslabel", "ntfs-3g", { VALUE, VOLUME_FILE } } },
	{ "swap", UUID_DIGITS, "", { "swaplabel", "util-linux", { "-U", VALUE, VOLUME_FILE } } },
	{ "jfs", UUID_DIGITS, "", { "jfs_tune", "jfsutils", { "-U", VALUE, VOLUME_FILE } } },
	{ "reiserfs", UUID_DIGITS, "",
	  { "reiserfstune", "reiserfsprogs", { "-u", VALUE, VOLUME_FILE } } },
	{ "udf", 16, "--uuid=", { "udflabel", "udftools", { VALUE, VOLUME_FILE } } },
	{ "gfs2", UUID_DIGITS, "", { "tunegfs2", "gfs2-utils", { "-U", VALUE, VOLUME_FILE } } },
};

/* tune2fs sets the UUID only if the file system was checked since it was last mounted. */
static const struct volume_program check_ext = {
	"e2fsck", "e2fsprogs", { "-f", "-p", VOLUME_FILE }
};

/* fatlabel refuses an empty label. */
static const struct volume_program remove_fat = {
	"fatlabel", "dosfstools", { "-r", VOLUME_FILE }
};

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

size_t label_kernel_max(const char *fstype)
{
	for (size_t i = 0; i < LENGTH(kernel_labels); i++)
		if (!strcmp(kernel_labels[i].type, fstype))
			return kernel_labels[i].max;
	return 0;
}

unsigned int label_uuid_digits(const char *fstype)
{
	for (size_t i = 0; i < LENGTH(uuids); i++)
		if (!strcmp(uuids[i].type, fstype))
			return uuids[i].digits;
	return 0;
}

static bool is_ext(const char *fstype)
{
	return !strcmp(fstype, "ext2") || !strcmp(fstype, "ext3") || !strcmp(fstype, "ext4");
}

static void with_dashes(const char *digits, char *text)
{
	snprintf(text, 40, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12,
		 digits + 16, digits + 20);
}

void label_uuid_text(const struct label_change *ch, const char *fstype, char *text)
{
	unsigned int nr = label_uuid_digits(fstype);

	if (nr == UUID_DIGITS) {
		with_dashes(ch->digits, text);
		return;
	}
	if (nr == 8)
		snprintf(text, 40, "%.4s-%.4s", ch->digits, ch->digits + 4);
	else
		snprintf(text, 40, "%.*s", (int)nr, ch->digits);
	for (char *p = text; *p && strcmp(fstype, "udf"); p++)
		*p = toupper((unsigned char)*p);
}

/* Copy @template with @value into @ch. */
static const struct volume_program *
fill_template(struct label_change *ch, const struct volume_program *template, const char *value)
{
	ch->program = *template;
	for (int i = 0; ch->program.args[i]; i++)
		if (!strcmp(ch->program.args[i], VALUE))
			ch->program.args[i] = value;
	return &ch->program;
}

static const struct volume_program *uuid_program(struct label_change *ch, const char *fstype)
{
	char text[40];

	for (size_t i = 0; i < LENGTH(uuids); i++) {
		if (strcmp(uuids[i].type, fstype))
			continue;
		if (uuids[i].digits == UUID_DIGITS)
			with_dashes(ch->digits, text);
		else
			snprintf(text, sizeof(text), "%.*s", (int)uuids[i].digits, ch->digits);
		snprintf(ch->argument, sizeof(ch->argument), "%s%s", uuids[i].prefix, text);
		return fill_template(ch, &uuids[i].program, ch->argument);
	}
	return NULL;
}

const struct volume_program *label_program(void *data, const char *fstype, unsigned int step)
{
	struct label_change *ch = data;

	if (step == LABEL_PREPARE)
		return ch->is_uuid && is_ext(fstype) ? &check_ext : NULL;
	if (ch->is_uuid)
		return uuid_program(ch, fstype);
	if (!*ch->label && !strcmp(fstype, "vfat"))
		return &remove_fat;
	for (size_t i = 0; i < LENGTH(labels); i++)
		if (!strcmp(labels[i].type, fstype))
			return fill_template(ch, &labels[i].program, ch->label);
	return NULL;
}
