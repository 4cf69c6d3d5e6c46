// SPDX-License-Identifier: GPL-2.0
/*
 * tar-path.c - find the place of an archive's entries in the image
 *
 * Names in an archive are hostile, and files in the image may be.  The kernel resolves all
 * paths as if the destination were the root directory (RESOLVE_IN_ROOT): no "..", absolute
 * name or symbolic link, new or old, can escape it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "copy-new.h"
#include "messages.h"
#include "open-below.h"
#include "strbuf.h"
#include "tar-in.h"

long tar_open_dir(struct tar_in *in, const char *path, int flags)
{
	return open_below(in->base, path, flags);
}

/* Copy @given without empty and "." components; NULL if it has "..". */
static char *clean_path(struct tool *t, const char *given)
{
	char *path = malloc(strlen(given) + 1), *end = path;

	if (!path)
		tool_no_memory(t);
	for (const char *p = given; *p;) {
		size_t len = strcspn(p, "/");

		if (len == 2 && !strncmp(p, "..", 2)) {
			free(path);
			return NULL;
		}
		if (len && !(len == 1 && *p == '.')) {
			if (end != path)
				*end++ = '/';
			memcpy(end, p, len);
			end += len;
		}
		p += len + (p[len] == '/');
	}
	*end = '\0';
	return path;
}

long tar_make_dir(struct tar_in *in, const struct copy_place *at, const char *path,
		  unsigned int mode)
{
	struct lkl_statx stx;
	long rc = copy_mkdir(at, mode);

	if (rc == -EEXIST && at->side->stat(at->dir, at->name, &stx) >= 0 &&
	    (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK)
		in->names.by_link = true;
	if (rc >= 0 || rc == -EEXIST)
		names_dir(in->t, &in->names, path);
	return rc;
}

static long make_dir(struct tar_in *in, char *path)
{
	char *slash = strrchr(path, '/');
	struct copy_place at = { .side = &side_image, .name = slash ? slash + 1 : path };
	const char *above = slash ? path : "";
	long rc;

	if (slash)
		*slash = '\0';
	at.dir = tar_open_dir(in, above, LKL_O_PATH);
	at.names = names_dir(in->t, &in->names, above);
	if (slash)
		*slash = '/';
	if (at.dir < 0)
		return at.dir;
	rc = tar_make_dir(in, &at, path, 0755);
	lkl_sys_close(at.dir);
	return rc == -EEXIST ? 0 : rc;
}

/*
 * Create the missing parents in @path: an archive need not have entries for directories.
 * @known_too: also those that this run has created before; a whiteout may have deleted them.
 */
static long make_missing(struct tar_in *in, char *path, bool known_too)
{
	long rc = 0;

	for (char *p = path; rc >= 0 && *p; p += *p == '/') {
		char after;

		p += strcspn(p, "/");
		after = *p;
		*p = '\0';
		if (known_too || !names_is_known(&in->names, path))
			rc = make_dir(in, path);
		*p = after;
	}
	return rc;
}

/*
 * Open the parent @path, and with @make create it if it is missing.  The last parent stays open,
 * because archives list entries directory by directory.
 */
static long open_parent(struct tar_in *in, char *path, bool make)
{
	long fd;

	if (in->parent_fd >= 0 && !strcmp(in->parent.text, path))
		return in->parent_fd;
	if (in->parent_fd >= 0) {
		lkl_sys_close(in->parent_fd);
		in->parent_fd = -1;
		strbuf_pop(&in->parent, 0);
	}
	fd = make ? make_missing(in, path, false) : 0;
	if (fd >= 0)
		fd = tar_open_dir(in, path, LKL_O_PATH);
	if (fd == -ENOENT && make && make_missing(in, path, true) >= 0)
		fd = tar_open_dir(in, path, LKL_O_PATH);
	if (fd < 0)
		return fd;
	in->parent_fd = fd;
	in->parent_names = names_dir(in->t, &in->names, path);
	strbuf_push(in->t, &in->parent, path);
	return fd;
}

static long find_place(struct tar_in *in, const char *given, bool make, struct tar_place *place)
{
	char *slash;
	long dir;

	place->path = clean_path(in->t, given);
	if (!place->path)
		return -EXDEV;
	place->name = *place->path ? place->path : ".";
	slash = strrchr(place->path, '/');
	if (slash) {
		*slash = '\0';
		dir = open_parent(in, place->path, make);
		*slash = '/';
		place->name = slash + 1;
	} else {
		dir = open_parent(in, (char[]){ "" }, make);
	}
	place->dir = dir;
	place->names = in->parent_names;
	return dir < 0 ? dir : 0;
}

long tar_place_find(struct tar_in *in, const char *given, struct tar_place *place)
{
	return find_place(in, given, true, place);
}

long tar_place_existing(struct tar_in *in, const char *given, struct tar_place *place)
{
	return find_place(in, given, false, place);
}
