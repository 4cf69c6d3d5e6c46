/* SPDX-License-Identifier: GPL-2.0 */
/*
 * replay.h - replay journals of file systems on read-only disks
 *
 * Results are those of mount(2).  The kstate is locked.
 */
#ifndef ANYFS_IMAGE_REPLAY_H
#define ANYFS_IMAGE_REPLAY_H

#include "image.h"

/* Texts for AnyfsMount.note; the %s of NOTE_MISSED is a reason " (...)" or "". */
#define NOTE_REPLAYED	"its journal was replayed into memory; the image is unchanged"
#define NOTE_MISSED	"its journal was not replayed%s: the newest changes may be missing"
#define NOTE_IGNORED	"its journal has data, but the flag needs_recovery is clear: the data was " \
			"ignored, as Linux does; e2fsck can examine it"
#define NOTE_UNCLEAN	"it was not unmounted cleanly, and Linux cannot replay its kind of journal: " \
			"the newest changes may be missing"

/* replay.c */

/*
 * Mounting @dev at m->mount_point failed with @err.  If the reason is a journal that must
 * be replayed, mount it after a replay in memory, or else without a replay.
 */
int64_t replay_mount(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
		     AnyfsMount *m, int64_t err);

/* Run @mount on the disk's shadow, which is writable during the call. */
typedef int64_t replay_fn(struct anyfs_kernel *k, const struct mount_request *rq,
			  const char *dev, AnyfsMount *m);
int64_t replay_on_shadow(struct anyfs_kernel *k, const struct mount_request *rq,
			 replay_fn *mount, AnyfsMount *m);
/*
 * After a failed replay, discard the changes of the shadow.  *@why is the reason for
 * NOTE_MISSED.  False if the device itself was changed and must not be mounted.
 */
bool replay_give_up(const struct mount_request *rq, const char **why);

/* Mount @dev read-only. */
replay_fn replay_mount_readonly;

/* replay-missed.c */

/*
 * @dev was mounted: replay journals that the kernel ignores without an error.
 */
int64_t replay_missed(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
		      AnyfsMount *m);

#endif /* ANYFS_IMAGE_REPLAY_H */
