// SPDX-License-Identifier: GPL-2.0
/*
 * split-files.c - images that consist of several files: disk.001, disk.002 ...
 *
 * The names depend only on the name that the user gave, not on the content of the image,
 * so no further permission is needed to open these files.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "error.h"
#include "listed.h"
#include "split-files.h"

/* Increment the number at the end of @name; false: there is no next number. */
static bool next_number(char *name, size_t len)
{
	while (len && name[len - 1] == '9')
		name[--len] = '0';
	if (!len || name[len - 1] < '0' || name[len - 1] > '8')
		return false;
	name[len - 1]++;
	return true;
}

/* The next name of EWF: .EAA follows .E99, .FAA follows .EZZ. */
static bool next_letters(char *ext)
{
	char first = *ext & 0x20 ? 'a' : 'A', last = first + 25;

	if (ext[1] >= '0' && ext[1] <= '9') {
		if (ext[1] != '9' || ext[2] != '9')
			return next_number(ext + 1, 2);
		ext[1] = ext[2] = first;
		return true;
	}
	for (int i = 2; i >= 0; i--) {
		if (ext[i] != last) {
			ext[i]++;
			return true;
		}
		ext[i] = first;
	}
	return false;
}

static char *extension(char *path)
{
	char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');

	return dot && dot > slash && strlen(dot) == 4 ? dot + 1 : NULL;
}

bool split_is_numbered(const char *path)
{
	const char *ext = extension((char *)path);

	return ext && (!strcmp(ext, "001") || !strcmp(ext, "000"));
}

/* Change @path to the name of the next file. */
static bool next_name(char *path)
{
	char *ext = extension(path);

	if (!ext)
		return false;
	return *ext >= '0' && *ext <= '9' ? next_number(ext, 3) : next_letters(ext);
}

int split_files_open(const char *path, struct split_files *s)
{
	char *name = strdup(path);
	int err = name ? 0 : error_set(-ENOMEM, "%s: out of memory", path);

	*s = (struct split_files){ 0 };
	while (!err && next_name(name) && !access(name, F_OK) && s->nr < SPLIT_MAX) {
		struct blockdev **more = realloc(s->files, (s->nr + 1) * sizeof(*more));

		if (!more) {
			err = error_set(-ENOMEM, "%s: out of memory", path);
			break;
		}
		s->files = more;
		err = raw_open(name, BLOCKDEV_SHORT, &s->files[s->nr]);
		s->nr += !err;
	}
	free(name);
	return err;
}

void split_files_close(struct split_files *s)
{
	for (unsigned int i = 0; i < s->nr; i++)
		blockdev_close(s->files[i]);
	free(s->files);
	*s = (struct split_files){ 0 };
}

static int add_file(struct listed *l, struct blockdev *bd)
{
	const struct listed_range r = {
		.kind = RUN_DATA, .from = bd, .len = bd->capacity - bd->tail,
	};
	int err = listed_hold(l, bd);

	if (!err)
		err = listed_add(l, &r);
	return err ? error_set(err, "%s: the file before it does not end with a sector", bd->name) : 0;
}

int split_join(struct blockdev **first, const struct split_files *s)
{
	struct listed *l = listed_create();
	struct blockdev *bd;
	int err = l ? add_file(l, *first) : error_set(-ENOMEM, "%s: out of memory", (*first)->name);

	for (unsigned int i = 0; i < s->nr && !err; i++)
		err = add_file(l, s->files[i]);
	if (err) {
		listed_free(l);
		return err;
	}
	err = listed_finish(l, *first, &bd);
	if (err)
		return err;
	strcpy(bd->format, "split raw");
	blockdev_close(*first);
	*first = bd;
	return 0;
}
