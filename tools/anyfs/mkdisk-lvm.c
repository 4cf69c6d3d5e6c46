// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-lvm.c - volume groups of anyfs mkdisk: their names, the places of logical volumes
 *
 * A group has one physical volume, a partition, and linear logical volumes, one after the other.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "messages.h"
#include "mkdisk.h"
#include "options.h"
#include "output.h"
#include "signals.h"

#define NAME_MAX_LVM	127		/* characters, without the other name and a slash */

/* Beginnings and parts of names that LVM2 reserves for volumes of its own. */
static const char *const reserved_starts[] = { "snapshot", "pvmove" };
static const char *const reserved[] = {
	"_cdata", "_cmeta", "_corig", "_cpool", "_cvol", "_imeta", "_iorig", "_mimage", "_mlog",
	"_pmspare", "_rimage", "_rmeta", "_tdata", "_tmeta", "_tpool", "_vdata", "_vorigin",
	"_wcorig",
};

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

bool mkdisk_is_lvm(const struct mkdisk_part *part)
{
	return !part->is_logical && !strcmp(part->fs, "lvm");
}

static bool is_name(const char *text)
{
	size_t len = strlen(text);

	return len && len <= NAME_MAX_LVM && *text != '-' && strcmp(text, ".") &&
	       strcmp(text, "..") &&
	       len == strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789+_.-");
}

static bool is_reserved(const char *name)
{
	for (size_t i = 0; i < LENGTH(reserved_starts); i++)
		if (!strncmp(name, reserved_starts[i], strlen(reserved_starts[i])))
			return true;
	for (size_t i = 0; i < LENGTH(reserved); i++)
		if (strstr(name, reserved[i]))
			return true;
	return false;
}

static void check_name(struct tool *t, const struct mkdisk_part *part, const char *name)
{
	if (!is_name(name))
		tool_usage(t, "%s %s: \"%s\" is not a name for LVM2: give letters, digits, and + _ . - but no - at its start",
			   part->option, part->name, name);
}

void mkdisk_lvm_split_name(struct tool *t, struct mkdisk_part *lv)
{
	const char *slash = strchr(lv->name, '/');
	char *group = tool_strdup(t, lv->name);

	if (!slash)
		tool_usage(t, "--lv %s: give VG/NAME:FILESYSTEM:SIZE", lv->name);
	group[slash - lv->name] = '\0';
	lv->group = group;
	lv->logical = slash + 1;
	check_name(t, lv, lv->group);
	check_name(t, lv, lv->logical);
	if (is_reserved(lv->logical))
		tool_usage(t, "--lv %s: LVM2 reserves names like this for itself", lv->name);
}

static struct mkdisk_part *find_group(struct mkdisk *disk, const char *name)
{
	for (unsigned int i = 0; i < disk->nr_parts; i++)
		if (disk->parts[i].group && !strcmp(disk->parts[i].group, name))
			return &disk->parts[i];
	return NULL;
}

static void check_group(struct tool *t, struct mkdisk *disk, const struct mkdisk_part *part)
{
	if (mkdisk_is_lvm(part) && !part->group)
		tool_usage(t, "--part %s: a partition of type lvm needs the name of its volume group, such as vg=vg0",
			   part->name);
	if (!part->group)
		return;
	if (!mkdisk_is_lvm(part))
		tool_usage(t, "--part %s: vg needs the type lvm", part->name);
	check_name(t, part, part->group);
	if (find_group(disk, part->group) != part)
		tool_usage(t, "--part %s: the volume group %s is in another partition", part->name,
			   part->group);
}

static void check_logical(struct tool *t, struct mkdisk *disk, struct mkdisk_part *lv)
{
	const struct mkdisk_part *pv = find_group(disk, lv->group);

	if (!pv)
		tool_usage(t, "--lv %s: no partition has the volume group %s: give --part NAME:lvm:SIZE:vg=%s",
			   lv->name, lv->group, lv->group);
	for (const struct mkdisk_part *other = disk->logical; other < lv; other++)
		if (!strcmp(other->name, lv->name))
			tool_usage(t, "--lv %s: given twice", lv->name);
	mkdisk_set_sector(t, lv, mkdisk_luks_sector(&pv->luks));
}

void mkdisk_lvm_check(struct tool *t, struct mkdisk *disk)
{
	for (unsigned int i = 0; i < disk->nr_parts; i++)
		check_group(t, disk, &disk->parts[i]);
	for (unsigned int i = 0; i < disk->nr_logical; i++)
		check_logical(t, disk, &disk->logical[i]);
}

/* ---- Places ------------------------------------------------------------------------------ */

/* The next logical volume of @pv at or after number *@i; NULL: there are no more. */
static struct mkdisk_part *next_logical(struct mkdisk *disk, const struct mkdisk_part *pv,
					unsigned int *i)
{
	for (; *i < disk->nr_logical; ++*i)
		if (!strcmp(disk->logical[*i].group, pv->group))
			return &disk->logical[(*i)++];
	return NULL;
}

static uint64_t extents_of(const struct mkdisk_part *lv)
{
	return lv->size / MKDISK_LVM_EXTENT + (lv->size % MKDISK_LVM_EXTENT != 0);
}

/* The extents of all logical volumes of @pv; *@rest is set to the one that gets the others. */
static uint64_t count_extents(struct tool *t, struct mkdisk *disk, const struct mkdisk_part *pv,
			      struct mkdisk_part **rest)
{
	struct mkdisk_part *lv;
	uint64_t nr = 0;

	*rest = NULL;
	for (unsigned int i = 0; (lv = next_logical(disk, pv, &i));) {
		if (lv->rest && *rest)
			tool_usage(t, "--lv %s, --lv %s: only one can have the size rest",
				   (*rest)->name, lv->name);
		if (lv->rest)
			*rest = lv;
		nr += lv->rest ? 1 : extents_of(lv);
	}
	return nr;
}

static void set_starts(struct mkdisk *disk, const struct mkdisk_part *pv)
{
	uint64_t start = MKDISK_LVM_DATA;
	struct mkdisk_part *lv;

	for (unsigned int i = 0; (lv = next_logical(disk, pv, &i));) {
		lv->start = start;
		lv->size = extents_of(lv) * MKDISK_LVM_EXTENT;
		start += lv->size;
	}
}

static bool place_group(struct tool *t, struct mkdisk *disk, const struct mkdisk_part *pv)
{
	uint64_t have = mkdisk_lvm_extents(pv);
	struct mkdisk_part *rest;
	uint64_t need = count_extents(t, disk, pv, &rest);
	char need_text[16], have_text[16];

	if (!have || need > have) {
		format_size((need ? need : 1) * MKDISK_LVM_EXTENT, need_text, sizeof(need_text));
		format_size(have * MKDISK_LVM_EXTENT, have_text, sizeof(have_text));
		tool_error(t, "%s: the logical volumes of %s do not fit: they need %s, and partition %s has %s",
			   disk->image, pv->group, need_text, pv->name, have_text);
		return false;
	}
	if (rest)
		rest->size = (have - need + 1) * MKDISK_LVM_EXTENT;
	set_starts(disk, pv);
	return true;
}

bool mkdisk_lvm_place(struct tool *t, struct mkdisk *disk)
{
	for (unsigned int i = 0; i < disk->nr_parts; i++)
		if (mkdisk_is_lvm(&disk->parts[i]) && !place_group(t, disk, &disk->parts[i]))
			return false;
	return true;
}

/* ---- Content ----------------------------------------------------------------------------- */

/* Make the file system of @lv in the physical volume @pv.  False after a message. */
static bool make_logical(struct tool *t, const struct mkdisk *disk, const struct mkdisk_part *lv,
			 const struct mkfs_place *pv, bool *zeros)
{
	struct mkfs_place place = *pv;
	char *about;
	bool done;
	int temp;

	if (asprintf(&about, "%s: logical volume %s", disk->image, lv->name) < 0)
		tool_no_memory(t);
	place.given = about;
	place.start = pv->start + lv->start;
	place.size = lv->size;
	temp = mkdisk_make_file_system(t, lv, &place, zeros);
	done = temp >= 0 && mkfs_fill(t, &place, temp);
	if (temp >= 0)
		close(temp);
	free(about);
	return done;
}

bool mkdisk_lvm_fill(struct tool *t, const struct mkdisk *disk, const struct mkdisk_part *pv,
		     const struct mkfs_place *place, bool *zeros)
{
	bool done = mkdisk_lvm_write_metadata(t, disk, pv, place), needs = false;

	if (zeros)
		*zeros = false;
	for (unsigned int i = 0; done && i < disk->nr_logical; i++) {
		const struct mkdisk_part *lv = &disk->logical[i];

		if (!lv->job.tool || strcmp(lv->group, pv->group))
			continue;
		done = !tool_stopping(t) &&
		       make_logical(t, disk, lv, place, zeros ? &needs : NULL);
		if (zeros)
			*zeros |= needs;
	}
	return done;
}
