// SPDX-License-Identifier: GPL-2.0
/*
 * replay-missed.c - journals that the kernel passes over in silence
 *
 * Some file systems mount read-only and show what a dirty journal has left:
 *
 *   ntfs3    replays when it is mounted writable, and only then.  So it is, for
 *            a moment, on the disk's shadow.
 *   jfs      never replays.  It is done here, on the shadow (jfs.h).
 *   hfsplus  never replays.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "jfs.h"
#include "kernel-syscalls.h"
#include "ntfs.h"
#include "replay.h"
#include <lkl/linux/fs.h>
#include <lkl/linux/mount.h>

/* ---- ntfs3 ---------------------------------------------------------------- */

/* "force": as a rule the volume is marked dirty as well. */
static int64_t ntfs_write_and_mount(struct anyfs_kernel *k, const struct mount_request *rq,
				    const char *dev, AnyfsMount *m)
{
	int64_t rc = mount_call(k, dev, m->mount_point, m->fstype, rq->flags & ~LKL_MS_RDONLY,
				rq->opts, "force");

	if (rc >= 0)
		rc = k_umount(k, m->mount_point, 0);
	return rc < 0 ? rc : replay_mount_readonly(k, rq, dev, m);
}

static int64_t ntfs_missed(struct anyfs_kernel *k, const struct mount_request *rq,
			   const char *dev, AnyfsMount *m)
{
	int64_t rc;

	if (!ntfs_log_is_open(k, m->mount_point))
		return 0;
	rc = k_umount(k, m->mount_point, 0);
	if (rc < 0)
		return rc;
	if (replay_on_shadow(k, rq, ntfs_write_and_mount, m) >= 0)
		return 0;
	snprintf(m->note, sizeof(m->note), NOTE_MISSED, replay_give_up(k, rq->disk));
	return replay_mount_readonly(k, rq, dev, m);
}

/* ---- jfs ------------------------------------------------------------------ */

static const char *jfs_why_not(int err)
{
	if (err == -EOPNOTSUPP)
		return " (it is on another device; only jfs_fsck can)";
	if (err == -ENOSPC || err == -ENOMEM)
		return " (that needs more memory than it may take)";
	return " (only jfs_fsck can)";
}

/* The kernel may have read the shadow's blocks before they were written. */
static int64_t jfs_mount_shadow(struct anyfs_kernel *k, const struct mount_request *rq,
				const char *dev, AnyfsMount *m)
{
	int64_t rc = devnode_ioctl(k, block_shadow_of(k, rq->disk), rq->part, LKL_BLKFLSBUF, NULL);

	return rc < 0 ? rc : replay_mount_readonly(k, rq, dev, m);
}

static int64_t jfs_missed(struct anyfs_kernel *k, const struct mount_request *rq,
			  struct blockdev *bd, const char *dev, AnyfsMount *m)
{
	struct jfs_replay *r;
	uint64_t start, size;
	int64_t rc;

	if (parts_extent(k, rq->disk, rq->part, &start, &size) || !jfs_is_dirty(bd, start))
		return 0;
	rc = jfs_replay_prepare(bd, start, block_shadow_limit(bd), &r);
	if (rc) {
		snprintf(m->note, sizeof(m->note), NOTE_MISSED, jfs_why_not(rc));
		return 0;
	}
	rc = k_umount(k, m->mount_point, 0);
	if (rc < 0)
		goto out;
	rc = block_shadow(k, rq->disk);
	if (rc >= 0)
		rc = jfs_replay_write(r, block_shadow_blockdev(k, rq->disk));
	if (rc >= 0)
		rc = replay_on_shadow(k, rq, jfs_mount_shadow, m);
	if (rc < 0) {
		snprintf(m->note, sizeof(m->note), NOTE_MISSED, jfs_why_not(rc));
		replay_give_up(k, rq->disk);
		rc = replay_mount_readonly(k, rq, dev, m);
	}
out:
	jfs_replay_free(r);
	return rc < 0 ? rc : 0;
}

/* ---- what cannot be replayed ---------------------------------------------- */

static bool hfsplus_is_dirty(struct anyfs_kernel *k, const struct mount_request *rq)
{
	struct klog_lines said;

	klog_read(k, rq->log, &said);
	return klog_has(&said, "not cleanly unmounted");
}

int64_t replay_missed(struct anyfs_kernel *k, const struct mount_request *rq,
		      struct blockdev *bd, const char *dev, AnyfsMount *m)
{
	if (!strcmp(m->fstype, "ntfs3"))
		return ntfs_missed(k, rq, dev, m);
	if (!strcmp(m->fstype, "jfs"))
		return jfs_missed(k, rq, bd, dev, m);
	if (!strcmp(m->fstype, "hfsplus") && hfsplus_is_dirty(k, rq))
		snprintf(m->note, sizeof(m->note), NOTE_UNCLEAN);
	return 0;
}
