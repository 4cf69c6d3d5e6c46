// SPDX-License-Identifier: GPL-2.0
/*
 * deferred-removal.c - remove disks and arrays whose image was closed while files of it were open
 *
 * The disk of such an image cannot be removed at once: the kernel needs it until the last
 * file is closed, and does not report that event.  So the removal is tried again whenever
 * an image is opened or closed; at the latest, the disk is removed with the kernel.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "image.h"
#include "instance.h"
#include "kernel-syscalls.h"
#include "deferred-removal.h"

struct deferred_removal {
	struct deferred_removal *next;
	struct removal what;
};

void removal_defer(struct kstate *ks, const struct removal *what)
{
	struct deferred_removal *l = malloc(sizeof(*l));

	/* Out of memory: the disk stays until the kernel ends. */
	if (!l)
		return;
	l->what = *what;
	pthread_mutex_lock(&ks->lock);
	l->next = ks->removals;
	ks->removals = l;
	pthread_mutex_unlock(&ks->lock);
}

/* Returns 0 if the disk or array was removed. */
static int remove_now(struct anyfs_kernel *k, struct removal *what)
{
	int rc;

	if (what->array.dev)
		return md_array_stop(&what->array);
	rc = block_detach(k, what->disk);
	if (rc)
		return rc;
	if (what->bd)
		k_close(k, what->fd);
	blockdev_close(what->bd);
	return 0;
}

/* True if a disk was removed: it may have been the last user of another disk. */
static bool retry_round(struct kstate *ks)
{
	bool progress = false;

	for (struct deferred_removal **p = &ks->removals, *l; (l = *p);) {
		if (remove_now(ks->k, &l->what)) {
			p = &l->next;
			continue;
		}
		*p = l->next;
		free(l);
		progress = true;
	}
	return progress;
}

static void retry_all(struct kstate *ks)
{
	pthread_mutex_lock(&ks->lock);
	while (ks->removals && host_kernel_exists(ks->id) && host_kernel_is_running(ks->k) &&
	       retry_round(ks))
		;
	pthread_mutex_unlock(&ks->lock);
}

void removal_retry(void)
{
	struct kstate *ks;
	uint64_t id = 0;

	while ((ks = kstate_next(id))) {
		id = ks->id;
		retry_all(ks);
		kstate_put(ks);
	}
}

void removal_free(struct kstate *ks)
{
	struct deferred_removal *l;

	while ((l = ks->removals)) {
		ks->removals = l->next;
		blockdev_close(l->what.bd);
		free(l);
	}
}
