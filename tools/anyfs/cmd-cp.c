// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-cp.c - anyfs cp: copy files and trees inside an image
 *
 * Inside the image the user is root: without -a root owns new files, as with put.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "copy.h"
#include "dest.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "same-file.h"
#include "session.h"
#include "signals.h"
#include "verbs.h"

struct cp {
	struct copy c;
	bool recursive, archive;
};

/* False, after a message, if dir/name cannot be copied to @to_name. */
static bool may_copy(struct cp *cp, int dir, const char *name, const char *path,
		     const char *to_name)
{
	struct tool *t = cp->c.t;
	struct lkl_statx stx;
	long rc = side_image.stat(dir, name, &stx);
	bool tree = rc >= 0 && (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR;

	if (rc < 0)
		tool_not_done(t, path, "not copied", rc);
	else if (tree && !cp->recursive)
		tool_path_error(t, path, "not copied: it is a directory; -r copies it and everything below");
	else if (*to_name && side_same_file(&side_image, dir, name, cp->c.base, to_name))
		tool_path_error(t, path, "not copied: source and destination are the same");
	else if (tree && side_is_inside(&side_image, cp->c.base, dir, name))
		tool_path_error(t, path, "not copied: the destination is inside this directory");
	else
		return true;
	return false;
}

static void copy_one(struct cp *cp, const char *path, const char *to_name)
{
	char *name;
	int dir = cp->recursive ? tool_locate_change(cp->c.t, path, &name) :
				  tool_locate_target(cp->c.t, path, &name);

	if (dir < 0)
		return;
	if (may_copy(cp, dir, name, path, to_name))
		copy_path(&cp->c, dir, name, path, to_name);
	lkl_sys_close(dir);
	free(name);
}

static void copy_all(struct cp *cp, char **paths, int nr, const char *dest)
{
	struct tool *t = cp->c.t;
	char *name = NULL;

	if (!nr)
		return;
	cp->c.base = dest_open(t, dest, nr == 1, &name);
	for (int i = 0; cp->c.base >= 0 && i < nr; i++) {
		char *to_name = name ? name : copy_last_name(t, paths[i]);

		if (tool_stopping(t))
			tool_not_done(t, paths[i], "not copied", -ECANCELED);
		else
			copy_one(cp, paths[i], to_name);
		free(to_name);
	}
	if (cp->c.base >= 0)
		lkl_sys_close(cp->c.base);
}

enum { OPT_REFLINK = OPT_VERB, OPT_SPARSE, OPT_NO_XATTRS, OPT_NO_FLAGS };

static void parse_options(struct cp *cp, int argc, char **argv)
{
	static const struct option options[] = {
		{ "archive", no_argument, NULL, 'a' },
		{ "recursive", no_argument, NULL, 'r' },
		{ "reflink", optional_argument, NULL, OPT_REFLINK },
		{ "sparse", no_argument, NULL, OPT_SPARSE },
		{ "no-flags", no_argument, NULL, OPT_NO_FLAGS },
		{ "no-xattrs", no_argument, NULL, OPT_NO_XATTRS },
		TOOL_LONG_OPTIONS
	};
	int opt;

	while ((opt = tool_getopt(cp->c.t, argc, argv, "arR", options)) != -1) {
		cp->archive |= opt == 'a';
		cp->recursive |= opt == 'a' || opt == 'r' || opt == 'R';
		cp->c.sparse |= opt == OPT_SPARSE;
		cp->c.no_flags |= opt == OPT_NO_FLAGS;
		cp->c.no_xattrs |= opt == OPT_NO_XATTRS;
		if (opt == OPT_REFLINK)
			cp->c.reflink = copy_parse_reflink(cp->c.t, optarg);
	}
	cp->c.owner = cp->archive ? COPY_OWNER_KEEP : COPY_OWNER_SET;
	cp->c.keep = !cp->archive;
}

static int run(struct tool *t, int argc, char **argv)
{
	struct cp cp = {
		.c = {
			.t = t, .from = &side_image, .to = &side_image, .mode = -1,
			.can_mknod = true,
		},
	};
	char **paths, *dest;
	int nr;

	parse_options(&cp, argc, argv);
	tool_need_args(t, argc, 3, 0);
	dest = argv[argc - 1];
	argv[argc - 1] = NULL;
	cp.c.buf = session_alloc(t, COPY_BUFFER);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	progress_begin();
	copy_all(&cp, paths, nr, dest);
	copy_summarise(&cp.c);
	paths_free(paths);
	return 0;
}

const struct verb verb_cp = {
	.name = "cp",
	.args = "[-r] [-a] [--reflink[=WHEN]] [--sparse] IMAGE PATH... DEST",
	.summary = "copy files and trees inside an image",
	.operands = "p+",
	.help = "Copies go into DEST if that is a directory, else DEST is the name of the copy.  A\n"
		"replaced file keeps its mode, owner and extended attributes; a new file belongs to\n"
		"root and has the mode and attributes of its source.  Times, links and holes are\n"
		"kept.  Without -r or -a symbolic links are followed.\n\n"
		"  -r, -R, --recursive  copy directories and everything below\n"
		"  -a, --archive     as -r, and take owner, mode and attributes from the source\n"
		"  --reflink[=WHEN]  share the blocks of the source: auto (if the file system can,\n"
		"                    the default), always (or fail; without WHEN too), never\n"
		"  --sparse          blocks of zeros become holes\n"
		"  --no-xattrs       do not copy extended attributes and ACLs\n"
		"  --no-flags        do not copy the flags of chattr\n\n"
		"Example: anyfs cp -a disk.img /p2/etc /p2/etc.saved\n\n",
	.has_result = true,
	.writes = true,
	.has_progress = true,
	.run = run,
};
