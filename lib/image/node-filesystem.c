// SPDX-License-Identifier: GPL-2.0
/*
 * node-filesystem.c - a file system, mounted when a path enters it
 *
 * The mount point is in the kernel's own root file system, at the path of the
 * node below the image's directory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernel-syscalls.h"
#include "node.h"
#include <lkl/linux/mount.h>

struct filesystem {
	int64_t fd;			/* of the root directory, O_PATH */
	char point[NODE_POINT_MAX];
	char note[sizeof(((AnyfsMount *)NULL)->note)];
};

int64_t filesystem_root(const struct anyfs_node *n)
{
	const struct filesystem *fs = n->data;

	return fs->fd;
}

const char *filesystem_point(const struct anyfs_node *n)
{
	const struct filesystem *fs = n->data;

	return fs->point;
}

const char *filesystem_note(const struct anyfs_node *n)
{
	const struct filesystem *fs = n->data;

	return fs->note;
}

/*
 * Describe the shadow of @holder.  The shadow of a partition is a partition of the disk's
 * shadow; the shadows of other nodes are mapped over one of these two.
 */
static struct shadow shadow_of(struct anyfs_node *holder)
{
	struct shadow s = { .k = holder->image->ks->k, .disk = holder->image->disk };

	if (holder->kind == &node_partition)
		s.part = holder->part.number;
	else if (holder->kind != &node_disk)
		s.node = holder;
	return s;
}

static int mount_with(struct anyfs_node *n, struct filesystem *fs, const char *opts,
		      AnyfsMount *m)
{
	struct anyfs_image *im = n->image;
	const struct blockdev *bd = disk_blockdev(im->ks->k, im->disk);
	const struct mount_request rq = {
		.device = &n->parent->dev,
		.object = n->object,
		.disk = im->disk,
		.shadow = shadow_of(n->parent),
		.fstype = im->fstype ? im->fstype : n->part.fstype,
		.opts = opts,
		.force_write = bd && bd->force_write,
		.point = fs->point,
		/* A device node in an image must not give access to our kernel's disks. */
		.flags = im->mount_flags | LKL_MS_NODEV | LKL_MS_NOSUID,
	};

	return mount_by_request(im->ks, im->ks->k, &rq, m);
}

/* Make mount options: the user's and those that a btrfs needs; to be freed.  NULL: no memory. */
static char *btrfs_options(const struct anyfs_image *im, bool degraded)
{
	const char *parts[3] = { im->opts, degraded ? "degraded" : NULL, im->subvol };
	size_t room = 32;
	char *opts;

	for (int i = 0; i < 3; i++)
		room += parts[i] ? strlen(parts[i]) : 0;
	opts = calloc(1, room);
	for (int i = 0; opts && i < 3; i++) {
		if (!parts[i])
			continue;
		snprintf(opts + strlen(opts), room - strlen(opts), "%s%s%s", *opts ? "," : "",
			 i == 2 ? "subvol=" : "", parts[i]);
	}
	return opts;
}

static int mount_btrfs(struct anyfs_node *n, struct filesystem *fs, AnyfsMount *m)
{
	bool degraded;
	int rc = btrfs_find_devices(n, &degraded);
	char *opts;

	if (rc)
		return rc;
	opts = btrfs_options(n->image, degraded);
	if (!opts)
		return error_set(-ENOMEM, "%s: out of memory", n->object);
	rc = mount_with(n, fs, *opts ? opts : NULL, m);
	free(opts);
	return rc;
}

static bool is_btrfs(const struct anyfs_node *n)
{
	const char *fstype = n->image->fstype ? n->image->fstype : n->part.fstype;

	return !strcmp(fstype, "btrfs");
}

static int mount_node(struct anyfs_node *n, struct filesystem *fs, AnyfsMount *m)
{
	return is_btrfs(n) ? mount_btrfs(n, fs, m) : mount_with(n, fs, n->image->opts, m);
}

static int open_point(struct anyfs_node *n, struct filesystem *fs)
{
	fs->fd = k_open(n->image->ks->k, fs->point, LKL_O_PATH | LKL_O_DIRECTORY | LKL_O_CLOEXEC);
	return fs->fd < 0 ? kstate_error(n->image->ks->k, fs->fd, n->object) : 0;
}

static int filesystem_open(struct anyfs_node *n)
{
	struct anyfs_kernel *k = n->image->ks->k;
	struct filesystem *fs = calloc(1, sizeof(*fs));
	AnyfsMount m;
	int rc = fs ? node_make_mount_point(n, fs->point) :
		      error_set(-ENOMEM, "%s: out of memory", n->object);

	if (!rc)
		rc = mount_node(n, fs, &m);
	if (rc) {
		free(fs);
		return rc;
	}
	rc = open_point(n, fs);
	if (rc) {
		mount_undo(n->image->ks, k, fs->point);
		free(fs);
		return rc;
	}
	n->data = fs;
	memcpy(fs->note, m.note, sizeof(fs->note));
	snprintf(n->part.fstype, sizeof(n->part.fstype), "%s", m.fstype);
	image_note(n->image, n->object, m.note);
	return 0;
}

static void filesystem_free(struct anyfs_node *n)
{
	free(n->data);
	n->data = NULL;
}

int filesystem_leave(struct anyfs_node *n)
{
	struct anyfs_kernel *k = n->image->ks->k;
	struct filesystem *fs = n->data;
	int rc;

	k_close(k, fs->fd);
	rc = mount_undo(n->image->ks, k, fs->point);
	if (rc == -EBUSY && !open_point(n, fs))
		return error_set(rc, "%s: some of its files are still open", n->object);
	if (is_btrfs(n))
		btrfs_forget_devices(k);
	filesystem_free(n);
	n->state = ANYFS_NODE_NEW;
	return rc;
}

static int filesystem_close(struct anyfs_node *n)
{
	struct anyfs_kernel *k = n->image->ks->k;
	struct filesystem *fs = n->data;
	int rc;

	k_close(k, fs->fd);
	rc = mount_undo(n->image->ks, k, fs->point);
	if (rc == -EBUSY) {
		mount_abandon(n->image->ks, k, fs->point);
		error_set(rc, "%s: some of its files are still open", n->object);
	}
	if (is_btrfs(n))
		btrfs_forget_devices(k);
	filesystem_free(n);
	return rc;
}

const struct node_kind node_filesystem = {
	.id = ANYFS_NODE_FILESYSTEM,
	.open = filesystem_open,
	.close = filesystem_close,
	.free = filesystem_free,
};
