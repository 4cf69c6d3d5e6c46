// SPDX-License-Identifier: GPL-2.0
/*
 * scan-list.c - the list of images of anyfs scan
 *
 * Each shard takes every Nth image of the sorted list without duplicates, so the shards of a list
 * have all of its images, and none twice.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "run.h"
#include "scan.h"

static void add(struct scan *s, const char *image)
{
	char **more = reallocarray(s->images, s->nr_images + 1, sizeof(*more));

	if (!more)
		tool_no_memory(s->t);
	s->images = more;
	s->images[s->nr_images++] = tool_strdup(s->t, image);
}

static void read_lines(struct scan *s, FILE *f)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, f) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			add(s, line);
	}
	free(line);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void take_shard(struct scan *s)
{
	size_t kept = 0, nr = 0;

	if (s->nr_images)
		qsort(s->images, s->nr_images, sizeof(*s->images), by_name);
	for (size_t i = 0; i < s->nr_images; i++) {
		bool again = i && !strcmp(s->images[i], s->images[i - 1]);

		if (!again && nr++ % s->shards == s->shard - 1)
			s->images[kept++] = s->images[i];
	}
	s->nr_images = kept;
}

void scan_read_list(struct scan *s, const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;

	if (!f) {
		tool_error(s->t, "%s: %s", path, strerror(errno));
		tool_finish(s->t);
	}
	read_lines(s, f);
	if (ferror(f)) {
		tool_error(s->t, "%s: %s", path, strerror(errno));
		tool_finish(s->t);
	}
	if (f != stdin)
		fclose(f);
	if (!s->nr_images) {
		tool_error(s->t, "%s: has no names of images", path);
		tool_finish(s->t);
	}
	take_shard(s);
}
