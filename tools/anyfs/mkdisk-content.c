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

bool mkdisk_fill(struct tool *t, const struct mkdisk *disk, const char *raw)
{
	bool done = mkdisk_write_table(t, disk, raw);

	for (unsigned int i = 0; done && i < disk->nr_parts; i++)
		if (disk->parts[i].job.tool)
			done = !tool_stopping(t) && make_file_system(t, disk, raw, i);
	return done;
}

bool mkdisk_have_programs(struct tool *t, const struct mkdisk *disk)
{
	for (unsigned int i = 0; i < disk->nr_parts; i++)
		if (disk->parts[i].job.tool && !mkfs_exists(t, disk->parts[i].job.tool))
			return false;
	return true;
}
