/* SPDX-License-Identifier: GPL-2.0 */
/*
 * image.h - definitions shared by the files of lib/image
 *
 * Lock order: the registry's lock (kernel.c) before kstate.lock.  System calls of the
 * kernel may be made with kstate.lock held, but not with the registry's lock held.
 */
#ifndef ANYFS_IMAGE_H
#define ANYFS_IMAGE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "anyfs.h"
#include "attach.h"
#include "blockdev.h"
#include "error.h"
#include "kernel.h"
#include "device.h"
#include "shadow.h"

/* The kernel scans at most this many partitions of a disk (DISK_MAX_PARTS). */
#define PART_MAX	255u

/* A file system that anyfs mounted. */
struct mount_rec {
	struct mount_rec *next;		/* the next older mount */
	int disk;			/* disk of the file system; the first, if it has several */
	char point[64];			/* its mount point in the kernel */
	char object[512];		/* "disk.img: /p2", for messages */
	bool writable;			/* as mounted; an error can make it read-only later */
};

/*
 * State of lib/image for one kernel.  Created on first use, because kernels can also be
 * booted through lkl.h.
 */
struct kstate {
	struct kstate *next;		/* in the registry; guarded by its lock */
	unsigned int refs;		/* guarded by the registry's lock */
	struct anyfs_kernel *k;		/* may have ended: use kstate_kernel() */
	uint64_t id;			/* id of k, to detect a shutdown through lkl.h */
	pthread_mutex_t tree_lock;	/* protects images and their nodes; take before lock */
	struct anyfs_image *images;	/* open images of the kernel */
	pthread_mutex_t lock;		/* protects the members below */
	struct mount_rec *mounts;
	struct deferred_removal *removals;	/* disks of closed images: deferred-removal.h */
};

/* kernel.c */

/* The state of @k (NULL: the current kernel), with a reference; or NULL with error text. */
struct kstate *kstate_get(struct anyfs_kernel *k);
void kstate_put(struct kstate *ks);
/* The state with the lowest id above @after, with a reference; NULL: no such state. */
struct kstate *kstate_next(uint64_t after);
/* The kernel of @ks; NULL with error text if it was shut down. */
struct anyfs_kernel *kstate_kernel(struct kstate *ks);
/* Set the error text for @err and return @err; or -EIO and its text if the kernel has died. */
int kstate_error(struct anyfs_kernel *k, int err, const char *object);

/* disk.c */

/* The blockdev of @disk; or NULL with error text. */
struct blockdev *disk_blockdev(struct anyfs_kernel *k, int disk);

/*
 * Attach @bd to the kernel and return the disk id; on failure close @bd.  @note gets a
 * message for the user about the disk, or "".
 */
int disk_attach(struct kstate *ks, struct blockdev *bd, char *note, size_t len);
/* Remove a disk.  0; -ENODEV, or -EBUSY while it is in use. */
int disk_remove(struct kstate *ks, struct anyfs_kernel *k, int disk);

/* devnode.c: device nodes and files of sysfs */

/*
 * Make an ioctl(2) on the device @minor of the misc devices (include/linux/miscdevice.h).
 * Its node is made at @path if there is none.
 */
int64_t devnode_control(struct anyfs_kernel *k, const char *path, unsigned int minor,
			unsigned long cmd, void *arg);

/* Make an ioctl(2) on partition @part of @disk. */
int64_t devnode_ioctl(struct anyfs_kernel *k, int disk, unsigned int part, unsigned long cmd,
		      void *arg);
/* Size of a partition in bytes, from the kernel. */
int64_t devnode_size(struct anyfs_kernel *k, int disk, unsigned int part);
/* Offset of a partition in bytes, from sysfs. */
int64_t devnode_start(struct anyfs_kernel *k, int disk, unsigned int part);
/* Write @text to the file @path of sysfs.  0 or -errno. */
int sysfs_write(struct anyfs_kernel *k, const char *path, const char *text);

/* probe.c: libblkid over a device */

struct probe_entry {
	unsigned int number;		/* from 1 on, as in the table */
	uint64_t start, size;		/* bytes */
	bool extended;			/* a container of logical partitions */
	char type[64];			/* type in the table: a GUID, or "0x83" */
	char name[128], uuid[64];	/* "" if the table has none */
};

struct probe_table {
	char type[16];			/* "gpt", "dos" ...; "": no table */
	unsigned int nr;
	struct probe_entry *entries;	/* nr entries; owned */
};

/*
 * Read the partition table.  0, also if there is none, or -errno.  Free with
 * probe_table_free().
 */
int probe_parttable(const struct device *d, struct probe_table *table);
void probe_table_free(struct probe_table *table);

enum probe_usage {
	PROBE_NONE,			/* nothing recognised */
	PROBE_FILESYSTEM,
	PROBE_AMBIGUOUS,		/* several types match */
	PROBE_CONTAINER,		/* LUKS, LVM, RAID member */
	PROBE_OTHER,			/* swap and the like */
};

struct probe_super {
	enum probe_usage usage;
	char fstype[32];		/* libblkid's type: "ext4", "crypto_LUKS"; or "" */
	char label[128], uuid[64];	/* "" if there is none */
};

/* Probe the whole of @d.  0 or -errno; -ENXIO if @d extends beyond the end of the disk. */
int probe_superblock(const struct device *d, struct probe_super *super);
/* signature.c: detect types that libblkid does not know; if none, @super stays empty. */
int probe_signature(const struct device *d, struct probe_super *super);

/* parts.c */

/* Set bit n of @set if the kernel has partition n.  Returns the number of partitions. */
struct part_set { uint64_t bits[4]; };
unsigned int parts_kernel_set(struct anyfs_kernel *k, int disk, struct part_set *set);
/* Get the offset and size of partition @part (0: the whole disk). */
int parts_extent(struct anyfs_kernel *k, int disk, unsigned int part,
		 uint64_t *start, uint64_t *size);
/* True for a whole disk that is a file system and has partitions too (hybrid ISO). */
bool parts_is_hybrid(struct blockdev *bd);
/*
 * The kernel's device number of partition @part of @disk, or -errno.  For a whole disk
 * that has partitions it is the number of the disk's twin, so that the file system on the
 * whole disk and the partitions can be in use at the same time.
 */
int64_t parts_dev(struct anyfs_kernel *k, int disk, unsigned int part);
/* Reason why no partitions are shown for the disk, or "" if none is known. */
const char *parts_table_trouble(struct blockdev *bd);

/* path.c */

/*
 * Skip slashes and "." components at the beginning of @path; with @at_root also "..",
 * since the root is its own parent.
 */
const char *path_skip_slashes(const char *path, bool at_root);
bool part_set_has(const struct part_set *set, unsigned int part);
/*
 * Split @path into its partition and the path below it.  @parts are the image's partitions
 * (NULL: none).  *@part is -1 for the root above the partitions.  On -ENOENT it is the
 * number of the missing partition, or -1 if the path names none.
 */
int path_split(const struct part_set *parts, const char *path, int *part, const char **rest);
/* True if @path begins with p and a number. */
bool path_names_part(const char *path);

/* klog.c: kernel messages about a failure */

#define KLOG_LINES	16

/* A position in the kernel's log: a descriptor of /dev/kmsg in the kernel. */
struct klog { int64_t fd; };
/* The lines that were logged after a position, at most KLOG_LINES. */
struct klog_lines {
	unsigned int nr;
	unsigned char level[KLOG_LINES];	/* 0 (emergency) ... 7 (debug) */
	char text[KLOG_LINES][256];
};

/* Start at the end of the log.  Release with klog_end(). */
void klog_begin(struct anyfs_kernel *k, struct klog *log);
/* Move to the end of the log: ignore all lines so far. */
void klog_restart(struct anyfs_kernel *k, struct klog *log);
void klog_end(struct anyfs_kernel *k, struct klog *log);
/* Read the lines that were added, and move to the end of the log. */
void klog_read(struct anyfs_kernel *k, struct klog *log, struct klog_lines *lines);
bool klog_has(const struct klog_lines *lines, const char *phrase);
/* The line that gives the cause; "" if there is none. */
const char *klog_reason(const struct klog_lines *lines);

/* mount.c */

#define MOUNT_BASE	"/lklmnt"

struct mount_request {
	const struct device *device;	/* with the file system */
	const char *object;		/* "disk.img: /p2", for messages */
	int disk;			/* disk of the file system; the first, if it has several */
	struct shadow shadow;		/* of the device */
	const char *fstype;		/* NULL: the type that the probe found */
	unsigned long flags;		/* LKL_MS_* */
	const char *opts;		/* options of the file system; NULL: none */
	bool force_write;		/* write also to a volume that another system uses */
	const char *point;		/* mount point; NULL: create one */
	struct klog *log;		/* used by mount_by_request() only */
};

int mount_by_request(struct kstate *ks, struct anyfs_kernel *k, const struct mount_request *rq,
		     AnyfsMount *m);

/* Call mount(2) with the options @opts and @more; either may be NULL. */
int64_t mount_call(struct anyfs_kernel *k, const char *dev, const char *point,
		   const char *fstype, unsigned long flags, const char *opts, const char *more);

/* ufs.c: the mount option for this variant of ufs; NULL if it is unknown. */
const char *ufs_options(const struct device *d);

/* umount.c */

/* Whether the file system at @point is writable; an error may have made it read-only. */
bool mount_is_writable(struct anyfs_kernel *k, const char *point);
/* Write back all data of the file system at @point and unmount it.  0 or -errno. */
int mount_undo(struct kstate *ks, struct anyfs_kernel *k, const char *point);
/* Detach a mount that has open files; the kernel unmounts it when the last file is closed. */
void mount_abandon(struct kstate *ks, struct anyfs_kernel *k, const char *point);
/* Number of anyfs mounts on @disk. */
unsigned int mount_count(struct kstate *ks, int disk);

#endif /* ANYFS_IMAGE_H */
