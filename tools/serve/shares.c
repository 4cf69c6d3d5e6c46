// SPDX-License-Identifier: GPL-2.0
/*
 * shares.c - find the directories to be shared and bind them into one tree
 *
 * A share of --share is opened before the server starts, so that its errors are reported then.
 * Symbolic links in its path are resolved as if the root of its file system were the root
 * directory.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <lkl.h>
#include <lkl/linux/mount.h>
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "place.h"
#include "run.h"
#include "shares.h"

#define UNBIND_TRIES	10000		/* tries, 1 ms each */

const char *shares_image_path(const struct tool *t, unsigned int index)
{
	return index ? t->members[index - 1].path : t->image_path;
}

static struct anyfs_image *image_of(const struct tool *t, unsigned int index)
{
	return index ? t->members[index - 1].image : t->image;
}

/* ---- Names ---- */

static bool name_is_valid(const char *name)
{
	if (!*name || strlen(name) > SHARE_NAME_MAX || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (; *name; name++)
		if (*name == '/' || *name == '\\' || (unsigned char)*name < ' ' || *name == 0x7f)
			return false;
	return true;
}

/* Make a name from a path: "/p2?QUERY/home" becomes "p2_home", and the whole disk becomes "p0". */
static void default_name(char *name, size_t len, const char *path)
{
	size_t to;

	while (*path == '/')
		path++;
	if (!*path)
		path = "p0";
	for (to = 0; *path && to + 1 < len; path++) {
		if (*path == '?')
			path += strcspn(path, "/");
		if (*path)
			name[to++] = *path;
		else
			break;
	}
	name[to] = '\0';
	for (; *name; name++)
		if (*name == '/')
			*name = name[1] ? '_' : '\0';
}

static void set_name(struct tool *t, struct shares *shares, struct share *s, const char *name)
{
	if (!name_is_valid(name))
		tool_usage(t, "%s: \"%s\" cannot be the name of a share; give NAME=PATH",
			   s->origin, name);
	for (size_t i = 0; i < shares->nr; i++)
		if (&shares->list[i] != s && !strcasecmp(shares->list[i].name, name))
			tool_usage(t, "%s: two shares would have the name %s; give NAME=PATH",
				   s->origin, name);
	snprintf(s->name, sizeof(s->name), "%s", name);
}

/* ---- Options ---- */

static void set_option(struct tool *t, struct share *s, const char *option)
{
	if (!strcmp(option, "ro"))
		s->readonly = true;
	else if (!strcmp(option, "hide"))
		s->hidden = true;
	else if (!strncmp(option, "comment=", 8))
		s->comment = strdup(option + 8);
	else
		tool_usage(t, "%s: unknown option %s; there are ro, hide and comment=TEXT",
			   s->origin, option);
}

/* Cut ":OPTIONS" from @text.  A colon in front of a slash belongs to the path. */
static void take_options(struct tool *t, struct share *s, char *text)
{
	char *colon = strrchr(text, ':'), *option;

	if (!colon || strchr(colon, '/'))
		return;
	*colon++ = '\0';
	while ((option = strsep(&colon, ",")))
		set_option(t, s, option);
}

static char *copy(struct tool *t, const char *text)
{
	char *new = strdup(text);

	if (!new)
		tool_no_memory(t);
	return new;
}

/* @origin: what messages call the share, such as "--share p2". */
static struct share *new_share(struct tool *t, struct shares *shares, const char *origin)
{
	struct share *s = &shares->list[shares->nr];

	if (shares->nr == SHARES_MAX)
		tool_usage(t, "more than %d shares", SHARES_MAX);
	*s = (struct share){ .origin = copy(t, origin), .comment = copy(t, "") };
	shares->nr++;
	return s;
}

/* Remove "disk1/" from the front of *@path. */
static void take_disk(struct tool *t, struct share *s, const char **path)
{
	char *end;

	while (**path == '/')
		++*path;
	if (strncasecmp(*path, "disk", 4) || !isdigit((unsigned char)(*path)[4]))
		return;
	s->image_index = strtoul(*path + 4, &end, 10);
	if (*end && *end != '/')
		tool_usage(t, "%s: write diskN/ and a path", s->origin);
	*path = end;
	while (**path == '/')
		++*path;
	s->whole = true;		/* for find_image(): the path names its image */
}

/* "p2/home", "disk1/p2" or "p0": a path in one of the images, with keys in queries. */
static void set_path(struct tool *t, struct share *s, const char *text)
{
	char *taken, *path;

	take_disk(t, s, &text);
	taken = path = place_take_keys(t, s->origin, text);
	while (*path == '/')
		path++;
	if (!strcasecmp(path, "p0"))
		path = "";
	else if ((*path == 'P' && isdigit((unsigned char)path[1])))
		*path = 'p';
	if (asprintf(&s->path, "/%s", path) < 0)
		tool_no_memory(t);
	free(taken);
}

/* "--share SPEC" for messages, up to the value of a key in it, which is secret. */
static char *origin_of(struct tool *t, const char *spec)
{
	const char *key = strstr(spec, "?key="), *next = strstr(spec, "&key=");
	char *origin;
	int len;

	if (!key || (next && next < key))
		key = next;
	len = key ? key - spec + strlen("?key=") : strlen(spec);
	if (asprintf(&origin, "--share %.*s%s", len, spec, key ? "***" : "") < 0)
		tool_no_memory(t);
	return origin;
}

void shares_add(struct tool *t, struct shares *shares, const char *spec)
{
	char *text = copy(t, spec), *path = text, *equals = strchr(text, '=');
	char *origin = origin_of(t, spec);
	struct share *s;

	s = new_share(t, shares, origin);
	free(origin);
	/* An equals sign of an option, or of a name in the path, does not end a name. */
	if (equals && memchr(text, '/', equals - text) == NULL &&
	    memchr(text, ':', equals - text) == NULL && memchr(text, '?', equals - text) == NULL) {
		*equals = '\0';
		path = equals + 1;
		set_name(t, shares, s, text);
	}
	take_options(t, s, path);
	if (!*path)
		tool_usage(t, "%s: no path given", s->origin);
	if (!*s->name) {
		char name[SHARE_NAME_MAX + 2];

		default_name(name, sizeof(name), path);
		set_name(t, shares, s, name);
	}
	set_path(t, s, path);
	free(text);
}

struct share *shares_add_named(struct tool *t, struct shares *shares, const char *origin,
			       const char *name, const char *path)
{
	struct share *s = new_share(t, shares, origin);
	char *text = copy(t, path);

	set_name(t, shares, s, name);
	set_path(t, s, text);
	free(text);
	return s;
}

/* ---- Images ---- */

/* "--share 1" means /p1 of the only image. */
static void find_number(struct tool *t, struct share *s)
{
	const char *digits = place_plain_number(s->image, s->path);
	char *path;

	if (!digits)
		return;
	if (asprintf(&path, "/p%s", digits) < 0)
		tool_no_memory(t);
	tool_note(t, "%s: taken as p%s", s->origin, digits);
	free(s->path);
	s->path = path;
}

static void find_image(struct tool *t, struct share *s)
{
	const char *rest;
	int rc;

	if (t->nr_members && !s->whole)
		tool_usage(t, "%s: there are several images; write diskN/%s", s->origin,
			   s->path + 1);
	if (s->image_index > t->nr_members)
		tool_usage(t, "%s: there is no disk%u", s->origin, s->image_index);
	s->image = image_of(t, s->image_index);
	find_number(t, s);
	rc = anyfs_image_split_path(s->image, s->path, &rest);
	if (rc == 1) {
		tool_error(t, "%s: it only lists volumes; share each of them", s->origin);
		tool_finish(t);
	}
	if (rc < 0) {
		tool_error(t, "%s: %s", s->origin, anyfs_strerror_last());
		if (rc == -ENOKEY)
			t->status = EXIT_KEY;
		tool_finish(t);
	}
	s->whole = !rest[strspn(rest, "/")];
}

static void add_default(struct tool *t, struct shares *shares, unsigned int index,
			const char *path)
{
	char spec[300], name[SHARE_NAME_MAX + 2];
	struct share *s;

	if (shares->nr == SHARES_MAX) {
		tool_note(t, "%s%s: not shared: there are %d shares already",
			  shares_image_path(t, index), path, SHARES_MAX);
		return;
	}
	if (t->nr_members)
		snprintf(spec, sizeof(spec), "disk%u/%s", index, path[1] ? path + 1 : "p0");
	else
		snprintf(spec, sizeof(spec), "%s", path[1] ? path + 1 : "p0");
	s = new_share(t, shares, spec);
	s->path = copy(t, path);
	s->image_index = index;
	s->image = image_of(t, index);
	s->whole = s->by_default = true;
	default_name(name, sizeof(name), spec);
	set_name(t, shares, s, name);
}

/* Share each file system at and below @node; skip nodes that cannot be opened, with a note. */
static void add_below(struct tool *t, struct shares *shares, unsigned int index,
		      struct anyfs_node *node)
{
	bool is_filesystem = anyfs_node_kind(node) == ANYFS_NODE_FILESYSTEM;
	struct anyfs_node *child;

	if (anyfs_node_kind(node) == ANYFS_NODE_OTHER)
		return;
	if (!(is_filesystem && shares->at_first_use) && anyfs_node_enter(node)) {
		tool_note(t, "%s%s: not shared: %s", shares_image_path(t, index),
			  anyfs_node_path(node), anyfs_strerror_last());
		return;
	}
	if (is_filesystem) {
		add_default(t, shares, index, anyfs_node_path(node));
		return;
	}
	for (unsigned int i = 0; (child = anyfs_node_child(node, i)); i++)
		add_below(t, shares, index, child);
}

void shares_find(struct tool *t, struct shares *shares)
{
	for (size_t i = 0; i < shares->nr; i++)
		find_image(t, &shares->list[i]);
	if (shares->nr)
		return;
	for (unsigned int i = 0; i <= t->nr_members; i++)
		add_below(t, shares, i, anyfs_image_node(image_of(t, i)));
	if (!shares->nr) {
		tool_error(t, "%s: no file system to share", t->image_path);
		tool_finish(t);
	}
}

/* ---- The tree ---- */

static void share_path(const struct share *s, char *path, size_t len)
{
	snprintf(path, len, SHARES_ROOT "/%s", s->name);
}

static int bind_directory(const struct share *s, int dir)
{
	char path[sizeof(SHARES_ROOT) + SHARE_NAME_MAX + 1];
	int tree;
	long rc;

	share_path(s, path, sizeof(path));
	rc = lkl_sys_mkdir(path, 0755);
	if (rc && rc != -EEXIST)
		return rc;
	tree = lkl_sys_open_tree(dir, "", LKL_AT_EMPTY_PATH | LKL_OPEN_TREE_CLONE |
				 LKL_OPEN_TREE_CLOEXEC);
	if (tree < 0)
		return tree;
	rc = lkl_sys_move_mount(tree, "", LKL_AT_FDCWD, path, LKL_MOVE_MOUNT_F_EMPTY_PATH);
	lkl_sys_close(tree);
	return rc;
}

/* 0, or -errno with the reason in *@why. */
static int bind_share(struct share *s, const char **why)
{
	int dir = anyfs_image_openat(s->image, s->path, LKL_O_PATH | LKL_O_DIRECTORY, 0), rc;

	if (dir < 0) {
		*why = anyfs_strerror_last();
		return dir;
	}
	rc = bind_directory(s, dir);
	lkl_sys_close(dir);
	*why = lkl_strerror(rc);
	s->bound = !rc;
	return rc;
}

int shares_use(struct tool *t, struct share *s)
{
	const char *why;
	int rc = s->bound ? 0 : bind_share(s, &why);

	if (rc)
		tool_note(t, "%s: %s: %s", shares_image_path(t, s->image_index), s->origin, why);
	return rc;
}

void shares_bind(struct tool *t, struct shares *shares)
{
	long rc = lkl_sys_mkdir(SHARES_ROOT, 0755);

	if (!rc)
		rc = lkl_sys_mount("tmpfs", SHARES_ROOT, "tmpfs", LKL_MS_NODEV | LKL_MS_NOSUID,
				   "mode=755,size=1m");
	if (rc) {
		tool_error(t, "preparing the shares: %s", lkl_strerror(rc));
		tool_finish(t);
	}
	for (size_t i = 0; i < shares->nr; i++) {
		struct share *s = &shares->list[i];
		const char *why;

		if (shares->at_first_use && s->by_default)
			continue;
		if (!bind_share(s, &why))
			continue;
		tool_error(t, "%s: %s: %s", shares_image_path(t, s->image_index), s->origin, why);
		tool_finish(t);
	}
}

/*
 * When the server has ended, the kernel closes its files a little later, on a work queue.  An
 * open file keeps its file system from being unmounted cleanly: wait until all are closed.
 */
static long unmount_unused(const char *path)
{
	struct __lkl__kernel_timespec pause = { .tv_nsec = 1000000 };
	long rc = lkl_sys_umount(path, 0);

	for (int i = 0; i < UNBIND_TRIES && rc == -EBUSY; i++) {
		lkl_sys_nanosleep(&pause, NULL);
		rc = lkl_sys_umount(path, 0);
	}
	return rc;
}

void shares_unbind(struct tool *t, struct shares *shares)
{
	char path[sizeof(SHARES_ROOT) + SHARE_NAME_MAX + 1];

	for (size_t i = 0; i < shares->nr; i++) {
		struct share *s = &shares->list[i];
		long rc;

		if (!s->bound)
			continue;
		share_path(s, path, sizeof(path));
		rc = unmount_unused(path);
		if (!rc)
			continue;
		tool_error(t, "%s: %s: %s", shares_image_path(t, s->image_index), s->origin,
			   rc == -EBUSY ? "the server has not closed all files" : lkl_strerror(rc));
		lkl_sys_umount(path, LKL_MNT_DETACH);
	}
	lkl_sys_umount(SHARES_ROOT, LKL_MNT_DETACH);
}
