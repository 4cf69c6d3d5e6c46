// SPDX-License-Identifier: GPL-2.0
/*
 * path.c - split paths of the namespace into partition and rest
 *
 * Pure text.  Only the components up to the partition are examined; the kernel resolves
 * the rest.
 */
#include <errno.h>
#include <string.h>
#include "image.h"
#include "part-name.h"

bool part_set_has(const struct part_set *set, unsigned int part)
{
	return part <= PART_MAX && set->bits[part / 64] >> part % 64 & 1;
}

/* Skip slashes and "." components; at the root also "..", which is the root again. */
const char *path_skip_slashes(const char *p, bool at_root)
{
	for (;;) {
		size_t len = strcspn(p, "/");

		if (!len && *p)
			p++;
		else if ((len == 1 && *p == '.') || (at_root && len == 2 && !strncmp(p, "..", 2)))
			p += len;
		else
			return p;
	}
}

/* Parse the component "p12" and get its length; -1 if @p does not begin with one. */
static int part_component(const char *p, size_t *len)
{
	unsigned int part;
	const char *end = *p == 'p' ? part_name_parse(p, &part) : NULL;

	if (!end || part > PART_MAX || (*end && *end != '/'))
		return -1;
	*len = end - p;
	return part;
}

bool path_names_part(const char *path)
{
	size_t len;

	return part_component(path_skip_slashes(path, true), &len) >= 0;
}

int path_split(const struct part_set *parts, const char *path, int *part, const char **rest)
{
	const char *p = path_skip_slashes(path, true);
	size_t len;

	*rest = p;
	*part = 0;
	if (!parts)
		return 0;
	*part = -1;
	if (!*p)
		return 0;
	*part = part_component(p, &len);
	if (*part < 0 || (*part > 0 && !part_set_has(parts, *part)))
		return -ENOENT;
	*rest = path_skip_slashes(p + len, false);
	return 0;
}
