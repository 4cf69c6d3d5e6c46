// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-get.c - anyfs get: copy files and trees out of an image
 *
 * Like cp -a: into DEST if that is a directory, else under that name.  Every
 * directory of the tree keeps its copy open while it is walked.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "copy.h"

/* A directory that is being copied. */
struct level {
	int fd;				/* its copy */
	struct lkl_statx stx;
};

/* One PATH of the command line. */
struct get {
	struct copy *c;
	const char *name;		/* what it becomes, below copy.base; "" : copy.base itself */
	struct strbuf to_path;
	struct level *levels;		/* WALK_DEPTH_MAX + 1 */
};

static bool file_stat(struct copy *c, int dirfd, const char *name, const char *path,
		      struct lkl_statx *stx)
{
	long rc = lkl_sys_statx(dirfd, name, LKL_AT_SYMLINK_NOFOLLOW, ENTRY_MASK, stx);

	if (rc < 0) {
		progress_end(c);
		tool_errno(c->t, path, rc);
	}
	return rc >= 0;
}

/* The copy of a directory, made or there already ("": @dir itself).  A descriptor or -errno. */
static int open_copy(int dir, const char *name)
{
	int fd;

	if (!*name)
		name = ".";
	else if (mkdirat(dir, name, 0700) && errno != EEXIST)
		return -errno;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int enter(void *data, const struct walk_node *node)
{
	struct get *g = data;
	struct level *level = &g->levels[node->depth];
	int fd;

	if (!file_stat(g->c, node->fd, ".", node->path, &level->stx))
		return -1;
	if (!node->depth)
		fd = open_copy(g->c->base, g->name);
	else
		fd = open_copy(g->levels[node->depth - 1].fd, node->name);
	if (fd < 0) {
		copy_host_error(g->c, node->path, -fd);
		return -1;
	}
	level->fd = fd;
	return 0;
}

static void leave(void *data, const struct walk_node *node)
{
	struct get *g = data;
	struct level *level = &g->levels[node->depth];
	const struct copy_item it = {
		.from_dir = node->fd, .from_name = ".", .path = node->path, .stx = &level->stx,
	};

	if (!node->depth && !*g->name)
		;			/* the user's own directory: left as it is */
	else if (tool_is_root(g->c->t, node->path))
		fchmod(level->fd, 0755);
	else
		copy_meta(g->c, &it, level->fd);
	if (close(level->fd))
		copy_host_error(g->c, node->path, errno);
	g->c->files++;
}

static void other(void *data, const struct walk_node *node)
{
	struct get *g = data;
	struct lkl_statx stx;
	struct copy_item it = {
		.from_dir = node->dirfd, .from_name = node->name,
		.to_dir = g->levels[node->depth - 1].fd, .to_name = node->name,
		.path = node->path, .stx = &stx,
	};
	size_t len;

	if (!file_stat(g->c, node->dirfd, node->name, node->path, &stx))
		return;
	len = strbuf_push(g->c->t, &g->to_path, node->below);
	it.to_path = g->to_path.text;
	copy_file(g->c, &it);
	strbuf_pop(&g->to_path, len);
}

static void get_tree(struct get *g, const char *path)
{
	static const struct walk_ops ops = { .enter = enter, .leave = leave, .other = other };
	int fd = tool_openat(g->c->t, path, LKL_O_RDONLY | LKL_O_DIRECTORY);

	if (fd < 0)
		return;
	g->levels = malloc((WALK_DEPTH_MAX + 1) * sizeof(*g->levels));
	if (!g->levels)
		tool_no_memory(g->c->t);
	strbuf_push(g->c->t, &g->to_path, g->name);
	walk_tree(g->c->t, path, fd, &ops, g);
	free(g->levels);
	free(g->to_path.text);
}

static void get_path(struct copy *c, const char *path, const char *to_name)
{
	struct get g = { .c = c, .name = to_name };
	struct lkl_statx stx;
	char *name;
	int dirfd = tool_locate(c->t, path, &name);

	if (dirfd < 0)
		return;
	if (file_stat(c, dirfd, name, path, &stx)) {
		const struct copy_item it = {
			.from_dir = dirfd, .from_name = name, .to_dir = c->base,
			.to_name = to_name, .to_path = to_name, .path = path, .stx = &stx,
		};

		if ((stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR)
			get_tree(&g, path);
		else
			copy_file(c, &it);
	}
	lkl_sys_close(dirfd);
	free(name);
}

/* The last component; "" for the root and for "." and "..". */
static char *last_name(struct tool *t, const char *path)
{
	size_t end = strlen(path), begin;
	char *name;

	while (end && path[end - 1] == '/')
		end--;
	for (begin = end; begin && path[begin - 1] != '/'; begin--)
		;
	name = strndup(path + begin, end - begin);
	if (!name)
		tool_no_memory(t);
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		*name = '\0';
	return name;
}

/* Open the directory that @dest stands in. */
static int open_parent(struct tool *t, const char *dest)
{
	size_t len = strlen(dest);
	char *parent;
	int fd;

	while (len && dest[len - 1] == '/')
		len--;
	while (len && dest[len - 1] != '/')
		len--;
	parent = len ? strndup(dest, len) : strdup(".");
	if (!parent)
		tool_no_memory(t);
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		tool_error(t, "%s: %s", dest, strerror(errno));
		tool_finish(t);
	}
	free(parent);
	return fd;
}

static void get_all(struct copy *c, char **paths, int nr, const char *dest)
{
	char *name;

	c->base = open(dest, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->base >= 0) {
		for (int i = 0; i < nr; i++) {
			name = last_name(c->t, paths[i]);
			get_path(c, paths[i], name);
			free(name);
		}
		return;
	}
	if (nr > 1 || (errno != ENOENT && errno != ENOTDIR)) {
		tool_error(c->t, "%s: %s", dest, nr > 1 && errno == ENOENT ?
			   "no such directory, make it first" : strerror(errno));
		return;
	}
	c->base = open_parent(c->t, dest);
	name = last_name(c->t, dest);
	if (*name)
		get_path(c, paths[0], name);
	else
		tool_error(c->t, "%s: %s", dest, strerror(ENOENT));
	free(name);
}

static void summarise(struct copy *c)
{
	if (c->lost_modes)
		tool_note(c->t, "note: set-id bits of %llu files not kept, as their owners are not (run as root to keep both)",
			  (unsigned long long)c->lost_modes);
	if (c->lost_xattrs)
		tool_note(c->t, "note: %llu extended attributes not kept, the destination does not take them",
			  (unsigned long long)c->lost_xattrs);
}

static void raise_limit(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	struct copy c = { .t = t, .root = geteuid() == 0 };

	while (tool_getopt(t, argc, argv, "", options) != -1)
		;
	tool_need_args(t, argc, 3, 0);
	c.buf = malloc(COPY_BUFFER);
	if (!c.buf)
		tool_no_memory(t);
	raise_limit();
	tool_open(t, argv[optind]);
	progress_begin(&c);
	get_all(&c, argv + optind + 1, argc - optind - 2, argv[argc - 1]);
	progress_end(&c);
	summarise(&c);
	return 0;
}

const struct verb verb_get = {
	.name = "get",
	.args = "IMAGE PATH... DEST",
	.summary = "copy files and trees out of an image",
	.help = "Into DEST if that is a directory, else under that name.  Modes, times, links,\n"
		"holes and attributes are kept, owners and devices if run as root.\n\n",
	.run = run,
};
