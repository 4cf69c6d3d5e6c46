// SPDX-License-Identifier: GPL-2.0
/*
 * same-file.c - whether two names are one file, and whether a directory lies in another
 */
#include "same-file.h"

static bool equal(const struct lkl_statx *a, const struct lkl_statx *b)
{
	return a->stx_ino == b->stx_ino && a->stx_dev_major == b->stx_dev_major &&
	       a->stx_dev_minor == b->stx_dev_minor;
}

bool side_same_file(const struct side *side, int dir, const char *name, int other_dir,
		    const char *other)
{
	struct lkl_statx a, b;

	return side->stat(dir, name, &a) >= 0 && side->stat(other_dir, other, &b) >= 0 &&
	       equal(&a, &b);
}

bool side_is_inside(const struct side *side, int dir, int top, const char *name)
{
	struct lkl_statx target, here, above;
	long fd = side->open_dir(dir, ".");
	bool inside = false;

	if (fd < 0 || side->stat(top, name, &target) < 0 || side->stat(fd, ".", &here) < 0) {
		if (fd >= 0)
			side->close(fd);
		return false;
	}
	/* The parent of the root is the root. */
	while (!(inside = equal(&here, &target)) && side->stat(fd, "..", &above) >= 0 &&
	       !equal(&here, &above)) {
		long up = side->open_dir(fd, "..");

		if (up < 0)
			break;
		side->close(fd);
		fd = up;
		here = above;
	}
	side->close(fd);
	return inside;
}
