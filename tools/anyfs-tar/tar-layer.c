// SPDX-License-Identifier: GPL-2.0
/*
 * tar-layer.c - delete the files that a layer of a container image deletes or replaces
 *
 * The entry ".wh.NAME" of a layer deletes NAME, and ".wh..wh..opq" deletes all files of its
 * directory.  Other names that begin with ".wh..wh." are metadata of AUFS without a meaning here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "dirlist.h"
#include "messages.h"
#include "remove.h"
#include "signals.h"
#include "strbuf.h"
#include "tar-in.h"

#define WHITEOUT	".wh."
#define METADATA	".wh..wh."
#define OPAQUE		".wh..wh..opq"

/* The last component of @path, which may end in slashes. */
static const char *last_part(const char *path)
{
	const char *end = path + strlen(path);

	while (end > path && end[-1] == '/')
		end--;
	while (end > path && end[-1] != '/')
		end--;
	return end;
}

bool tar_is_whiteout(const char *path)
{
	return !strncmp(last_part(path), WHITEOUT, strlen(WHITEOUT));
}

/* Remove the tree dir/name; @path is its path below the destination. */
static bool remove_below(struct tar_in *in, int dir, const char *name, const char *path)
{
	uint64_t files = in->t->files;
	struct strbuf full = { 0 };
	bool done;

	strbuf_push(in->t, &full, in->base_path);
	strbuf_push(in->t, &full, path);
	done = remove_tree(in->t, &side_image, dir, name, full.text);
	in->t->files = files;		/* counts the extracted files only */
	free(full.text);
	return done;
}

/* Remove all files of the directory @dir, whose path is @path. */
static void empty_directory(struct tar_in *in, int dir, const char *path)
{
	struct strbuf child = { 0 };
	struct dirlist list;
	long fd = side_image.open_dir(dir, "."), rc = fd;

	if (fd >= 0) {
		rc = dirlist_read(&side_image, fd, ORDER_NAME, &list);
		side_image.close(fd);
	}
	if (rc < 0) {
		tool_not_done(in->t, path, "not emptied", rc);
		return;
	}
	strbuf_push(in->t, &child, path);
	for (size_t i = 0; i < list.nr && !tool_stopping(in->t); i++) {
		size_t len = strbuf_push(in->t, &child, list.entries[i].name);

		remove_below(in, dir, list.entries[i].name, child.text);
		strbuf_pop(&child, len);
	}
	dirlist_free(&list);
	free(child.text);
	tar_meta_forget(in, path, true);
}

/* Remove @name in the directory of @place, whose path is @dir. */
static void delete_name(struct tar_in *in, const struct tar_place *place, const char *dir,
			const char *name)
{
	struct lkl_statx stx;
	struct strbuf path = { 0 };
	long rc = side_image.stat(place->dir, name, &stx);

	if (rc == -ENOENT)
		return;
	strbuf_push(in->t, &path, dir);
	strbuf_push(in->t, &path, name);
	if (rc < 0)
		tar_failed(in, path.text, rc);
	else if (remove_below(in, place->dir, name, path.text) &&
		 (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR)
		tar_meta_forget(in, path.text, false);
	free(path.text);
}

void tar_whiteout(struct tar_in *in, const char *given)
{
	struct tar_place place = { 0 };
	long rc = tar_place_existing(in, given, &place);
	const char *name = place.name ? place.name + strlen(WHITEOUT) : "";
	char *dir;

	if (rc == -EXDEV && !place.path) {
		tool_path_error(in->t, given, "not applied: \"..\" would escape from the destination");
		return;
	}
	/* Layers often delete files that do not exist. */
	if (rc < 0 && rc != -ENOENT && rc != -ENOTDIR)
		tool_not_done(in->t, given, "not applied", rc);
	if (rc < 0) {
		free(place.path);
		return;
	}
	dir = strndup(place.path, last_part(place.path) - place.path);
	if (!dir)
		tool_no_memory(in->t);
	change_strip_slashes(dir);
	if (!strcmp(place.name, OPAQUE))
		empty_directory(in, place.dir, dir);
	else if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		tool_path_error(in->t, place.path, "not applied: the whiteout names no file");
	else if (strncmp(place.name, METADATA, strlen(METADATA)))
		delete_name(in, &place, dir, name);
	free(dir);
	free(place.path);
}

bool tar_layer_replace(struct tar_in *in, struct archive_entry *entry,
		       const struct tar_place *place)
{
	bool is_dir = archive_entry_filetype(entry) == AE_IFDIR && !archive_entry_hardlink(entry);
	struct lkl_statx stx;
	bool was_dir;
	long rc;

	if (!*place->path || side_image.stat(place->dir, place->name, &stx) < 0)
		return true;
	was_dir = (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR;
	if (was_dir == is_dir)
		return true;
	rc = names_check(place->names, &side_image, place->dir, place->name);
	if (rc < 0) {
		tar_failed(in, place->path, rc);
		return false;
	}
	if (!remove_below(in, place->dir, place->name, place->path))
		return false;
	if (was_dir)
		tar_meta_forget(in, place->path, false);
	return true;
}
