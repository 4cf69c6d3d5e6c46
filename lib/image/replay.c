// SPDX-License-Identifier: GPL-2.0
/*
 * replay.c - replay journals of file systems on read-only disks
 *
 * Most file systems replay their journal even when they are mounted read-only, but fail on
 * a read-only device.  So the disk's shadow is mounted instead: a device over the same
 * blockdev whose writes stay in memory.  The shadow is writable only during the mount;
 * after that it is read-only for the kernel, so that a remount cannot make it writable.
 *
 * A file system that cannot be replayed is mounted without replay, and AnyfsMount.note
 * says so.
 *
 * ext4 does not replay a journal that has data although the flag needs_recovery is clear: it
 * empties the journal, and that write fails on a read-only device, too.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "kernel-syscalls.h"
#include "replay.h"
#include <lkl/linux/mount.h>

/* Errors of mounts that would have to replay a journal, and options that skip the replay. */
struct journal {
	const char *fstype;
	int error;			/* in addition to -EROFS, which applies to all types */
	const char *without;		/* mount option that skips the replay, or NULL */
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

/* Whether ext4 found data in a journal that needs no recovery; it wants to empty that journal. */
static bool journal_is_ignored(struct anyfs_kernel *k, const struct mount_request *rq,
			       const AnyfsMount *m)
{
	struct klog_lines lines;

	if (strcmp(m->fstype, "ext4") && strcmp(m->fstype, "ext3"))
		return false;
	klog_read(k, rq->log, &lines);
	return klog_has(&lines, "recovery information on journal");
}

int64_t replay_on_shadow(struct anyfs_kernel *k, const struct mount_request *rq,
			 replay_fn *mount, AnyfsMount *m)
{
	uint64_t number;
	int64_t rc = shadow_open(&rq->shadow, &number), err;
	char dev[64];

	if (!rc)
		rc = device_node(k, number, dev, sizeof(dev));
	if (!rc)
		rc = device_set_readonly(k, number, false);
	if (rc < 0)
		return rc;
	klog_restart(k, rq->log);
	rc = mount(k, rq, dev, m);
	err = device_set_readonly(k, number, true);
	if (err < 0 && rc >= 0) {
		k_umount(k, m->mount_point, 0);
		rc = err;
	}
	if (rc >= 0)
		snprintf(m->note, sizeof(m->note), NOTE_REPLAYED);
	return rc;
}

/* False for a device that is its own shadow: a failed replay has changed it. */
static bool is_unchanged(const struct mount_request *rq)
{
	uint64_t number;

	return !shadow_open(&rq->shadow, &number) && number != rq->device->dev;
}

bool replay_give_up(const struct mount_request *rq, const char **why)
{
	*why = shadow_was_full(&rq->shadow) ? " (the replay exceeds the memory limit)" : "";
	return shadow_drop(&rq->shadow) || is_unchanged(rq);
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
	bool full, ignored = err == -EIO && journal_is_ignored(k, rq, m);

	if (err != -EROFS && (!j || err != j->error) && !ignored)
		return err;
	rc = replay_on_shadow(k, rq, replay_mount_readonly, m);
	if (rc >= 0 && ignored)
		snprintf(m->note, sizeof(m->note), NOTE_IGNORED);
	if (rc >= 0)
		return 0;
	full = shadow_was_full(&rq->shadow);
	if (!replay_give_up(rq, &why) || !j || !j->without)
		return full ? -ENOSPC : rc;
	rc = mount_call(k, dev, m->mount_point, m->fstype, rq->flags | LKL_MS_RDONLY, rq->opts,
			j->without);
	if (rc >= 0)
		snprintf(m->note, sizeof(m->note), NOTE_MISSED, why);
	return rc;
}
