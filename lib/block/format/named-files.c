// SPDX-License-Identifier: GPL-2.0
/*
 * named-files.c - files that an image names, and images over a parent
 *
 * A differencing image stores the changes; all other data are in its parent.  If the
 * parent was changed later, the result would be a disk that never existed, so the parent's
 * identity is compared if the format records it.
 */
#include <errno.h>
#include <string.h>
#include "error.h"
#include "mapped.h"

int format_open_named(struct blockdev *lower, const struct format_options *options,
		      const char *kind, const char *name, const char *format,
		      struct blockdev **bd)
{
	if (!*name)
		return error_set(-EINVAL, "%s: has a %s and does not name it", lower->name, kind);
	if (!options->open_other)
		return error_set(-EPERM, "%s: needs its %s %s; allow images to name other files (--allow-backing) if you trust it",
				 lower->name, kind, name);
	return options->open_other(options->data, lower, name, format, bd);
}

int format_check_parent(const struct blockdev *lower, const char *identity,
			struct blockdev **parent)
{
	int err;

	if (!*identity || !strcmp(identity, mapped_identity(*parent)))
		return 0;
	err = error_set(-ESTALE, "%s: its parent %s was changed, or is another image (%s, not %s)",
			lower->name, (*parent)->name, mapped_identity(*parent), identity);
	blockdev_close(*parent);
	*parent = NULL;
	return err;
}

int format_open_parent(struct blockdev *lower, const struct format_options *options,
		       const char *name, const char *format, const char *identity,
		       struct blockdev **bd)
{
	int err = format_open_named(lower, options, "parent", name, format, bd);

	return err ? err : format_check_parent(lower, identity, bd);
}

void run_inherit(struct run *run, struct blockdev *parent, uint64_t offset)
{
	if (parent && offset < parent->capacity) {
		run->kind = RUN_DATA;
		run->from = parent;
		run->offset = offset;
		if (run->len > parent->capacity - offset)
			run->len = parent->capacity - offset;
	} else {
		run->kind = RUN_ZERO;
		run->hole = true;
	}
}

int format_refuse_snapshot(const struct blockdev *lower, const struct format_options *options,
			   const char *kind)
{
	if (!options->snapshot)
		return 0;
	return error_set(-EOPNOTSUPP, "%s: %s has no snapshots", lower->name, kind);
}

int format_unreadable(const struct blockdev *lower, int err)
{
	return error_set(err, "%s: cannot be read: %s", lower->name, error_name(err));
}
