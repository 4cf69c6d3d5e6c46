// SPDX-License-Identifier: GPL-2.0
/*
 * manifest-apply.c - give files the metadata that a manifest lists
 *
 * Devices that are missing are created: a tree built without root has none.  All other files must
 * exist.  A path leads through symbolic links of the image, but cannot escape the directory
 * that the manifest describes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "change.h"
#include "messages.h"
#include "mtree.h"
#include "open-below.h"
#include "owner.h"
#include "side.h"
#include "signals.h"
#include "times.h"

#define CAPABILITY	"security.capability"

struct applying {
	struct tool *t;
	const char *top;		/* path of the directory, for messages */
	int base;			/* its descriptor */
	struct owner_names names;
};

/* Report @what and the text for -errno @err.  If @err is 0, @what contains the reason. */
static void failed(struct applying *a, const struct manifest_entry *e, const char *what, long err)
{
	char *path;

	if (asprintf(&path, "%s/%s", strcmp(a->top, "/") ? a->top : "", e->path) < 0)
		tool_no_memory(a->t);
	if (!err)
		tool_path_error(a->t, path, "%s", what);
	else if (err == TIMES_OUT_OF_RANGE)
		tool_failed(a->t, path, "time not set: " TIMES_WHY, err);
	else
		change_failed(a->t, path, what, err);
	free(path);
}

static bool is_device(const struct manifest_entry *e)
{
	return e->type && e->has_device && (!strcmp(e->type, "char") || !strcmp(e->type, "block"));
}

static long make_device(const struct manifest_entry *e, const struct side_file *f)
{
	unsigned int type = !strcmp(e->type, "char") ? LKL_S_IFCHR : LKL_S_IFBLK;

	return side_image.mknod(f->dir, f->name, type | 0600, e->major, e->minor);
}

/*
 * Set *@id to the number in the manifest, else to that of the name in it; OWNER_KEEP if it has
 * neither.  False if the image does not have the name.
 */
static bool find_owner(struct applying *a, const struct manifest_entry *e, bool group,
		       uint32_t *id)
{
	const char *name = group ? e->gname : e->uname;

	*id = OWNER_KEEP;
	if (group ? e->has_gid : e->has_uid)
		*id = group ? e->gid : e->uid;
	else if (name)
		return owner_id(&a->names, group, name, id);
	return true;
}

/*
 * Set the owner.  chown(2) removes file capabilities, which are set again here, and set-id bits,
 * which the caller's chmod() sets again.
 */
static long set_owner(struct applying *a, const struct manifest_entry *e,
		      const struct side_file *f, const struct lkl_statx *stx)
{
	char caps[64];
	uint32_t uid, gid;
	long len, rc;

	if (!find_owner(a, e, false, &uid) || !find_owner(a, e, true, &gid)) {
		failed(a, e, "owner not set: the image has no such user or group", 0);
		return 0;
	}
	if ((uid == OWNER_KEEP || uid == stx->stx_uid) &&
	    (gid == OWNER_KEEP || gid == stx->stx_gid))
		return 0;
	len = side_image.getxattr(f, CAPABILITY, caps, sizeof(caps));
	rc = side_image.chown(f, uid, gid);
	if (rc >= 0 && len > 0)
		rc = side_image.setxattr(f, CAPABILITY, caps, len);
	return rc;
}

static long set_xattrs(const struct manifest_entry *e, const struct side_file *f)
{
	long rc = 0;

	for (const struct manifest_xattr *x = e->xattrs; rc >= 0 && x; x = x->next)
		rc = side_image.setxattr(f, x->key, x->value, x->len);
	return rc;
}

static void set_metadata(struct applying *a, const struct manifest_entry *e,
			 const struct side_file *f, const struct lkl_statx *stx)
{
	const struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT }, { e->time, e->time_nsec },
	};
	bool is_link = (stx->stx_mode & LKL_S_IFMT) == LKL_S_IFLNK;
	long rc = set_owner(a, e, f, stx);

	if (rc < 0)
		failed(a, e, "owner not set", rc);
	rc = is_link ? 0 : side_image.chmod(f, e->has_mode ? e->mode : stx->stx_mode & 07777);
	if (rc < 0)
		failed(a, e, "mode not set", rc);
	rc = set_xattrs(e, f);
	if (rc < 0)
		failed(a, e, "attributes not set", rc);
	rc = e->has_time ? times_set(&side_image, f, times) : 0;
	if (rc < 0)
		failed(a, e, "time not set", rc);
}

static void apply_to_file(struct applying *a, const struct manifest_entry *e,
			  const struct side_file *f)
{
	struct lkl_statx stx;
	long rc = side_image.stat(f->dir, f->name, &stx);

	if (rc == -ENOENT && e->optional)
		return;
	if (rc < 0)
		failed(a, e, "metadata not set", rc);
	else if (e->type && strcmp(e->type, mtree_type(stx.stx_mode)))
		failed(a, e, "metadata not set: the manifest has another type of file", 0);
	else
		set_metadata(a, e, f, &stx);
}

/* With @create, create the device of @e unless it exists; else set the metadata of its file. */
static void apply_entry(struct applying *a, const struct manifest_entry *e, bool create)
{
	const char *slash = strrchr(e->path, '/');
	char *parent = strndup(e->path, slash ? slash - e->path : 0);
	struct side_file f = { .name = !*e->path ? "." : slash ? slash + 1 : e->path, .fd = -1 };
	long rc;

	if (!parent)
		tool_no_memory(a->t);
	f.dir = open_below(a->base, parent, LKL_O_PATH);
	free(parent);
	if (f.dir < 0) {
		if (!create && !(f.dir == -ENOENT && e->optional))
			failed(a, e, "metadata not set", f.dir);
		return;
	}
	if (!create) {
		apply_to_file(a, e, &f);
	} else {
		rc = make_device(e, &f);
		if (rc < 0 && rc != -EEXIST)
			failed(a, e, "not created", rc);
	}
	lkl_sys_close(f.dir);
}

void manifest_apply(struct tool *t, const struct manifest *m, int base, const char *top)
{
	struct applying a = { .t = t, .base = base, .top = top };

	for (size_t i = 0; i < m->nr && !tool_stopping(t); i++)
		if (is_device(&m->entries[i]))
			apply_entry(&a, &m->entries[i], true);
	owner_names_load(t, &a.names, top);
	for (size_t i = 0; i < m->nr && !tool_stopping(t); i++)
		apply_entry(&a, &m->entries[i], false);
	owner_names_free(&a.names);
}
