// SPDX-License-Identifier: GPL-2.0
/*
 * glob.c - patterns of glob(7) in paths of the image
 *
 * A path that exists as it is written is never taken as a pattern: names in images may
 * contain * and [, and a script that removes such a file must not remove others.
 */
#include <errno.h>
#include <fnmatch.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include "dirlist.h"
#include "glob.h"
#include "messages.h"
#include "session.h"
#include "signals.h"
#include "strbuf.h"

#define MAGIC	"*?["

struct glob {
	struct tool *t;
	struct strbuf path;		/* path that the first components of the pattern matched */
	char **found;
	size_t nr, size;
};

bool glob_has_magic(const char *path)
{
	return strpbrk(path, MAGIC) != NULL;
}

void glob_prepare(char *const *args)
{
	for (; *args; args++)
		if (glob_has_magic(*args)) {
			setlocale(LC_CTYPE, "C.UTF-8");	/* "?" matches a character */
			return;
		}
}

static void add(struct glob *g, const char *path)
{
	if (g->nr + 2 > g->size) {
		size_t size = g->size ? g->size * 2 : 16;
		char **more = realloc(g->found, size * sizeof(*more));

		if (!more)
			tool_no_memory(g->t);
		g->found = more;
		g->size = size;
	}
	g->found[g->nr] = tool_strdup(g->t, path);
	g->found[++g->nr] = NULL;
}

static bool path_exists(struct tool *t, const char *path)
{
	int fd = anyfs_image_openat(t->image, path, LKL_O_PATH | LKL_O_NOFOLLOW, 0);

	if (fd >= 0)
		lkl_sys_close(fd);
	return fd >= 0;
}

/* A component of a pattern. */
struct component {
	char *text;
	const char *rest;		/* the following components; "": this is the last */
	bool slash;			/* this is the last, and slashes follow */
	bool inner;			/* "!" follows: the disk image in the file that matches */
};

static struct component take_component(struct tool *t, const char *pattern)
{
	size_t len = strcspn(pattern, "/");
	struct component c = { .text = strndup(pattern, len) };

	if (!c.text)
		tool_no_memory(t);
	c.rest = pattern + len + strspn(pattern + len, "/");
	c.slash = pattern[len] && !*c.rest;
	c.inner = len > 1 && c.text[len - 1] == '!' && glob_has_magic(c.text);
	if (c.inner)
		c.text[len - 1] = '\0';
	return c;
}

static void remove_escapes(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == '\\' && text[1])
			text++;
		*to++ = *text;
	}
	*to = '\0';
}

static void expand(struct glob *g, const char *pattern);

static void match_rest(struct glob *g, const struct component *c, const char *name)
{
	size_t len = strbuf_push(g->t, &g->path, name);

	if (c->inner) {
		strbuf_push(g->t, &g->path, "");
		g->path.text[g->path.len - 1] = '!';
	}
	if (c->slash)
		strbuf_push(g->t, &g->path, "");
	if (*c->rest)
		expand(g, c->rest);
	else if (path_exists(g->t, g->path.text))
		add(g, g->path.text);
	strbuf_pop(&g->path, len);
}

static void match_entries(struct glob *g, const struct component *c)
{
	const char *dir = g->path.len ? g->path.text : "/";
	int fd = anyfs_image_openat(g->t->image, dir, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	struct dirlist list;
	int rc;

	if (fd == -ENOENT || fd == -ENOTDIR || fd == -EMEDIUMTYPE)
		return;			/* no name in the directory matches */
	if (fd < 0) {
		tool_open_failed(g->t, dir, fd);
		return;
	}
	rc = dirlist_read(&side_image, fd, ORDER_NAME, &list);
	lkl_sys_close(fd);
	if (rc) {
		tool_errno(g->t, dir, rc);
		return;
	}
	for (size_t i = 0; i < list.nr && !tool_stopping(g->t); i++)
		if (!fnmatch(c->text, list.entries[i].name, FNM_PERIOD))
			match_rest(g, c, list.entries[i].name);
	dirlist_free(&list);
}

static void expand(struct glob *g, const char *pattern)
{
	struct component c = take_component(g->t, pattern);

	if (glob_has_magic(c.text)) {
		match_entries(g, &c);
	} else {
		remove_escapes(c.text);
		match_rest(g, &c, c.text);
	}
	free(c.text);
}

static void expand_path(struct glob *g, const char *path)
{
	size_t before = g->nr;
	uint64_t failures = g->t->failures;

	if (g->t->no_glob || !glob_has_magic(path) || path_exists(g->t, path)) {
		add(g, path);
		return;
	}
	strbuf_push(g->t, &g->path, "/");
	expand(g, path + strspn(path, "/"));
	strbuf_pop(&g->path, 0);
	if (g->nr == before && g->t->failures == failures && !tool_stopping(g->t))
		tool_path_error(g->t, path, "no path matches; --no-glob takes it literally");
}

char **tool_expand(struct tool *t, char *const *args, int *nr)
{
	struct glob g = { .t = t };

	for (; *args && !tool_stopping(t); args++)
		expand_path(&g, *args);
	for (; *args; args++)
		add(&g, *args);		/* the verb reports these paths as not processed */
	free(g.path.text);
	*nr = g.nr;
	return g.found;
}

char **tool_expand_or_root(struct tool *t, char *const *args, int *nr)
{
	char *const root[] = { (char *)session_directory(t), NULL };

	return tool_expand(t, *args ? args : root, nr);
}

char *tool_expand_one(struct tool *t, const char *path)
{
	char *const args[] = { (char *)path, NULL };
	char **paths, *one;
	int nr;

	paths = tool_expand(t, args, &nr);
	if (nr > 1)
		tool_path_error(t, path, "%d paths match; give a pattern that matches only one", nr);
	one = nr == 1 ? tool_strdup(t, paths[0]) : NULL;
	paths_free(paths);
	return one;
}

void paths_free(char **paths)
{
	for (size_t i = 0; paths && paths[i]; i++)
		free(paths[i]);
	free(paths);
}
