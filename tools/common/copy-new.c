// SPDX-License-Identifier: GPL-2.0
/*
 * copy-new.c - create a file, replacing an existing one of that name
 *
 * The new file gets a temporary name and is renamed over the old one when it is complete:
 * a copy that fails midway leaves the old file intact.
 */
#include <errno.h>
#include <stdio.h>
#include "copy-new.h"

#define TEMP_TRIES	1000

/* The type (LKL_S_IF*) of the existing file of that name, 0 if there is none. */
static unsigned int type_of(const struct copy_place *at)
{
	struct lkl_statx stx;

	return at->side->stat(at->dir, at->name, &stx) < 0 ? 0 : stx.stx_mode & LKL_S_IFMT;
}

/* Returns 0 if the existing file of that name may be replaced, else -errno. */
static long may_replace(const struct copy_place *at)
{
	long rc = at->names ? names_check(at->names, at->side, at->dir, at->name) : 0;

	return rc >= 0 && type_of(at) == LKL_S_IFDIR ? -EISDIR : rc;
}

/* Like may_replace(), for a new regular file. */
static long file_may_replace(const struct copy_place *at)
{
	unsigned int type = at->side->is_image ? LKL_S_IFREG : type_of(at);

	if (type == LKL_S_IFCHR || type == LKL_S_IFBLK || type == LKL_S_IFIFO ||
	    type == LKL_S_IFSOCK)
		return COPY_IS_SPECIAL;
	return may_replace(at);
}

static void note_made(const struct copy_place *at)
{
	if (at->names)
		names_made(at->names, at->name);
}

/*
 * Call @make with a temporary name in @at's directory, and store that name in @temp.  The
 * second format is for msdos, whose names cannot begin with a dot.
 */
static long make_temp(const struct copy_place *at, char temp[COPY_TEMP_LEN], copy_make_fn *make,
		      void *data)
{
	const char *formats[] = { ".anyfs-new-%d", "anyfs%d.new" };
	long rc = -EINVAL;

	for (int i = 0; i < 2 && rc == -EINVAL; i++) {
		rc = -EEXIST;
		for (int j = 0; j < TEMP_TRIES && rc == -EEXIST; j++) {
			snprintf(temp, COPY_TEMP_LEN, formats[i], j);
			rc = make(data, at->dir, temp);
		}
	}
	return rc;
}

static long make_file(void *data, int dir, const char *name)
{
	return ((const struct side *)data)->create(dir, name);
}

static long create_temp(const struct copy_place *at, char temp[COPY_TEMP_LEN])
{
	return make_temp(at, temp, make_file, (void *)at->side);
}

long copy_new_begin(struct copy_new *n, const struct copy_place *at)
{
	long fd = at->side->create(at->dir, at->name), rc;

	*n = (struct copy_new){ .at = *at, .fd = fd };
	if (fd >= 0)
		note_made(at);
	if (fd != -EEXIST)
		return fd;
	rc = file_may_replace(at);
	n->fd = rc < 0 ? rc : create_temp(at, n->temp);
	return n->fd;
}

/*
 * Close the file; the data of one that replaces another is stored first: a file system
 * without a journal may store the new name earlier than the data.
 */
static long close_new(const struct copy_new *n, bool complete)
{
	const struct side *side = n->at.side;
	long stored = complete && *n->temp && side->store ? side->store(n->fd) : 0;
	long closed = side->close(n->fd);

	return stored < 0 ? stored : closed;
}

long copy_new_end(struct copy_new *n, bool complete)
{
	const struct copy_place *at = &n->at;
	long rc = close_new(n, complete);

	if (!complete || rc < 0) {
		at->side->unlink(at->dir, *n->temp ? n->temp : at->name);
		return rc;
	}
	if (!*n->temp)
		return 0;
	rc = at->side->rename(at->dir, n->temp, at->dir, at->name);
	if (rc < 0)
		at->side->unlink(at->dir, n->temp);
	return rc;
}

long copy_replace(const struct copy_place *at, copy_make_fn *make, void *data)
{
	char temp[COPY_TEMP_LEN];
	long rc = make(data, at->dir, at->name);

	if (rc >= 0)
		note_made(at);
	if (rc != -EEXIST)
		return rc;
	rc = may_replace(at);
	if (rc >= 0)
		rc = make_temp(at, temp, make, data);
	if (rc < 0)
		return rc;
	rc = at->side->rename(at->dir, temp, at->dir, at->name);
	/* rename() of one hard link onto another of the same file does nothing. */
	at->side->unlink(at->dir, temp);
	return rc;
}

long copy_free_name(const struct side *side, int dir, char name[COPY_TEMP_LEN])
{
	const struct copy_place at = { .side = side, .dir = dir };
	long fd = create_temp(&at, name);

	if (fd < 0)
		return fd;
	side->close(fd);
	return side->unlink(dir, name);
}

long copy_replace_by_dir(const struct copy_place *at, unsigned int mode)
{
	char aside[COPY_TEMP_LEN];
	long fd = create_temp(at, aside), rc;

	if (fd < 0)
		return fd;
	at->side->close(fd);
	rc = at->side->rename(at->dir, at->name, at->dir, aside);
	if (rc >= 0) {
		rc = at->side->mkdir(at->dir, at->name, mode);
		if (rc < 0)
			at->side->rename(at->dir, aside, at->dir, at->name);
	}
	at->side->unlink(at->dir, aside);
	return rc;
}

long copy_mkdir(const struct copy_place *at, unsigned int mode)
{
	long rc = at->side->mkdir(at->dir, at->name, mode), taken;

	if (rc >= 0)
		note_made(at);
	if (rc != -EEXIST || !at->names)
		return rc;
	taken = names_check(at->names, at->side, at->dir, at->name);
	return taken < 0 ? taken : rc;
}
