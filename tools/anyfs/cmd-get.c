// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-get.c - anyfs get: copy files and trees out of an image
 *
 * Like cp -a: copies go into DEST if that is a directory, else DEST is the copy's name.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "copy.h"
#include "dest-host.h"
#include "host-path.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output-write.h"
#include "output.h"
#include "run.h"
#include "session.h"
#include "signals.h"
#include "verbs.h"

static void get_path(struct copy *c, const char *path, const char *to_name)
{
	char *name;
	int dirfd = tool_locate(c->t, path, &name);

	if (dirfd < 0)
		return;
	copy_path(c, dirfd, name, path, to_name);
	lkl_sys_close(dirfd);
	free(name);
}

/* Write the content of the file at @path to @to; follows symbolic links. */
static void get_stream(struct copy *c, const char *path, int to, const char *dest)
{
	int from = tool_openat(c->t, path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	long n = 0, rc;

	if (from < 0)
		return;
	while (!tool_stopping(c->t) && (n = lkl_sys_read(from, c->buf, COPY_BUFFER)) > 0) {
		rc = tool_write(c->t, to, c->buf, n);
		if (rc < 0 && !tool_stopping(c->t))
			tool_not_done(c->t, dest, "only partly written", rc);
		if (rc < 0)
			break;
	}
	if (n < 0 || tool_stopping(c->t))
		tool_not_done(c->t, path, "not copied", n < 0 ? n : -ECANCELED);
	else if (!n)
		c->t->files++;
	lkl_sys_close(from);
}

static void get_all(struct copy *c, char **paths, int nr, char *only_name)
{
	for (int i = 0; i < nr; i++) {
		char *name = only_name ? only_name : copy_last_name(c->t, paths[i]);

		if (tool_stopping(c->t))
			tool_not_done(c->t, paths[i], "not copied", -ECANCELED);
		else
			get_path(c, paths[i], name);
		free(name);
	}
}

/* If DEST is a stream (standard output, FIFO, device), its descriptor, else -1. */
static int open_stream(struct tool *t, int nr, const char *dest)
{
	int fd = host_open_stream(t, dest);

	if (fd >= 0 && nr > 1)
		tool_usage(t, "%s takes one file: give a directory for several", dest);
	if (fd == STDOUT_FILENO && t->json)
		tool_usage(t, "--json uses standard output: give another destination");
	return fd;
}

enum { OPT_NO_OWNER = OPT_VERB, OPT_NUMERIC_OWNER, OPT_NO_XATTRS, OPT_NO_FLAGS, OPT_NO_DEVICES };

static void parse_options(struct copy *c, int argc, char **argv)
{
	static const struct option options[] = {
		{ "no-devices", no_argument, NULL, OPT_NO_DEVICES },
		{ "no-flags", no_argument, NULL, OPT_NO_FLAGS },
		{ "no-owner", no_argument, NULL, OPT_NO_OWNER },
		{ "no-xattrs", no_argument, NULL, OPT_NO_XATTRS },
		{ "numeric-owner", no_argument, NULL, OPT_NUMERIC_OWNER },
		TOOL_LONG_OPTIONS
	};
	int opt;

	while ((opt = tool_getopt(c->t, argc, argv, "", options)) != -1) {
		if (opt == OPT_NO_OWNER)
			c->owner = COPY_OWNER_MINE;
		c->no_project |= opt == OPT_NO_OWNER;
		c->no_xattrs |= opt == OPT_NO_XATTRS;
		c->no_flags |= opt == OPT_NO_FLAGS;
		c->no_devices |= opt == OPT_NO_DEVICES;
	}
}

static int run(struct tool *t, int argc, char **argv)
{
	struct copy c = {
		.t = t, .from = &side_image, .to = &side_host, .mode = -1,
		.owner = COPY_OWNER_KEEP,
	};
	char **paths, *dest, *name = NULL;
	int nr, stream;

	parse_options(&c, argc, argv);
	tool_need_args(t, argc, 3, 0);
	dest = argv[argc - 1];
	argv[argc - 1] = NULL;
	c.buf = session_alloc(t, COPY_BUFFER);
	host_raise_limit(t);
	nr = argc - optind - 2;
	stream = open_stream(t, nr, dest);
	if (stream < 0) {
		c.base = host_dest_open(t, nr, dest, &name);
		c.can_mknod = geteuid() == 0;
		if (!c.can_mknod)
			c.owner = COPY_OWNER_MINE;
	}
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	progress_begin();
	if (nr > 1 && (stream >= 0 || name))
		tool_error(t, "%s: %d paths match: give an existing directory as destination",
			   dest, nr);
	else if (stream < 0)
		get_all(&c, paths, nr, name);
	else if (nr)
		get_stream(&c, paths[0], stream, dest);
	copy_summarise(&c);
	paths_free(paths);
	return 0;
}

const struct verb verb_get = {
	.name = "get",
	.args = "[--no-owner] [--no-xattrs] [--no-devices] IMAGE PATH... DEST",
	.summary = "copy files and trees out of an image",
	.operands = "p+h",
	.help = "Copies go into DEST if that is a directory, else DEST is the name of the copy; \"-\"\n"
		"is standard output.  Modes, times, links, holes and extended attributes are kept,\n"
		"owners and devices too if run as root.\n\n"
		"  --no-owner        copies belong to the user that runs anyfs, even root;\n"
		"                    project ids are left out, too\n"
		"  --no-xattrs       do not copy extended attributes and ACLs\n"
		"  --no-flags        do not copy the flags of chattr\n"
		"  --no-devices      do not copy devices\n"
		"  --numeric-owner   owners are always copied by number; accepted for scripts\n",
	.has_result = true,
	.has_progress = true,
	.catches_signals = true,
	.run = run,
};
