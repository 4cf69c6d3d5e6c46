// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-mv.c - anyfs mv: rename and move files and trees
 *
 * Between file systems of one image, files are copied, and the source is removed only if the
 * copy is complete.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "copy-new.h"
#include "copy.h"
#include "dest.h"
#include "dirlist.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "remove.h"
#include "run.h"
#include "same-file.h"
#include "signals.h"
#include "verbs.h"

static bool copy_whole(struct tool *t, int dir, const char *name, const char *path, int to_dir,
		       const char *to_name)
{
	struct copy c = {
		.t = t, .from = &side_image, .to = &side_image, .mode = -1, .can_mknod = true,
		.owner = COPY_OWNER_KEEP, .base = to_dir,
	};
	int before = t->status;
	bool whole;

	c.buf = tool_alloc(t, COPY_BUFFER);
	t->status = 0;
	progress_begin();
	copy_path(&c, dir, name, path, to_name);
	copy_summarise(&c);
	whole = !t->status && !c.lost_xattrs && !c.lost_modes && !c.lost.files;
	if (!t->status && !whole)
		tool_path_error(t, path, "copied, but not removed: the copy lacks attributes, modes or flags");
	t->status |= before;
	free(c.buf);
	return whole;
}

static bool is_same(int dir, const char *name, int other_dir, const char *other)
{
	return side_same_file(&side_image, dir, name, other_dir, other);
}

/* Whether the directory @dir is @name of @parent, or below that. */
static bool is_inside(int dir, int parent, const char *name)
{
	int at = lkl_sys_openat(dir, ".", LKL_O_PATH | LKL_O_DIRECTORY, 0), up;
	bool inside = false, top = at < 0;

	while (!top && !inside) {
		inside = is_same(at, ".", parent, name);
		up = lkl_sys_openat(at, "..", LKL_O_PATH | LKL_O_DIRECTORY, 0);
		top = up < 0 || is_same(at, ".", up, ".");
		lkl_sys_close(at);
		at = up;
	}
	if (at >= 0)
		lkl_sys_close(at);
	return inside;
}

/* 1 if the directory lists exactly this name, 0 if not, or -errno. */
static long lists_name(int dir, const char *name)
{
	long fd = side_image.open_dir(dir, "."), rc;
	struct dirlist list;

	if (fd < 0)
		return fd;
	rc = dirlist_read(&side_image, fd, ORDER_NAME, &list);
	side_image.close(fd);
	if (rc < 0)
		return rc;
	for (size_t i = 0; !rc && i < list.nr; i++)
		rc = !strcmp(list.entries[i].name, name);
	dirlist_free(&list);
	return rc;
}

/*
 * Rename to another spelling, such as upper case, which the file system treats as the same name:
 * rename() would do nothing, so rename to a temporary name first.
 */
static long change_spelling(int dir, const char *name, int to_dir, const char *to_name)
{
	char temp[COPY_TEMP_LEN];
	long rc = copy_free_name(&side_image, to_dir, temp);

	if (rc >= 0)
		rc = side_image.rename(dir, name, to_dir, temp);
	if (rc < 0)
		return rc;
	rc = side_image.rename(to_dir, temp, to_dir, to_name);
	if (rc < 0)
		side_image.rename(to_dir, temp, dir, name);
	return rc;
}

/* Rename when both names are the same file: the system call would do nothing. */
static long rename_same(int dir, const char *name, int to_dir, const char *to_name)
{
	bool one_dir = is_same(dir, ".", to_dir, ".");
	long here, there;

	if (one_dir && !strcmp(name, to_name))
		return -EEXIST;
	here = lists_name(dir, name);
	there = here < 0 ? here : lists_name(to_dir, to_name);
	if (there < 0)
		return there;
	if (!there)
		return change_spelling(dir, name, to_dir, to_name);
	if (one_dir && !here)
		return 0;		/* @name is another spelling of the existing name */
	return side_image.unlink(dir, name);	/* two hard links: keep the destination */
}

static long rename_file(int dir, const char *name, int to_dir, const char *to_name)
{
	if (is_same(dir, name, to_dir, to_name))
		return rename_same(dir, name, to_dir, to_name);
	return side_image.rename(dir, name, to_dir, to_name);
}

static void move(struct tool *t, const char *path, int to_dir, const char *to_name)
{
	char *name;
	int dir = tool_locate_change(t, path, &name);
	long rc;

	if (dir < 0)
		return;
	if (!strcmp(name, ".")) {
		tool_path_error(t, path, "not moved: it is the root of its file system, or ends in a dot");
	} else {
		rc = rename_file(dir, name, to_dir, to_name);
		if (rc >= 0)
			t->files++;
		else if (rc == -EEXIST && is_same(dir, name, to_dir, to_name))
			tool_failed(t, path, "not moved: source and destination are the same", rc);
		else if (rc == -EINVAL && is_inside(to_dir, dir, name))
			tool_failed(t, path, "not moved: the destination is inside this directory", rc);
		else if (rc != -EXDEV)
			change_failed(t, path, "not moved", rc);
		else if (copy_whole(t, dir, name, path, to_dir, to_name))
			remove_tree(t, &side_image, dir, name, path);
	}
	lkl_sys_close(dir);
	free(name);
}

/*
 * Open the destination.  If it is the source directory itself under another spelling of its
 * name, open its parent and set *@name to the new spelling.
 */
static int open_dest(struct tool *t, char **paths, int nr, char *dest, char **name)
{
	int dir = dest_open(t, dest, nr == 1, name), from_dir, parent;
	char *from = NULL, *last = copy_last_name(t, dest), *old;

	if (dir < 0 || *name || nr != 1 || !*last) {
		free(last);
		return dir;
	}
	old = copy_last_name(t, paths[0]);
	from_dir = strcmp(old, last) && *old ? tool_locate_change(t, paths[0], &from) : -1;
	if (from_dir >= 0 && is_same(from_dir, from, dir, ".")) {
		change_strip_slashes(dest);
		parent = tool_locate_change(t, dest, name);
		lkl_sys_close(dir);
		dir = parent;
	}
	if (from_dir >= 0)
		lkl_sys_close(from_dir);
	free(from_dir >= 0 ? from : NULL);
	free(old);
	free(last);
	return dir;
}

static int run(struct tool *t, int argc, char **argv)
{
	char **paths, *dest, *name;
	int dir, nr;

	tool_plain_args(t, argc, argv, 3, 0);
	dest = argv[argc - 1];
	argv[argc - 1] = NULL;
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++)
		change_strip_slashes(paths[i]);
	dir = nr ? open_dest(t, paths, nr, dest, &name) : -1;
	for (int i = 0; dir >= 0 && i < nr; i++) {
		if (tool_stopping(t)) {
			tool_not_done(t, paths[i], "not moved", -ECANCELED);
		} else {
			char *to_name = name ? name : copy_last_name(t, paths[i]);

			move(t, paths[i], dir, to_name);
			free(to_name);
		}
	}
	paths_free(paths);
	return 0;
}

const struct verb verb_mv = {
	.name = "mv",
	.args = "[--json] IMAGE PATH... DEST",
	.summary = "rename and move files and trees",
	.operands = "p+",
	.help = "Files move into DEST if that is a directory, else DEST is the new name.  An existing\n"
		"file is replaced.  Between partitions the files are copied, then removed.\n\n",
	.has_result = true,
	.writes = true,
	.has_progress = true,
	.run = run,
};
