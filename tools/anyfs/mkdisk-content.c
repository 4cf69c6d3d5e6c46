// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-content.c - the content of the disks of anyfs mkdisk: table, volumes and file systems
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "messages.h"
#include "mkdisk.h"
#include "signals.h"

static bool is_made(const struct mkdisk_part *part)
{
	return part->job.tool || part->luks.version || mkdisk_is_lvm(part);
}

int mkdisk_make_file_system(struct tool *t, const struct mkdisk_part *part,
			    const struct mkfs_place *place, bool *zeros)
{
	struct mkfs_job job = part->job;
	char *path;
	int temp = mkfs_temp(t, place, &path);

	if (temp < 0)
		return -1;
	job.about = place->given;
	job.seed = part->name;
	job.quiet = true;
	if (!(zeros ? mkfs_run_no_holes(t, &job, path, zeros) : mkfs_run(t, &job, path))) {
		close(temp);
		temp = -1;
	}
	mkfs_remove_temp(path);
	return temp;
}

/* A temporary file with the volume group of @part.  -1 after a message. */
static int make_group(struct tool *t, const struct mkdisk *disk, const struct mkdisk_part *part,
		      const struct mkfs_place *place, bool *zeros)
{
	struct mkfs_place file = *place;
	uint64_t bytes = t->bytes;
	char *path;

	file.start = 0;
	file.fd = mkfs_temp(t, &file, &path);
	if (file.fd < 0)
		return -1;
	mkfs_remove_temp(path);
	if (!mkdisk_lvm_fill(t, disk, part, &file, zeros)) {
		close(file.fd);
		return -1;
	}
	t->bytes = bytes;	/* only those that are written to the disk count */
	return file.fd;
}

/* Encrypt the partition, and make its content in the encrypted volume. */
static bool make_encrypted(struct tool *t, const struct mkdisk *disk,
			   const struct mkdisk_part *part, const struct mkfs_place *place)
{
	struct mkfs_place inside = *place;
	bool done = mkdisk_luks_format(t, &part->luks, place);
	bool zeros;
	char path[16];
	int temp;

	/* The process that opens the volume locks the image. */
	close(place->fd);
	if (!done || !strcmp(part->fs, "none"))
		return done;
	inside.size = place->size - mkdisk_luks_data(&part->luks);
	snprintf(path, sizeof(path), "/p%d", place->part);
	temp = mkdisk_is_lvm(part) ? make_group(t, disk, part, &inside, &zeros) :
				     mkdisk_make_file_system(t, part, &inside, &zeros);
	done = temp >= 0 && mkdisk_store(t, place->image, place->given, path, temp, inside.size,
					 zeros);
	if (temp >= 0)
		close(temp);
	return done;
}

static bool make_plain(struct tool *t, const struct mkdisk *disk, const struct mkdisk_part *part,
		       const struct mkfs_place *place)
{
	bool done;
	int temp;

	if (mkdisk_is_lvm(part)) {
		done = mkdisk_lvm_fill(t, disk, part, place, NULL);
	} else {
		temp = mkdisk_make_file_system(t, part, place, NULL);
		done = temp >= 0 && mkfs_fill(t, place, temp);
		if (temp >= 0)
			close(temp);
	}
	close(place->fd);
	return done;
}

static bool make_part(struct tool *t, const struct mkdisk *disk, const char *raw, unsigned int nr)
{
	const struct mkdisk_part *part = &disk->parts[nr];
	struct mkfs_place place = {
		.image = raw, .part = nr + 1, .start = part->start, .size = part->size,
		.is_new = true,
	};
	char *about;
	bool done;

	if (asprintf(&about, "%s: partition %s", disk->image, part->name) < 0)
		tool_no_memory(t);
	place.given = about;
	done = mkfs_lock(t, &place) &&
	       (part->luks.version ? make_encrypted(t, disk, part, &place) :
				     make_plain(t, disk, part, &place));
	free(about);
	return done;
}

bool mkdisk_fill(struct tool *t, const struct mkdisk *disk, const char *raw)
{
	bool done = mkdisk_write_table(t, disk, raw);

	for (unsigned int i = 0; done && i < disk->nr_parts; i++)
		if (is_made(&disk->parts[i]))
			done = !tool_stopping(t) && make_part(t, disk, raw, i);
	return done;
}

bool mkdisk_have_programs(struct tool *t, const struct mkdisk *disk)
{
	for (unsigned int i = 0; i < disk->nr_parts; i++) {
		const struct mkdisk_part *part = &disk->parts[i];

		if ((part->job.tool && !mkfs_exists(t, part->job.tool)) ||
		    (part->luks.version && !mkdisk_luks_exists(t)))
			return false;
	}
	for (unsigned int i = 0; i < disk->nr_logical; i++)
		if (disk->logical[i].job.tool && !mkfs_exists(t, disk->logical[i].job.tool))
			return false;
	return true;
}
