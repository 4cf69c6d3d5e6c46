// SPDX-License-Identifier: GPL-2.0
/*
 * parse-paths.c - fuzz the paths of sessions, and the escapes in them
 */
#include <stdlib.h>
#include <string.h>
#include "anyfs_session.h"
#include "parser.h"
#include "tester.h"

static void check(const AnyfsPath *path)
{
	if (!path->n_comp || path->n_comp > ANYFS_PATH_MAX_COMPONENTS)
		die("%zu components were accepted", path->n_comp);
	for (size_t i = 0; i < path->n_comp; i++)
		if (i && !path->comp[i].p)
			die("component %zu is the whole disk", i);
}

static bool parse(const uint8_t *data, size_t len)
{
	char *text = strndup((const char *)data, len);
	AnyfsPath path;
	bool accepted;

	if (!text)
		die("out of memory");
	accepted = !anyfs_path_parse(text, &path);
	if (accepted)
		check(&path);
	else if (path.arena || path.n_comp)
		die("a refused path was not cleared");
	anyfs_path_free(&path);
	anyfs_path_pct_decode(text);
	free(text);
	return accepted;
}

const struct parser parser = { .parse = parse };
