// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-sync.c - anyfs sync and fsync: replay journals and flush
 *
 * Mounting a file system for writing replays its journal, and the end of the run unmounts
 * it; in between, the verb flushes the whole file system or one file.
 */
#include <errno.h>
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"

static void sync_path(struct tool *t, const char *path, bool whole)
{
	int fd;
	long rc;

	if (tool_refuses_root(t, path))
		return;
	fd = tool_openat(t, path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	if (fd < 0)
		return;
	rc = whole ? 0 : lkl_sys_fsync(fd);
	/* Read-only file systems have no fsync. */
	if (whole || rc == -EINVAL)
		rc = lkl_sys_syncfs(fd);
	if (rc < 0)
		tool_not_done(t, path, "not stored", rc);
	else
		t->files++;
	lkl_sys_close(fd);
}

static void sync_partitions(struct tool *t)
{
	AnyfsPart *parts;
	int nr = anyfs_image_parts(t->image, &parts);
	bool some = anyfs_image_is_partitioned(t->image);	/* skip partitions without files */

	if (nr < 0)
		tool_error(t, "%s", anyfs_strerror_last());
	for (int i = 0; i < nr; i++) {
		int fd = anyfs_image_openat(t->image, parts[i].path, LKL_O_RDONLY, 0);

		if (some && (fd == -EMEDIUMTYPE || fd == -EOPNOTSUPP || fd == -ENOKEY)) {
			tool_note(t, "%s; skipped", anyfs_strerror_last());
			continue;
		}
		if (fd >= 0)
			lkl_sys_close(fd);
		sync_path(t, parts[i].path, true);
	}
	if (nr >= 0)
		anyfs_free(parts);
}

static int run(struct tool *t, int argc, char **argv)
{
	bool whole = t->verb == &verb_sync;

	tool_plain_args(t, argc, argv, whole ? 1 : 2, 0);
	tool_open(t, argv[optind]);
	if (argc - optind == 1)
		sync_partitions(t);
	for (int i = optind + 1; i < argc; i++) {
		if (tool_stopping(t))
			tool_not_done(t, argv[i], "not stored", -ECANCELED);
		else
			sync_path(t, argv[i], whole);
	}
	return 0;
}

const struct verb verb_sync = {
	.name = "sync",
	.args = "[--json] IMAGE [PATH]...",
	.summary = "replay journals and leave file systems clean",
	.operands = "p+",
	.help = "With PATHs, only the file systems that hold them; else all of the image's.\n\n",
	.has_result = true,
	.writes = true,
	.run = run,
};

const struct verb verb_fsync = {
	.name = "fsync",
	.args = "[--json] IMAGE PATH...",
	.summary = "make files durable",
	.operands = "p+",
	.help = "",
	.has_result = true,
	.writes = true,
	.run = run,
};
