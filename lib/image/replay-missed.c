// SPDX-License-Identifier: GPL-2.0
/*
 * replay-missed.c - journals that the kernel ignores without an error
 *
 * Some file systems can be mounted read-only without replaying a dirty journal:
 *
 *   ntfs3    replays only when it is mounted writable.  So the disk's shadow is mounted
 *            writable for a moment.
 *   jfs      never replays.  The functions of jfs.h replay its log on the shadow.
 *   hfsplus  never replays, and anyfs cannot do it either: AnyfsMount.note says so.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "jfs.h"
#include "kernel-syscalls.h"
#include "ntfs.h"
#include "replay.h"
#include <lkl/linux/mount.h>

/* ---- ntfs3 ---------------------------------------------------------------- */

/* The option "force" is needed, because such a volume is usually marked dirty as well. */
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
	const char *why;
	int64_t rc;

	if (!ntfs_log_is_open(k, m->mount_point))
		return 0;
	rc = k_umount(k, m->mount_point, 0);
	if (rc < 0)
		return rc;
	rc = replay_on_shadow(k, rq, ntfs_write_and_mount, m);
	if (rc >= 0)
		return 0;
	if (!replay_give_up(rq, &why))
		return rc;
	snprintf(m->note, sizeof(m->note), NOTE_MISSED, why);
	return replay_mount_readonly(k, rq, dev, m);
}

/* ---- jfs ------------------------------------------------------------------ */

static const char *jfs_why_not(int err)
{
	if (err == -EOPNOTSUPP)
		return " (it is on another device; only jfs_fsck can replay it)";
	if (err == -ENOSPC || err == -ENOMEM)
		return " (the replay exceeds the memory limit)";
	return " (only jfs_fsck can replay it)";
}

/* Write through the kernel, so that its cache of the device stays consistent. */
static int write_to_shadow(const struct jfs_replay *r, const struct mount_request *rq)
{
	struct device d;
	uint64_t number;
	int rc = shadow_open(&rq->shadow, &number);

	if (!rc)
		rc = device_set_readonly(rq->shadow.k, number, false);
	if (!rc)
		rc = device_open(rq->shadow.k, number, true, &d);
	if (rc)
		return rc;
	rc = jfs_replay_write(r, &d);
	if (!rc)
		rc = k_fsync(d.k, d.fd);
	device_close(&d);
	return rc;
}

static int64_t jfs_missed(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
			  AnyfsMount *m)
{
	struct jfs_replay *r;
	const char *why;
	int64_t rc;

	if (!jfs_is_dirty(rq->device))
		return 0;
	rc = jfs_replay_prepare(rq->device, shadow_limit(&rq->shadow), &r);
	if (rc) {
		snprintf(m->note, sizeof(m->note), NOTE_MISSED, jfs_why_not(rc));
		return 0;
	}
	rc = k_umount(k, m->mount_point, 0);
	if (rc < 0)
		goto out;
	rc = write_to_shadow(r, rq);
	if (rc >= 0)
		rc = replay_on_shadow(k, rq, replay_mount_readonly, m);
	if (rc < 0) {
		snprintf(m->note, sizeof(m->note), NOTE_MISSED, jfs_why_not(rc));
		if (replay_give_up(rq, &why))
			rc = replay_mount_readonly(k, rq, dev, m);
	}
out:
	jfs_replay_free(r);
	return rc < 0 ? rc : 0;
}

/* ---- file systems that cannot be replayed ---------------------------------------------- */

static bool hfsplus_is_dirty(struct anyfs_kernel *k, const struct mount_request *rq)
{
	struct klog_lines lines;

	klog_read(k, rq->log, &lines);
	return klog_has(&lines, "not cleanly unmounted");
}

int64_t replay_missed(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
		      AnyfsMount *m)
{
	if (!strcmp(m->fstype, "ntfs3"))
		return ntfs_missed(k, rq, dev, m);
	if (!strcmp(m->fstype, "jfs"))
		return jfs_missed(k, rq, dev, m);
	if (!strcmp(m->fstype, "hfsplus") && hfsplus_is_dirty(k, rq))
		snprintf(m->note, sizeof(m->note), NOTE_UNCLEAN);
	return 0;
}
