// SPDX-License-Identifier: GPL-2.0
/*
 * umount.c - unmount file systems that mount.c mounted
 *
 * lib/lkl unmounts the remaining file systems when a kernel ends.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"
#include "instance.h"
#include "kernel-syscalls.h"
#include <lkl/asm/statfs.h>

#define STATFS_RDONLY	1		/* ST_RDONLY: not in the kernel headers */

unsigned int mount_count(struct kstate *ks, int disk)
{
	unsigned int nr = 0;

	for (struct mount_rec *m = ks->mounts; m; m = m->next)
		nr += m->disk == disk;
	return nr;
}

static struct mount_rec **find_record(struct kstate *ks, const char *point)
{
	struct mount_rec **p = &ks->mounts;

	while (*p && strcmp((*p)->point, point))
		p = &(*p)->next;
	return p;
}

bool mount_is_writable(struct anyfs_kernel *k, const char *point)
{
	struct lkl_statfs sfs;

	return ksys(k, __lkl__NR_statfs, KPTR(point), KPTR(&sfs), 0, 0, 0) >= 0 &&
	       !(sfs.f_flags & STATFS_RDONLY);
}

/* Write back all data; fails if an earlier error has made the file system read-only. */
static int store_data(struct anyfs_kernel *k, const struct mount_rec *rec, const char *point)
{
	const char *object = rec ? rec->object : point;
	bool ended = rec && rec->writable && !mount_is_writable(k, point);
	int64_t rc = instance_sync(k, point);
	struct blockdev *bd = rec ? block_attached(k, rec->disk) : NULL;

	if (!host_kernel_is_running(k))
		return kstate_error(k, -EIO, object);
	if (bd && blockdev_stopped(bd))
		return blockdev_stop_error(bd, object);
	if (rc < 0)
		return error_set(rc, "%s: some written data could not be saved: %s", object,
				 error_name(rc));
	if (ended)
		return error_set(-EROFS, "%s: some written data could not be saved: an error has made the file system read-only", object);
	return 0;
}

static int remove_record(struct anyfs_kernel *k, struct mount_rec **p)
{
	struct mount_rec *rec = *p;
	int rc = instance_flush(k, rec->disk);

	k_unlink(k, rec->point, LKL_AT_REMOVEDIR);
	*p = rec->next;
	free(rec);
	return rc;
}

int mount_undo(struct kstate *ks, struct anyfs_kernel *k, const char *point)
{
	struct mount_rec **p;
	int stored, flushed;
	int64_t rc;

	pthread_mutex_lock(&ks->lock);
	p = find_record(ks, point);
	stored = store_data(k, *p, point);
	rc = k_umount(k, point, 0);
	if (rc == -EBUSY) {
		error_set(rc, "%s: in use; close its files and directories first", point);
	} else if (rc < 0) {
		if (!stored)
			kstate_error(k, rc, point);
	} else {
		flushed = *p ? remove_record(k, p) : 0;
		rc = stored ? stored : flushed;
	}
	pthread_mutex_unlock(&ks->lock);
	return rc;
}

void mount_abandon(struct kstate *ks, struct anyfs_kernel *k, const char *point)
{
	struct mount_rec **p;

	pthread_mutex_lock(&ks->lock);
	p = find_record(ks, point);
	if (k_umount(k, point, LKL_MNT_DETACH) >= 0 && *p)
		remove_record(k, p);
	pthread_mutex_unlock(&ks->lock);
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
