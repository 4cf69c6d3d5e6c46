// SPDX-License-Identifier: GPL-2.0
/*
 * mount.c - mount partitions in the kernel's root file system
 *
 * Mount points are /lklmnt/<disk and partition, 8 hex digits>.  A read-only disk is always
 * mounted read-only; replay.c replays its journal.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "content.h"
#include "image.h"
#include "incomplete.h"
#include "kernel-syscalls.h"
#include "ntfs.h"
#include "prefetch.h"
#include "replay.h"
#include <lkl/linux/mount.h>

#define MOUNT_DATA	4096

/* File system types that libblkid and the kernel name differently. */
static const struct { const char *blkid, *kernel; } kernel_names[] = {
	{ "ntfs", "ntfs3" },
	{ "ext4dev", "ext4" },
	{ "xenix", "sysv" },
};

/*
 * Default options: all metadata that the file system can store, and names in UTF-8.
 */
static const struct { const char *fstype, *opts; } defaults[] = {
	{ "gfs2", "acl" },
	{ "hfs", "codepage=macroman,iocharset=utf8" },
	{ "ntfs3", "acl" },
	/* Not "acl": it fails on a read-only mount if no file ever had an attribute. */
	{ "reiserfs", "user_xattr" },
};

static const char *kernel_fstype(const char *fstype)
{
	for (size_t i = 0; i < sizeof(kernel_names) / sizeof(kernel_names[0]); i++)
		if (!strcmp(kernel_names[i].blkid, fstype))
			return kernel_names[i].kernel;
	return fstype;
}

/* "disk.img: /p2", or "disk.img" if it has no partitions. */
static void object_name(struct anyfs_kernel *k, struct blockdev *bd, int disk,
			unsigned int part, char *buf, size_t len)
{
	struct part_set set;

	if (part || parts_kernel_set(k, disk, &set))
		snprintf(buf, len, "%s: /p%u", bd->name, part);
	else
		snprintf(buf, len, "%s", bd->name);
}

/* Why the disk as a whole cannot be mounted; "" if no reason is known. */
static const char *why_not_whole_disk(struct anyfs_kernel *k, struct blockdev *bd, int disk,
				      unsigned int part)
{
	struct part_set set;

	if (part)
		return "";
	if (parts_kernel_set(k, disk, &set))
		return "the disk as a whole is not a file system; name one of its partitions";
	return parts_table_trouble(bd);
}

static int probe_type(struct anyfs_kernel *k, const struct mount_request *rq,
		      struct blockdev *bd, char *fstype, size_t len)
{
	struct probe_super s;
	int rc = probe_superblock(rq->device, &s);

	if (rc)
		return error_set(rc, "%s: reading its superblock: %s", rq->object, error_name(rc));
	if (s.usage != PROBE_FILESYSTEM)
		return content_refuse(rq->device, &s, rq->object,
				      why_not_whole_disk(k, bd, rq->disk, rq->shadow.part));
	snprintf(fstype, len, "%s", s.fstype);
	return 0;
}

/* mount(2) copies a whole page, so the options need one. */
static int64_t mount_with(struct anyfs_kernel *k, const char *dev, const char *point,
			  const char *fstype, unsigned long flags, const char *opts,
			  const char *more)
{
	char *page;
	int64_t rc;

	if (!opts && !more)
		return k_mount(k, dev, point, fstype, flags, NULL);
	page = calloc(1, MOUNT_DATA);
	if (!page)
		return -ENOMEM;
	if (snprintf(page, MOUNT_DATA, "%s%s%s", opts ? opts : "",
		     opts && *opts && more ? "," : "", more ? more : "") >= MOUNT_DATA)
		rc = -E2BIG;
	else
		rc = k_mount(k, dev, point, fstype, flags, page);
	free(page);
	return rc;
}

int64_t mount_call(struct anyfs_kernel *k, const char *dev, const char *point,
		   const char *fstype, unsigned long flags, const char *opts, const char *more)
{
	for (size_t i = 0; !opts && i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		int64_t rc;

		if (strcmp(defaults[i].fstype, fstype))
			continue;
		rc = mount_with(k, dev, point, fstype, flags, defaults[i].opts, more);
		if (rc != -EINVAL)
			return rc;
	}
	return mount_with(k, dev, point, fstype, flags, opts, more);
}

/* Whether the kernel has the file system; mount(2) returns ENODEV also for a missing device. */
static bool has_fstype(struct anyfs_kernel *k, const char *fstype)
{
	int64_t fd = ksys(k, __lkl__NR_fsopen, KPTR(fstype), 0, 0, 0, 0);

	if (fd >= 0)
		k_close(k, fd);
	return fd != -ENODEV;
}

/* Messages of the kernel, and their meanings for the user. */
static const struct { const char *logged, *meaning; } meanings[] = {
	{ "volume is dirty", "the volume is dirty: its structures may be damaged; let chkdsk in Windows check it, or force the change (--force-write)" },
	{ "is missing", "one of its devices is missing" },
	{ "having an external log", "its log is on another device, which is missing" },
	{ "has a realtime volume", "its real-time section is on another device, which is missing" },
};

static const char *find_meaning(const struct klog_lines *lines)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (klog_has(lines, meanings[i].logged))
			return meanings[i].meaning;
	return NULL;
}

static const char *meaning_of_error(int err, const struct device *d)
{
	switch (err) {
	case -EINVAL:
		return "not such a file system, damaged, or a wrong mount option";
	case -EROFS:
		return "the file system must be written to before it can be read, and the disk is read-only";
	case -ENOMEM:
		return "its tables do not fit into the kernel's memory; give it more (--mem, mem_mb)";
	case -E2BIG:
		return "the mount options are too long";
	case -ENOSPC:
		if (!d->can_write)
			return "replaying its journal exceeds the memory limit; mount it once with an overlay to replay it there";
		/* fall through */
	default:
		return error_name(err);
	}
}

/* An error number has many causes: add the kernel's message. */
static int mount_failed(struct anyfs_kernel *k, int err, const struct mount_request *rq,
			const char *fstype)
{
	struct blockdev *bd = block_attached(k, rq->disk);
	struct klog_lines lines;
	const char *meaning, *reason;
	char cut[128] = "";

	if (!host_kernel_is_running(k))
		return kstate_error(k, err, rq->object);
	if (err == -ENODEV && !has_fstype(k, fstype))
		return error_set(err, "%s: this kernel has no file system \"%s\"", rq->object,
				 fstype);
	klog_read(k, rq->log, &lines);
	if (bd && !rq->shadow.node)
		incomplete_part(k, rq->disk, bd, rq->shadow.part, cut, sizeof(cut));
	reason = klog_reason(&lines);
	meaning = find_meaning(&lines);
	return error_set(err, "%s: cannot be mounted as %s: %s%s%s%s", rq->object, fstype,
			 meaning ? meaning : meaning_of_error(err, rq->device), cut,
			 *reason ? "; the kernel says: " : "", reason);
}

/* Create the requested directory, or an unused one.  The kstate is locked. */
static int64_t pick_point(struct anyfs_kernel *k, const struct mount_request *rq,
			  char *point, size_t len)
{
	int64_t rc = -EEXIST;

	if (rq->point) {
		snprintf(point, len, "%s", rq->point);
		rc = k_mkdir(k, point, 0755);
		return rc == -EEXIST ? 0 : rc;
	}
	rc = k_mkdir(k, MOUNT_BASE, 0755);
	if (rc < 0 && rc != -EEXIST)
		return rc;
	snprintf(point, len, MOUNT_BASE "/%08x", (unsigned int)rq->disk << 8 | rq->shadow.part);
	rc = k_mkdir(k, point, 0755);
	/* The partition is already mounted: add a number to the name. */
	for (unsigned int n = 2; rc == -EEXIST && n < 1000; n++) {
		snprintf(point, len, MOUNT_BASE "/%08x-%u",
			 (unsigned int)rq->disk << 8 | rq->shadow.part, n);
		rc = k_mkdir(k, point, 0755);
	}
	return rc;
}

static bool is_written(const struct mount_request *rq)
{
	return rq->device->can_write && !(rq->flags & LKL_MS_RDONLY);
}

/* Before writing to an NTFS, check that Windows does not use it; the driver does not check. */
static int check_ntfs(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
		      const AnyfsMount *m)
{
	const char *why;

	if (strcmp(m->fstype, "ntfs3") || !is_written(rq) || rq->force_write)
		return 0;
	/* If this mount fails, the later mount fails too and reports the reason. */
	if (mount_call(k, dev, m->mount_point, m->fstype, rq->flags | LKL_MS_RDONLY, rq->opts,
		       NULL) < 0)
		return 0;
	why = ntfs_in_use(k, m->mount_point);
	k_umount(k, m->mount_point, 0);
	return why ? error_set(-EUCLEAN, "%s: %s", rq->object, why) : 0;
}

static int64_t try_mount(struct anyfs_kernel *k, const struct mount_request *rq, const char *dev,
			 AnyfsMount *m)
{
	unsigned long flags = rq->flags | (rq->device->can_write ? 0 : LKL_MS_RDONLY);
	int64_t rc;

	/* This driver is read-only but does not say so. */
	if (!strcmp(m->fstype, "adfs"))
		flags |= LKL_MS_RDONLY;
	rc = mount_call(k, dev, m->mount_point, m->fstype, flags, rq->opts,
			rq->force_write && !strcmp(m->fstype, "ntfs3") ? "force" : NULL);
	/*
	 * Drivers of iso9660 and most kinds of udf fail here; other read-only drivers set
	 * the flag.
	 */
	if (rc == -EACCES && !(flags & LKL_MS_RDONLY))
		rc = mount_call(k, dev, m->mount_point, m->fstype, flags | LKL_MS_RDONLY,
				rq->opts, NULL);
	if (rc < 0 && !rq->device->can_write)
		rc = replay_mount(k, rq, dev, m, rc);
	else if (!rq->device->can_write)
		rc = replay_missed(k, rq, dev, m);
	return rc;
}

/* Mount at m->mount_point; all members of the request are set. */
static int mount_at(struct anyfs_kernel *k, struct mount_request *rq, AnyfsMount *m)
{
	struct klog log;
	char dev[64];
	int64_t rc = device_node(k, rq->device->dev, dev, sizeof(dev));

	if (rc < 0)
		return kstate_error(k, rc, rq->object);
	rc = check_ntfs(k, rq, dev, m);
	if (rc < 0)
		return rc;
	if (!strncmp(m->fstype, "ext", 3))
		ext4_prefetch(rq->device);
	klog_begin(k, &log);
	rq->log = &log;
	rc = try_mount(k, rq, dev, m);
	if (rc < 0)
		rc = mount_failed(k, rc, rq, m->fstype);
	klog_end(k, &log);
	return rc;
}

static int add_record(struct kstate *ks, struct anyfs_kernel *k, const struct mount_request *rq,
		      const AnyfsMount *m)
{
	struct mount_rec *rec = calloc(1, sizeof(*rec));

	if (!rec)
		return error_set(-ENOMEM, "mount: out of memory");
	rec->disk = rq->disk;
	memcpy(rec->point, m->mount_point, sizeof(rec->point));
	snprintf(rec->object, sizeof(rec->object), "%s", rq->object);
	rec->writable = rq->device->can_write && mount_is_writable(k, rec->point);
	rec->next = ks->mounts;
	ks->mounts = rec;
	return 0;
}

/* Mount at the requested directory, or at a new one. */
static int mount_somewhere(struct kstate *ks, struct anyfs_kernel *k, struct mount_request *rq,
			   AnyfsMount *m)
{
	int64_t rc = pick_point(k, rq, m->mount_point, sizeof(m->mount_point));

	if (rc < 0)
		return kstate_error(k, rc, m->mount_point);
	rc = mount_at(k, rq, m);
	if (!rc && (rc = add_record(ks, k, rq, m)))
		k_umount(k, m->mount_point, 0);
	if (rc && !rq->point)
		k_unlink(k, m->mount_point, LKL_AT_REMOVEDIR);
	return rc;
}

/* The kstate is locked, so that the disk cannot be removed. */
static int mount_locked(struct kstate *ks, struct anyfs_kernel *k,
			const struct mount_request *request, AnyfsMount *m)
{
	struct mount_request own = *request, *rq = &own;

	memset(m, 0, sizeof(*m));
	m->disk_id = rq->disk;
	m->part = rq->shadow.part;
	if (strlen(rq->fstype) >= sizeof(m->fstype))
		return error_set(-ENODEV, "%s: this kernel has no file system \"%s\"", rq->object,
				 rq->fstype);
	snprintf(m->fstype, sizeof(m->fstype), "%s", kernel_fstype(rq->fstype));
	if (!rq->opts && !strcmp(m->fstype, "ufs"))
		rq->opts = ufs_options(rq->device);

	return mount_somewhere(ks, k, rq, m);
}

int mount_by_request(struct kstate *ks, struct anyfs_kernel *k, const struct mount_request *rq,
		     AnyfsMount *m)
{
	int rc;

	pthread_mutex_lock(&ks->lock);
	rc = mount_locked(ks, k, rq, m);
	pthread_mutex_unlock(&ks->lock);
	return rc;
}

/* The device of partition @part of @disk. */
static int find_device(struct anyfs_kernel *k, struct blockdev *bd, int disk, unsigned int part,
		       const char *object, struct device *d)
{
	uint64_t start, size;
	int64_t dev;
	int rc;

	if (part && host_disk_dev(k, disk, part) < 0)
		return error_set(-ENXIO, "%s: there is no such partition", object);
	rc = parts_extent(k, disk, part, &start, &size);
	if (rc)
		return rc;
	device_of_blockdev(bd, start, size, d);
	d->k = k;
	dev = parts_dev(k, disk, part);
	d->dev = dev;
	return dev < 0 ? kstate_error(k, dev, object) : 0;
}

/* The kstate is locked, so that the disk cannot be removed. */
static int mount_part(struct kstate *ks, int disk, unsigned int part, struct mount_request *rq,
		      AnyfsMount *m)
{
	struct anyfs_kernel *k = ks->k;
	struct blockdev *bd = disk_blockdev(k, disk);
	char object[512], fstype[32];
	struct device d;
	int rc;

	if (!bd)
		return -ENODEV;
	object_name(k, bd, disk, part, object, sizeof(object));
	rc = find_device(k, bd, disk, part, object, &d);
	if (rc)
		return rc;
	rq->device = &d;
	rq->object = object;
	rq->disk = disk;
	rq->force_write = bd->force_write;
	rq->shadow = (struct shadow){ .k = k, .disk = disk, .part = part };
	if (!rq->fstype) {
		rc = probe_type(k, rq, bd, fstype, sizeof(fstype));
		rq->fstype = fstype;
	}
	return rc ? rc : mount_locked(ks, k, rq, m);
}

int anyfs_mount(int disk_id, unsigned int part, const char *fstype,
		unsigned long flags, const char *opts, AnyfsMount *mount)
{
	struct mount_request rq = { .fstype = fstype, .flags = flags, .opts = opts };
	struct kstate *ks;
	int rc;

	if (!mount)
		return error_set(-EINVAL, "anyfs_mount: the buffer for the mount point is NULL");
	ks = kstate_get(NULL);
	if (!ks)
		return -ENODEV;
	pthread_mutex_lock(&ks->lock);
	rc = mount_part(ks, disk_id, part, &rq, mount);
	pthread_mutex_unlock(&ks->lock);
	kstate_put(ks);
	return rc;
}
