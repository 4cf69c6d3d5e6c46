// SPDX-License-Identifier: GPL-2.0
/*
 * copy-filter.c - the files that a copy leaves out: --include, --exclude, --update
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "copy-filter.h"
#include "messages.h"
#include "options.h"

void copy_filter_add(struct tool *t, struct copy_filter *f, const char *pattern, bool include)
{
	struct copy_rule *more = reallocarray(f->rules, f->nr + 1, sizeof(*more));

	if (!*pattern || !strcmp(pattern, "/"))
		tool_usage(t, "--%s needs a pattern", include ? "include" : "exclude");
	if (!more)
		tool_no_memory(t);
	f->rules = more;
	f->rules[f->nr++] = (struct copy_rule){ pattern, include };
}

/* Match the pattern @p of @len bytes with @path or, unless it is anchored, a tail of it. */
static bool pattern_matches(const char *p, size_t len, const char *path)
{
	bool anchored = *p == '/', components = memchr(p, '/', len) != NULL;
	char *pattern = strndup(p + anchored, len - anchored);
	const char *base = strrchr(path, '/');
	bool found = false;

	if (!pattern)
		return false;
	if (!components) {
		found = !fnmatch(pattern, base ? base + 1 : path, 0);
	} else {
		found = !fnmatch(pattern, path, FNM_PATHNAME);
		while (!found && !anchored && (path = strchr(path, '/')))
			found = !fnmatch(pattern, ++path, FNM_PATHNAME);
	}
	free(pattern);
	return found;
}

bool copy_filter_wants(const struct copy_filter *f, const char *below, bool is_dir)
{
	for (size_t i = 0; *below && i < f->nr; i++) {
		size_t len = strlen(f->rules[i].pattern);
		bool dirs_only = f->rules[i].pattern[len - 1] == '/';

		if (dirs_only && !is_dir)
			continue;
		if (pattern_matches(f->rules[i].pattern, len - dirs_only, below))
			return f->rules[i].include;
	}
	return true;
}

static int compare_times(const struct lkl_statx_timestamp *a, const struct lkl_statx_timestamp *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return a->tv_nsec < b->tv_nsec ? -1 : a->tv_nsec > b->tv_nsec;
}

bool copy_is_current(const struct copy *c, const struct copy_item *it)
{
	struct lkl_statx old;
	unsigned int type = it->stx->stx_mode & LKL_S_IFMT;
	int newer;

	if (it->to_dir < 0 || c->to->stat(it->to_dir, it->to_name, &old) < 0 ||
	    (old.stx_mode & LKL_S_IFMT) != type)
		return false;
	newer = compare_times(&old.stx_mtime, &it->stx->stx_mtime);
	return newer > 0 || (!newer && (type != LKL_S_IFREG || old.stx_size == it->stx->stx_size));
}
