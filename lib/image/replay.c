// SPDX-License-Identifier: GPL-2.0
/*
 * replay.c - journals of file systems on read-only disks
 *
 * Most file systems replay their journal when they are mounted read-only, but
 * refuse to on a device that is read-only.  They are given the disk's shadow:
 * a device over the same blockdev whose writes stay in memory.  The shadow may
 * be written only while it is being mounted; after that it is read-only for
 * the kernel, so that nobody can make the mount writable.
 *
 * What cannot be replayed is mounted as it is, and AnyfsMount.note says so.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "incomplete.h"
#include "kernel-syscalls.h"
#include "replay.h"
#include <lkl/linux/fs.h>
#include <lkl/linux/mount.h>

/* How a mount fails that would have to replay, and the option that does without. */
struct journal {
	const char *fstype;
	int error;			/* -EROFS is understood of all */
	const char *without;		/* NULL: there is none */
};

static const struct journal journals[] = {
	{ "ext3", -EROFS, "noload" },
	{ "ext4", -EROFS, "noload" },
	{ "xfs", -EROFS, "norecovery" },
	{ "nilfs2", -EROFS, "norecovery" },
	{ "f2fs", -EROFS, "norecovery" },
	{ "btrfs", -EIO, "rescue=nologreplay" },
	{ "reiserfs", -EINVAL, NULL },
};

static const struct journal *find_journal(const char *fstype)
{
	for (size_t i = 0; i < sizeof(journals) / sizeof(journals[0]); i++)
		if (!strcmp(journals[i].fstype, fstype))
			return &journals[i];
	return NULL;
}

/* Whether the kernel lets the shadow be written. */
static int64_t set_read_only(struct anyfs_kernel *k, int shadow, int read_only)
{
	return devnode_ioctl(k, shadow, 0, LKL_BLKROSET, &read_only);
}

int64_t replay_on_shadow(struct anyfs_kernel *k, const struct mount_request *rq,
			 replay_fn *mount, AnyfsMount *m)
{
	int shadow = block_shadow(k, rq->disk);
	int64_t rc = shadow, err;
	char dev[64];

	/* Those that the kernel has not found itself. */
	if (shadow >= 0 && rq->part && host_disk_dev(k, shadow, rq->part) < 0)
		rc = incomplete_add_parts(k, shadow, disk_blockdev(k, rq->disk));
	if (rc >= 0)
		rc = devnode_make(k, shadow, rq->part, dev, sizeof(dev));
	if (rc >= 0)
		rc = set_read_only(k, shadow, 0);
	if (rc < 0)
		return rc;
	klog_restart(k, rq->log);
	rc = mount(k, rq, dev, m);
	err = set_read_only(k, shadow, 1);
	if (err < 0 && rc >= 0) {
		k_umount(k, m->mount_point, 0);
		rc = err;
	}
	if (rc >= 0)
		snprintf(m->note, sizeof(m->note), NOTE_REPLAYED);
	return rc;
}

const char *replay_give_up(struct anyfs_kernel *k, int disk)
{
	int shadow = block_shadow_of(k, disk);
	bool full = block_shadow_was_full(k, disk);

	/* Half a replay may be in it. */
	if (shadow >= 0) {
		devnode_remove(k, shadow);
		block_drop_shadow(k, disk);
	}
	return full ? " (that needs more memory than it may take)" : "";
}

int64_t replay_mount_readonly(struct anyfs_kernel *k, const struct mount_request *rq,
			      const char *dev, AnyfsMount *m)
{
	return mount_call(k, dev, m->mount_point, m->fstype, rq->flags | LKL_MS_RDONLY, rq->opts,
			  NULL);
}

int64_t replay_mount(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
		     AnyfsMount *m, int64_t err)
{
	const struct journal *j = find_journal(m->fstype);
	const char *why;
	int64_t rc;
	bool full;

	if (err != -EROFS && (!j || err != j->error))
		return err;
	rc = replay_on_shadow(k, rq, replay_mount_readonly, m);
	if (rc >= 0)
		return 0;
	full = block_shadow_was_full(k, rq->disk);
	why = replay_give_up(k, rq->disk);
	if (!j || !j->without)
		return full ? -ENOSPC : rc;
	rc = mount_call(k, dev, m->mount_point, m->fstype, rq->flags | LKL_MS_RDONLY, rq->opts,
			j->without);
	if (rc >= 0)
		snprintf(m->note, sizeof(m->note), NOTE_MISSED, why);
	return rc;
}
