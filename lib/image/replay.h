/* SPDX-License-Identifier: GPL-2.0 */
/*
 * replay.h - journals of file systems on read-only disks
 *
 * Results are those of mount(2).  The kstate is locked.
 */
#ifndef ANYFS_IMAGE_REPLAY_H
#define ANYFS_IMAGE_REPLAY_H

#include "image.h"

/* For AnyfsMount.note; NOTE_MISSED says why, " (...)" or "". */
#define NOTE_REPLAYED	"its journal was replayed into memory; the image is unchanged"
#define NOTE_MISSED	"its journal was not replayed%s: the newest changes may be missing"
#define NOTE_UNCLEAN	"it was not unmounted cleanly, and Linux replays no journal of its kind: " \
			"the newest changes may be missing"

/* replay.c */

/*
 * Mounting @dev at m->mount_point failed with @err.  If that is for a journal to
 * be replayed: mount it replayed in memory, or else without.
 */
int64_t replay_mount(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
		     AnyfsMount *m, int64_t err);

/* Let @mount work on the disk's shadow, which can be written meanwhile. */
typedef int64_t replay_fn(struct anyfs_kernel *k, const struct mount_request *rq,
			  const char *dev, AnyfsMount *m);
int64_t replay_on_shadow(struct anyfs_kernel *k, const struct mount_request *rq,
			 replay_fn *mount, AnyfsMount *m);
/*
 * That failed: forget what was written to the shadow.  *@why is for NOTE_MISSED.
 * False: the device itself has been changed, and must not be mounted.
 */
bool replay_give_up(const struct mount_request *rq, const char **why);

/* Mount @dev, read-only. */
replay_fn replay_mount_readonly;

/* replay-missed.c */

/*
 * @dev was mounted: see to journals that the kernel passes over in silence.
 */
int64_t replay_missed(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
		      AnyfsMount *m);

#endif /* ANYFS_IMAGE_REPLAY_H */
