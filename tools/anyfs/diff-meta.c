// SPDX-License-Identifier: GPL-2.0
/*
 * diff-meta.c - compare mode, owner, times and extended attributes of two files
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "diff.h"
#include "messages.h"
#include "output.h"
#include "xattr.h"

static void compare_mode(struct diff *d, const struct diff_file f[2], const char *path)
{
	unsigned int a = f[0].stx.stx_mode & 07777, b = f[1].stx.stx_mode & 07777;
	char x[8], y[8];

	/* The mode of a symbolic link means nothing. */
	if (a == b || (f[0].stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK)
		return;
	snprintf(x, sizeof(x), "%04o", a);
	snprintf(y, sizeof(y), "%04o", b);
	diff_found(d, path, "mode", x, y);
}

static void compare_owner(struct diff *d, const struct diff_file f[2], const char *path)
{
	char x[32], y[32];

	if (f[0].stx.stx_uid == f[1].stx.stx_uid && f[0].stx.stx_gid == f[1].stx.stx_gid)
		return;
	snprintf(x, sizeof(x), "%u:%u", f[0].stx.stx_uid, f[0].stx.stx_gid);
	snprintf(y, sizeof(y), "%u:%u", f[1].stx.stx_uid, f[1].stx.stx_gid);
	diff_found(d, path, "owner", x, y);
}

static void compare_times(struct diff *d, const struct diff_file f[2], const char *path)
{
	const struct lkl_statx_timestamp *a = &f[0].stx.stx_mtime, *b = &f[1].stx.stx_mtime;
	char x[80], y[80];

	if (!(f[0].stx.stx_mask & f[1].stx.stx_mask & LKL_STATX_MTIME) ||
	    (a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec))
		return;
	format_time(a, true, x, sizeof(x));
	format_time(b, true, y, sizeof(y));
	diff_found(d, path, "mtime", x, y);
}

struct attr {
	struct attr *next;
	char *key;
	void *value;
	size_t len;
};

struct attrs {
	struct tool *t;
	struct attr *first;
};

static long take_attr(void *data, const char *key, const void *value, size_t len)
{
	struct attrs *list = data;
	struct attr *a = tool_alloc(list->t, sizeof(*a)), **at = &list->first;

	*a = (struct attr){ .key = strdup(key), .value = malloc(len + 1), .len = len };
	if (!a->key || !a->value)
		tool_no_memory(list->t);
	memcpy(a->value, value, len);
	while (*at && strcmp((*at)->key, key) < 0)
		at = &(*at)->next;
	a->next = *at;
	*at = a;
	return 0;
}

static void free_attrs(struct attrs *list)
{
	while (list->first) {
		struct attr *a = list->first;

		list->first = a->next;
		free(a->key);
		free(a->value);
		free(a);
	}
}

static bool read_attrs(struct diff *d, int end, const struct diff_file *f, const char *path,
		       struct attrs *list)
{
	const struct side_file file = { .dir = f->dir, .name = f->name, .fd = -1 };
	long rc = xattr_each(d->ends[end].side, &file, take_attr, list);

	if (rc < 0 && rc != -EOPNOTSUPP)
		diff_failed(d, end, path, rc);
	return rc >= 0 || rc == -EOPNOTSUPP;
}

static void compare_attrs(struct diff *d, const struct attr *a, const struct attr *b,
			  const char *path)
{
	while (a || b) {
		int c = !a ? 1 : !b ? -1 : strcmp(a->key, b->key);
		char what[300];

		snprintf(what, sizeof(what), "attribute %s", c <= 0 ? a->key : b->key);
		if (c)
			diff_found(d, path, what, c < 0 ? "present" : NULL, c > 0 ? "present" : NULL);
		else if (a->len != b->len || memcmp(a->value, b->value, a->len))
			diff_found(d, path, what, NULL, NULL);
		if (c <= 0)
			a = a->next;
		if (c >= 0)
			b = b->next;
	}
}

static void compare_xattrs(struct diff *d, const struct diff_file f[2], const char *path)
{
	struct attrs lists[2] = { { .t = d->t }, { .t = d->t } };

	if (read_attrs(d, 0, &f[0], path, &lists[0]) && read_attrs(d, 1, &f[1], path, &lists[1]))
		compare_attrs(d, lists[0].first, lists[1].first, path);
	free_attrs(&lists[0]);
	free_attrs(&lists[1]);
}

void diff_meta(struct diff *d, const struct diff_file f[2], const char *path)
{
	if (d->content_only)
		return;
	if (!d->no_mode)
		compare_mode(d, f, path);
	if (!d->no_owner)
		compare_owner(d, f, path);
	if (!d->no_times)
		compare_times(d, f, path);
	if (!d->no_xattrs)
		compare_xattrs(d, f, path);
}
