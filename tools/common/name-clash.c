// SPDX-License-Identifier: GPL-2.0
/*
 * name-clash.c - detect two names of a run that the file system treats as one
 *
 * Creating a file only appends its name to a list.  The directory is listed when a name is
 * taken for the first time: if the listing has exactly that name and this run did not create
 * it, the file is older than the run.  Created names that the listing does not have were
 * changed by the file system; these are compared by inode.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "dirlist.h"
#include "messages.h"
#include "name-clash.h"
#include "output.h"

/* Zero-terminated names, one after the other. */
struct list {
	char *text;
	size_t len, size;
};

struct names_dir {
	struct tool *t;
	struct names *run;
	char *path;
	struct list made;
	bool listed;			/* the members below are set */
	void *index;			/* tree of the names in @made, each allocated */
	struct dirlist before;		/* the entries when the directory was listed */
	struct list changed;		/* names of @made that the listing does not show */
};

static void list_add(struct tool *t, struct list *l, const char *name)
{
	size_t len = strlen(name) + 1;

	if (l->len + len > l->size) {
		l->size = 2 * l->size + len + 64;
		l->text = realloc(l->text, l->size);
		if (!l->text)
			tool_no_memory(t);
	}
	memcpy(l->text + l->len, name, len);
	l->len += len;
}

static int compare_dirs(const void *a, const void *b)
{
	return strcmp(((const struct names_dir *)a)->path, ((const struct names_dir *)b)->path);
}

bool names_is_known(const struct names *names, const char *path)
{
	const struct names_dir key = { .path = (char *)path };

	return tfind(&key, &names->dirs, compare_dirs);
}

struct names_dir *names_dir(struct tool *t, struct names *names, const char *path)
{
	const struct names_dir key = { .path = (char *)path };
	struct names_dir *const *found = tfind(&key, &names->dirs, compare_dirs), *d;

	if (found)
		return *found;
	d = calloc(1, sizeof(*d));
	if (!d)
		tool_no_memory(t);
	*d = (struct names_dir){ .t = t, .run = names, .path = strdup(path) };
	if (!d->path || !tsearch(d, &names->dirs, compare_dirs))
		tool_no_memory(t);
	return d;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void index_add(struct names_dir *d, const char *name)
{
	char *copy = strdup(name);
	char *const *found = copy ? tsearch(copy, &d->index, compare_names) : NULL;

	if (!found)
		tool_no_memory(d->t);
	if (*found != copy)
		free(copy);
}

void names_made(struct names_dir *d, const char *name)
{
	list_add(d->t, &d->made, name);
	if (d->listed)
		index_add(d, name);
}

static int compare_entry(const void *name, const void *entry)
{
	return strcmp(name, ((const struct dirlist_entry *)entry)->name);
}

static bool existed_before(const struct names_dir *d, const char *name)
{
	return bsearch(name, d->before.entries, d->before.nr, sizeof(*d->before.entries),
		       compare_entry);
}

/* List the directory, once.  0 or -errno. */
static long list_directory(struct names_dir *d, const struct side *side, int dir)
{
	long fd, rc;

	if (d->listed)
		return 0;
	fd = side->open_dir(dir, ".");
	if (fd < 0)
		return fd;
	rc = dirlist_read(side, fd, ORDER_NAME, &d->before);
	side->close(fd);
	if (rc < 0)
		return rc;
	d->listed = true;
	for (size_t at = 0; at < d->made.len; at += strlen(d->made.text + at) + 1) {
		index_add(d, d->made.text + at);
		if (!existed_before(d, d->made.text + at))
			list_add(d->t, &d->changed, d->made.text + at);
	}
	return 0;
}

static bool same_file(const struct lkl_statx *a, const struct lkl_statx *b)
{
	return a->stx_ino == b->stx_ino && a->stx_dev_major == b->stx_dev_major &&
	       a->stx_dev_minor == b->stx_dev_minor;
}

/* The name in @list that is the same file as @name, or NULL. */
static const char *find_rival(const struct list *list, const struct side *side, int dir,
			      const char *name)
{
	struct lkl_statx this, other;

	if (!list->len || side->stat(dir, name, &this) < 0)
		return NULL;
	for (size_t at = 0; at < list->len; at += strlen(list->text + at) + 1)
		if (side->stat(dir, list->text + at, &other) >= 0 && same_file(&this, &other))
			return list->text + at;
	return NULL;
}

long names_check(struct names_dir *d, const struct side *side, int dir, const char *name)
{
	long rc = list_directory(d, side, dir);
	bool exact;

	if (rc < 0)
		return rc;
	if (tfind(name, &d->index, compare_names))
		return 0;
	exact = existed_before(d, name);
	d->run->rival = find_rival(exact ? &d->changed : &d->made, side, dir, name);
	/* A directory reached through a link has a second list, which may have the name. */
	if (d->run->rival || (!exact && d->run->by_link))
		return NAMES_REFUSED;
	if (!exact)
		list_add(d->t, &d->changed, name);
	names_made(d, name);
	return 0;
}

void names_report(struct tool *t, const struct names *names, const char *path, const char *what)
{
	char *rival = names->rival ? escape_text(names->rival, false) : NULL;
	char reason[512];

	if (rival)
		snprintf(reason, sizeof(reason),
			 "%s: this file system does not distinguish this name from \"%s\", which came first",
			 what, rival);
	else
		snprintf(reason, sizeof(reason),
			 "%s: this file system does not distinguish this name from that of another file", what);
	tool_failed(t, path, reason, -EEXIST);
	free(rival);
}
