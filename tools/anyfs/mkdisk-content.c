// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-content.c - the content of the disks that anyfs mkdisk makes: table and file systems
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
	return part->job.tool || part->luks.version;
}

/*
 * Make the file system of @part in a temporary file of the size of @place.  With @zeros, as
 * mkfs_run_no_holes() does.
 */
static int make_file_system(struct tool *t, const struct mkdisk_part *part,
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
	unlink(path);
	free(path);
	return temp;
}

/* Encrypt the partition, and make its file system in the encrypted volume. */
static bool make_encrypted(struct tool *t, const struct mkdisk_part *part,
			   const struct mkfs_place *place)
{
	struct mkfs_place inside = *place;
	bool done = mkdisk_luks_format(t, &part->luks, place);
	bool zeros;
	char path[16];
	int temp;

	/* The process that opens the volume locks the image. */
	close(place->fd);
	if (!done || !part->job.tool)
		return done;
	inside.size = place->size - mkdisk_luks_data(&part->luks);
	snprintf(path, sizeof(path), "/p%d", place->part);
	temp = make_file_system(t, part, &inside, &zeros);
	done = temp >= 0 && mkdisk_store(t, place->image, place->given, path, temp, inside.size,
					 zeros);
	if (temp >= 0)
		close(temp);
	return done;
}

static bool make_plain(struct tool *t, const struct mkdisk_part *part,
		       const struct mkfs_place *place)
{
	int temp = make_file_system(t, part, place, NULL);
	bool done = temp >= 0 && mkfs_fill(t, place, temp);

	if (temp >= 0)
		close(temp);
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
	done = mkfs_lock(t, &place) && (part->luks.version ? make_encrypted(t, part, &place) :
							     make_plain(t, part, &place));
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
	return true;
}
