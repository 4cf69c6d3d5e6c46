// SPDX-License-Identifier: GPL-2.0
/*
 * shutdown.c - shut down a kernel without losing written data
 *
 * Unmounts the mounts of the library and those of the program.  listmount(2) lists
 * them all, without /proc.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "attach.h"
#include "instance.h"
#include "internal.h"

#define MOUNTS_AT_ONCE	256
#define PATH_BYTES	4096

static int64_t sync_point(const char *point)
{
	long fd = lkl_sys_open(point, LKL_O_RDONLY | LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);
	long rc;

	if (fd < 0)
		return 0;		/* no block device, or unreadable: the unmount syncs */
	rc = lkl_sys_syncfs(fd);
	lkl_sys_close(fd);
	return rc;
}

int64_t instance_sync(struct anyfs_kernel *k, const char *point)
{
	struct anyfs_kernel *mine = host_kernel_set_current(k);
	int64_t rc = sync_point(point);

	host_kernel_set_current(mine);
	return rc;
}

/* The first errors of unmounting everything; negative errno or 0. */
struct umount_errors {
	int lost;			/* a write error in any round */
	int busy;			/* a failed unmount in this round; the next may succeed */
};

static void umount_one(const char *point, int flags, long *gone, struct umount_errors *t)
{
	long synced = sync_point(point);
	long rc = lkl_sys_umount2(point, flags);

	if (rc >= 0)
		++*gone;
	else if (!t->busy)
		t->busy = error_set(rc, "%s: could not be unmounted: %s", point, error_name(rc));
	if (synced < 0 && !t->lost)
		t->lost = error_set(synced, "%s: some written data could not be saved: %s",
				    point, error_name(synced));
}

/*
 * Try to unmount each mount below the root, newest first.  Returns the number of mounts, or
 * -errno.
 */
static long umount_round(int flags, struct lkl_statmount *sm, size_t len, struct umount_errors *t)
{
	struct lkl_mnt_id_req req = {
		.size = sizeof(req),
		.mnt_id = LKL_LSMT_ROOT,
	};
	__lkl__u64 ids[MOUNTS_AT_ONCE];
	long nr, gone = 0;

	t->busy = 0;
	nr = lkl_sys_listmount(&req, ids, MOUNTS_AT_ONCE, LKL_LISTMOUNT_REVERSE);
	if (nr < 0)
		return nr;
	req.param = LKL_STATMOUNT_MNT_POINT;
	for (long i = 0; i < nr; i++) {
		req.mnt_id = ids[i];
		if (lkl_sys_statmount(&req, sm, len, 0) < 0)
			continue;
		if (strcmp(sm->str + sm->mnt_point, "/"))
			umount_one(sm->str + sm->mnt_point, flags, &gone, t);
	}
	return gone;
}

static int umount_all(void)
{
	size_t len = sizeof(struct lkl_statmount) + 2 * PATH_BYTES;
	struct lkl_statmount *sm = malloc(len);
	struct umount_errors t = { 0 }, ignored = { .lost = 1 };
	long gone;

	if (!sm)
		return error_set(-ENOMEM, "kernel: out of memory");
	do				/* one mount may keep another one busy */
		gone = umount_round(0, sm, len, &t);
	while (gone > 0 && t.busy);
	if (gone < 0)
		t.busy = error_set(gone, "kernel: the mounts cannot be listed: %s", error_name(gone));
	else if (t.busy)		/* still busy: detach them, so that the disk is clean */
		umount_round(LKL_MNT_DETACH, sm, len, &ignored);
	free(sm);
	return t.lost ? t.lost : t.busy;
}

/* No thread may use the kernel now, so it is safe to close all descriptors. */
static int leave_clean(void)
{
	lkl_sys_chdir("/");
	lkl_sys_close_range(0, ~0u, 0);
	lkl_sys_sync();
	return umount_all();
}

int instance_flush(struct anyfs_kernel *k, int disk)
{
	struct blockdev *bd = block_attached(k, disk);
	int err = bd && bd->can_write ? blockdev_flush(bd) : 0;

	if (bd && blockdev_stopped(bd))
		return blockdev_stop_error(bd, bd->name);
	if (err)
		error_set(err, "%s: written data could not be flushed: %s", bd->name,
			  error_name(err));
	return err;
}

static int flush_disks(struct anyfs_kernel *k)
{
	int rc = 0;

	for (int disk = block_next(k, -1); disk >= 0; disk = block_next(k, disk)) {
		int err = instance_flush(k, disk);

		if (!rc)
			rc = err;
	}
	return rc;
}

int instance_end(struct anyfs_kernel *k)
{
	struct anyfs_kernel *mine = host_kernel_set_current(k);
	int rc, err;

	if (host_kernel_is_running(k))
		rc = leave_clean();
	else
		rc = error_set(-EIO, "kernel: the kernel had died: %s", host_kernel_death(k));
	err = flush_disks(k);
	host_kernel_destroy(k);
	host_kernel_set_current(mine == k ? NULL : mine);
	return rc ? rc : err;
}
