// SPDX-License-Identifier: GPL-2.0
/*
 * umount.c - unmounting, one file system or all that a kernel has
 *
 * The end of a kernel unmounts what anyfs mounted and what the program mounted
 * itself: listmount(2) knows them all, so no proc needs to be mounted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"
#include "ksys.h"
#include <lkl/linux/mount.h>

#define DETACH	2	/* MNT_DETACH of umount2(2), in no uapi header */

unsigned int mount_count(struct kstate *ks, int disk)
{
	unsigned int nr = 0;

	for (struct mount_rec *m = ks->mounts; m; m = m->next)
		nr += m->disk == disk;
	return nr;
}

/* Write errors show in syncfs() and nowhere later. */
static int64_t sync_point(struct anyfs_kernel *k, const char *point)
{
	int64_t fd = k_open(k, point, LKL_O_RDONLY | LKL_O_DIRECTORY | LKL_O_CLOEXEC);
	int64_t rc;

	if (fd < 0)
		return 0;		/* the root is a file, or not readable: umount syncs */
	rc = ksys(k, __lkl__NR_syncfs, fd, 0, 0, 0, 0);
	k_close(k, fd);
	return rc;
}

static int flush_disk(struct anyfs_kernel *k, int disk)
{
	struct blockdev *bd = block_attached(k, disk);
	int rc = bd && bd->can_write ? blockdev_flush(bd) : 0;

	if (rc)
		error_set(rc, "%s: what was written could not be flushed: %s", bd->name,
			  error_name(rc));
	return rc;
}

static struct mount_rec **find_rec(struct kstate *ks, const char *point)
{
	struct mount_rec **p = &ks->mounts;

	while (*p && strcmp((*p)->point, point))
		p = &(*p)->next;
	return p;
}

int mount_undo(struct kstate *ks, struct anyfs_kernel *k, const char *point)
{
	struct mount_rec **p, *rec;
	int64_t rc, synced;

	pthread_mutex_lock(&ks->lock);
	p = find_rec(ks, point);
	synced = sync_point(k, point);
	rc = k_umount(k, point, 0);
	if (rc == -EBUSY) {
		error_set(rc, "%s: in use, close its files and directories first", point);
	} else if (rc < 0) {
		kstate_error(k, rc, point);
	} else {
		if (synced < 0)
			rc = kstate_error(k, synced, point);
		rec = *p;
		if (rec) {
			int err = flush_disk(k, rec->disk);

			if (!rc)
				rc = err;
			k_unlink(k, rec->point, LKL_AT_REMOVEDIR);
			*p = rec->next;
			free(rec);
		}
	}
	pthread_mutex_unlock(&ks->lock);
	return rc;
}

int anyfs_umount(const char *mount_point)
{
	struct kstate *ks;
	int rc;

	if (!mount_point)
		return error_set(-EINVAL, "anyfs_umount: no mount point given");
	ks = kstate_get(NULL);
	if (!ks)
		return -ENODEV;
	rc = mount_undo(ks, ks->k, mount_point);
	kstate_put(ks);
	return rc;
}

/* The mount point of mount @id, relative to the root. */
static int64_t mount_path(struct anyfs_kernel *k, uint64_t id, struct lkl_statmount *sm,
			  size_t len)
{
	const struct lkl_mnt_id_req req = {
		.size = sizeof(req),
		.mnt_id = id,
		.param = LKL_STATMOUNT_MNT_POINT,
	};

	return ksys(k, __lkl__NR_statmount, KPTR(&req), KPTR(sm), len, 0, 0);
}

/* What went wrong while unmounting all. */
struct trouble {
	int lost;			/* a write error: stays, the mount is gone */
	int busy;			/* of this round: another may do it */
};

static void umount_one(struct anyfs_kernel *k, const char *point, int flags,
		       int64_t *gone, struct trouble *t)
{
	int64_t synced = sync_point(k, point);
	int64_t rc = k_umount(k, point, flags);

	if (rc >= 0)
		++*gone;
	else if (!t->busy)
		t->busy = error_set(rc, "%s: could not be unmounted: %s", point, error_name(rc));
	if (synced < 0 && !t->lost)
		t->lost = error_set(synced, "%s: what was written could not be stored: %s",
				    point, error_name(synced));
}

/* Unmount the mounts below the root, newest first.  How many went, or -errno. */
static int64_t umount_round(struct anyfs_kernel *k, int flags, struct lkl_statmount *sm,
			    size_t len, struct trouble *t)
{
	const struct lkl_mnt_id_req req = {
		.size = sizeof(req),
		.mnt_id = LKL_LSMT_ROOT,
	};
	uint64_t ids[256];
	int64_t nr, gone = 0;

	t->busy = 0;
	nr = ksys(k, __lkl__NR_listmount, KPTR(&req), KPTR(ids), 256, LKL_LISTMOUNT_REVERSE, 0);
	if (nr < 0)
		return nr;
	for (int64_t i = 0; i < nr; i++) {
		if (mount_path(k, ids[i], sm, len) < 0)
			continue;
		if (strcmp(sm->str + sm->mnt_point, "/"))
			umount_one(k, sm->str + sm->mnt_point, flags, &gone, t);
	}
	return gone;
}

int mount_undo_all(struct kstate *ks, struct anyfs_kernel *k)
{
	size_t len = sizeof(struct lkl_statmount) + 2 * 4096;
	struct lkl_statmount *sm = malloc(len);
	struct trouble t = { 0 }, ignored = { .lost = 1 };
	int64_t gone;

	if (!sm)
		return error_set(-ENOMEM, "kernel: out of memory");
	/* No thread may be using this kernel any more: what is open is left over. */
	ksys(k, __lkl__NR_chdir, KPTR("/"), 0, 0, 0, 0);
	ksys(k, __lkl__NR_close_range, 0, ~0u, 0, 0, 0);
	ksys(k, __lkl__NR_sync, 0, 0, 0, 0, 0);
	pthread_mutex_lock(&ks->lock);
	do				/* a mount may be held by one above it */
		gone = umount_round(k, 0, sm, len, &t);
	while (gone > 0 && t.busy);
	if (gone < 0)
		t.busy = kstate_error(k, gone, "kernel: listing its mounts");
	else if (t.busy)		/* held by the kernel itself: leave it clean at least */
		umount_round(k, DETACH, sm, len, &ignored);
	pthread_mutex_unlock(&ks->lock);
	free(sm);
	return t.lost ? t.lost : t.busy;
}
