// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-mv.c - anyfs mv: rename and move files and trees
 *
 * Between file systems of one image they are copied, and removed only when
 * everything of them has arrived.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "copy.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
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
	whole = !t->status && !c.lost_xattrs && !c.lost_modes;
	if (!t->status && !whole)
		tool_error(t, "%s: copied, but not removed: not all of it was kept", path);
	t->status |= before;
	free(c.buf);
	return whole;
}

static void move(struct tool *t, const char *path, int to_dir, const char *to_name)
{
	char *name;
	int dir = tool_locate_change(t, path, &name);
	long rc;

	if (dir < 0)
		return;
	if (!strcmp(name, ".")) {
		tool_error(t, "%s: not moved: it is the top of its file system, or ends in a dot", path);
	} else {
		rc = side_image.rename(dir, name, to_dir, to_name);
		if (rc >= 0)
			t->files++;
		else if (rc != -EXDEV)
			tool_not_done(t, path, "not moved", rc);
		else if (copy_whole(t, dir, name, path, to_dir, to_name))
			remove_tree(t, dir, name, path);
	}
	lkl_sys_close(dir);
	free(name);
}

static int run(struct tool *t, int argc, char **argv)
{
	char *name;
	int dir;

	tool_plain_args(t, argc, argv, 3, 0);
	tool_open(t, argv[optind]);
	dir = dest_open(t, argv[argc - 1], argc - optind == 3, &name);
	for (int i = optind + 1; dir >= 0 && i < argc - 1; i++) {
		change_strip_slashes(argv[i]);
		if (tool_stopping(t)) {
			tool_not_done(t, argv[i], "not moved", -ECANCELED);
		} else {
			char *to_name = name ? name : copy_last_name(t, argv[i]);

			move(t, argv[i], dir, to_name);
			free(to_name);
		}
	}
	return 0;
}

const struct verb verb_mv = {
	.name = "mv",
	.args = "[--json] IMAGE PATH... DEST",
	.summary = "rename and move files and trees",
	.help = "Into DEST if that is a directory, else to that name; a file in the way is replaced.\n"
		"Between partitions the files are copied, then removed.\n\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
