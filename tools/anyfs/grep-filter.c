// SPDX-License-Identifier: GPL-2.0
/*
 * grep-filter.c - select the files to search: --include, --exclude, --exclude-dir
 *
 * As in GNU grep, the last filter that matches decides, and if none does, a file is left out
 * only if the first filter is an --include.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "grep.h"
#include "messages.h"

void grep_filter_add(struct grep *g, const char *glob, bool include, bool dirs)
{
	struct grep_filter *more = realloc(g->filters, (g->nr_filters + 1) * sizeof(*more));

	if (!more)
		tool_no_memory(g->t);
	g->filters = more;
	g->filters[g->nr_filters++] = (struct grep_filter){ glob, include, dirs };
}

/* Whether @glob matches @name, or with @suffix the end of @name after any slash. */
static bool matches(const char *glob, const char *name, bool suffix)
{
	if (!fnmatch(glob, name, 0))
		return true;
	for (const char *p = name; suffix && *p; p++)
		if (*p == '/' && p[1] && p[1] != '/' && !fnmatch(glob, p + 1, 0))
			return true;
	return false;
}

bool grep_filtered(const struct grep *g, const char *name, bool dir, bool operand)
{
	bool first = true, out = false;

	for (size_t i = 0; i < g->nr_filters; i++) {
		const struct grep_filter *f = &g->filters[i];

		if (f->dirs != dir)
			continue;
		if (first)
			out = f->include;
		first = false;
		if (matches(f->glob, name, operand))
			out = !f->include;
	}
	return out;
}
