// SPDX-License-Identifier: GPL-2.0
/*
 * dest-host.c - the destination on the host of get and copy
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include "copy.h"
#include "dest-host.h"
#include "host-path.h"
#include "messages.h"
#include "run.h"
#include "session.h"

static int open_dir(struct tool *t, const char *path)
{
	return session_keep_fd(t, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

int host_dest_open(struct tool *t, int nr, const char *dest, char **name)
{
	char *parent;
	int fd;

	session_require_host(t);
	umask(0);			/* new files get the modes in the image */
	fd = open_dir(t, dest);
	*name = NULL;
	if (fd >= 0) {
		tool_needs_host(t, dest, true);
		return fd;
	}
	if (nr > 1 || (errno != ENOENT && errno != ENOTDIR)) {
		tool_error(t, "%s: %s", dest, nr > 1 && errno == ENOENT ?
			   "no such directory; create it first" : strerror(errno));
		tool_finish(t);
	}
	parent = host_parent(t, dest);
	fd = open_dir(t, parent);
	*name = copy_last_name(t, dest);
	if (fd < 0 || !**name) {
		tool_error(t, "%s: %s", dest, strerror(fd < 0 ? errno : ENOENT));
		tool_finish(t);
	}
	tool_needs_host(t, parent, true);
	return fd;
}
