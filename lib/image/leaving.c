// SPDX-License-Identifier: GPL-2.0
/*
 * leaving.c - remove disks and arrays whose image was closed while files of it were open
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
#include "leaving.h"

struct leaving {
	struct leaving *next;
	struct left_over what;
};

void leaving_add(struct kstate *ks, const struct left_over *what)
{
	struct leaving *l = malloc(sizeof(*l));

	/* Out of memory: the disk stays until the kernel ends. */
	if (!l)
		return;
	l->what = *what;
	pthread_mutex_lock(&ks->lock);
	l->next = ks->leaving;
	ks->leaving = l;
	pthread_mutex_unlock(&ks->lock);
}

/* 0: removed. */
static int let_go(struct anyfs_kernel *k, struct left_over *what)
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

/* True if one was removed: it may have kept another one in use. */
static bool reap_round(struct kstate *ks)
{
	bool progress = false;

	for (struct leaving **p = &ks->leaving, *l; (l = *p);) {
		if (let_go(ks->k, &l->what)) {
			p = &l->next;
			continue;
		}
		*p = l->next;
		free(l);
		progress = true;
	}
	return progress;
}

static void reap(struct kstate *ks)
{
	pthread_mutex_lock(&ks->lock);
	while (ks->leaving && host_kernel_exists(ks->id) && host_kernel_is_running(ks->k) &&
	       reap_round(ks))
		;
	pthread_mutex_unlock(&ks->lock);
}

void leaving_reap(void)
{
	struct kstate *ks;
	uint64_t id = 0;

	while ((ks = kstate_next(id))) {
		id = ks->id;
		reap(ks);
		kstate_put(ks);
	}
}

void leaving_free(struct kstate *ks)
{
	struct leaving *l;

	while ((l = ks->leaving)) {
		ks->leaving = l->next;
		blockdev_close(l->what.bd);
		free(l);
	}
}
