// SPDX-License-Identifier: GPL-2.0
/*
 * umount.c - unmounting what anyfs_mount() has mounted
 *
 * What is mounted at a kernel's end is unmounted by lib/lkl.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"
#include "instance.h"
#include "ksys.h"

unsigned int mount_count(struct kstate *ks, int disk)
{
	unsigned int nr = 0;

	for (struct mount_rec *m = ks->mounts; m; m = m->next)
		nr += m->disk == disk;
	return nr;
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
	synced = instance_sync(k, point);
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
			int err = instance_flush(k, rec->disk);

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
