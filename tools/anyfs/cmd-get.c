// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-get.c - anyfs get: copy files and trees out of an image
 *
 * Like cp -a: into DEST if that is a directory, else under that name.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "copy.h"
#include "host-path.h"

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

static int open_dir(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/*
 * Open where the copies go, before the image is.  The name of the one copy, to be
 * freed, or NULL if each is to have its own in the directory.
 */
static char *open_destination(struct copy *c, int nr, const char *dest)
{
	char *name = NULL, *parent;

	c->base = open_dir(dest);
	if (c->base >= 0) {
		tool_needs_host(c->t, dest, true);
		return NULL;
	}
	if (nr > 1 || (errno != ENOENT && errno != ENOTDIR)) {
		tool_error(c->t, "%s: %s", dest, nr > 1 && errno == ENOENT ?
			   "no such directory, make it first" : strerror(errno));
		tool_finish(c->t);
	}
	parent = host_parent(c->t, dest);
	c->base = open_dir(parent);
	name = copy_last_name(c->t, dest);
	if (c->base < 0 || !*name) {
		tool_error(c->t, "%s: %s", dest, strerror(c->base < 0 ? errno : ENOENT));
		tool_finish(c->t);
	}
	tool_needs_host(c->t, parent, true);
	return name;
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

static int run(struct tool *t, int argc, char **argv)
{
	bool root = geteuid() == 0;
	struct copy c = {
		.t = t, .from = &side_image, .to = &side_host, .mode = -1, .can_mknod = root,
		.owner = root ? COPY_OWNER_KEEP : COPY_OWNER_MINE,
	};
	char *name;

	tool_plain_args(t, argc, argv, 3, 0);
	c.buf = tool_alloc(t, COPY_BUFFER);
	host_raise_limit();
	umask(0);			/* what is made is made with the image's modes */
	name = open_destination(&c, argc - optind - 2, argv[argc - 1]);
	tool_catch_signals(t);
	tool_open(t, argv[optind]);
	progress_begin();
	get_all(&c, argv + optind + 1, argc - optind - 2, name);
	copy_summarise(&c);
	return 0;
}

const struct verb verb_get = {
	.name = "get",
	.args = "[--json] IMAGE PATH... DEST",
	.summary = "copy files and trees out of an image",
	.help = "Into DEST if that is a directory, else under that name.  Modes, times, links,\n"
		"holes and attributes are kept, owners and devices if run as root.\n\n",
	.has_result = true,
	.run = run,
};
