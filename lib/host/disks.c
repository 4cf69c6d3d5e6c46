// SPDX-License-Identifier: GPL-2.0
/*
 * disks.c - the list of an instance's disks, so that they are released even when
 * the kernel dies or is destroyed without shutting down
 */
#include <errno.h>
#include <stdlib.h>
#include "internal.h"

struct host_disk {
	struct host_disk *next;
	void *disk;
};

int disks_add(struct anyfs_kernel *k, void *disk)
{
	struct host_disk *d = malloc(sizeof(*d));

	if (!d)
		return -ENOMEM;
	d->disk = disk;
	pthread_mutex_lock(&k->lock);
	d->next = k->disks;
	k->disks = d;
	pthread_mutex_unlock(&k->lock);
	return 0;
}

bool disks_remove(struct anyfs_kernel *k, void *disk)
{
	struct host_disk **p, *d;

	pthread_mutex_lock(&k->lock);
	for (p = &k->disks; (d = *p) && d->disk != disk; p = &d->next)
		;
	if (d)
		*p = d->next;
	pthread_mutex_unlock(&k->lock);
	free(d);
	return d != NULL;
}

void disks_release_all(struct anyfs_kernel *k)
{
	while (k->disks) {
		void *disk = k->disks->disk;

		disks_remove(k, disk);
		k->block->release(k, disk);
	}
}
