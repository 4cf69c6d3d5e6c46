/* SPDX-License-Identifier: GPL-2.0 */
/*
 * image.h - what the files of lib/image share
 *
 * Locks: registry (kernel.c) before kstate.lock.  A kernel call may be made
 * under kstate.lock, never under the registry's.
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

/* A kernel scans at most so many partitions of a disk (DISK_MAX_PARTS). */
#define PART_MAX	255u

/* A file system that anyfs mounted. */
struct mount_rec {
	struct mount_rec *next;		/* newest first */
	int disk;
	char point[64];
	char object[512];		/* "disk.img: /p2", for messages */
	bool writable;			/* it was when it was mounted */
};

/*
 * What lib/image knows of a kernel.  Made on first use, so that kernels that
 * were booted through lkl.h have one too.
 */
struct kstate {
	struct kstate *next;		/* registry's */
	unsigned int refs;		/* registry's */
	struct anyfs_kernel *k;
	uint64_t id;			/* of k: it may have been ended through lkl.h */
	pthread_mutex_t tree_lock;	/* of images and the nodes of each; taken before lock */
	struct anyfs_image *images;
	pthread_mutex_t lock;		/* of what follows */
	struct mount_rec *mounts;
};

/* kernel.c */

/* The state of @k (NULL: the current one), with a reference; NULL: none, with error text. */
struct kstate *kstate_get(struct anyfs_kernel *k);
void kstate_put(struct kstate *ks);
/* The kernel behind @ks, or NULL and error text once it was shut down. */
struct anyfs_kernel *kstate_kernel(struct kstate *ks);
/* Why a call failed with @err: says that the kernel died if that is the reason. */
int kstate_error(struct anyfs_kernel *k, int err, const char *object);

/* disk.c */

/* The blockdev of @disk, or NULL and error text. */
struct blockdev *disk_blockdev(struct anyfs_kernel *k, int disk);

/*
 * Give @bd to @k, or close it if that fails; a disk id.  @note gets what the user
 * should know of the disk, or "".
 */
int disk_attach(struct kstate *ks, struct blockdev *bd, char *note, size_t len);
int disk_remove(struct kstate *ks, struct anyfs_kernel *k, int disk);

/* devnode.c: the kstate is locked, so that no two threads use one node or mount point */

/* An ioctl(2) with @part of @disk. */
int64_t devnode_ioctl(struct anyfs_kernel *k, int disk, unsigned int part, unsigned long cmd,
		      void *arg);
/* Bytes of a partition, as the kernel sees it. */
int64_t devnode_size(struct anyfs_kernel *k, int disk, unsigned int part);
/* First byte of a partition, from sysfs. */
int64_t devnode_start(struct anyfs_kernel *k, int disk, unsigned int part);
/* Write @text to the file @path of sysfs.  0 or -errno. */
int sysfs_write(struct anyfs_kernel *k, const char *path, const char *text);

/* probe.c: libblkid over a device */

struct probe_entry {
	unsigned int number;
	uint64_t start, size;		/* bytes */
	bool extended;			/* a container of logical partitions */
	char type[64], name[128], uuid[64];
};

struct probe_table {
	char type[16];			/* "gpt", "dos" ...; "" none */
	unsigned int nr;
	struct probe_entry *entries;
};

/* 0 (perhaps with no table at all) or -errno.  Free with probe_table_free(). */
int probe_parttable(const struct device *d, struct probe_table *table);
void probe_table_free(struct probe_table *table);

enum probe_usage {
	PROBE_NONE,			/* nothing recognised */
	PROBE_FILESYSTEM,
	PROBE_AMBIGUOUS,		/* several, and no way to tell */
	PROBE_CONTAINER,		/* LUKS, LVM, RAID member */
	PROBE_OTHER,			/* swap and the like */
};

struct probe_super {
	enum probe_usage usage;
	char fstype[32], label[128], uuid[64];
};

/* What @d holds as a whole.  0 or -errno; -ENXIO if it is not all there. */
int probe_superblock(const struct device *d, struct probe_super *super);
/* signature.c: what libblkid does not know; @super is empty, and stays so if nothing is found. */
int probe_signature(const struct device *d, struct probe_super *super);

/* parts.c */

/* Bit n of @set: the kernel has partition n.  Returns how many there are. */
struct part_set { uint64_t bits[4]; };
unsigned int parts_kernel_set(struct anyfs_kernel *k, int disk, struct part_set *set);
/* Where partition @part (0: all) lies. */
int parts_extent(struct anyfs_kernel *k, int disk, unsigned int part,
		 uint64_t *start, uint64_t *size);
/* True for a whole disk that is a file system and has partitions too (hybrid ISO). */
bool parts_is_hybrid(struct blockdev *bd);
/*
 * The kernel's number of partition @part of @disk, or -errno.  That of the whole of a
 * disk with partitions is its twin's: both can be in use at the same time.
 */
int64_t parts_dev(struct anyfs_kernel *k, int disk, unsigned int part);
/* Why a disk without partitions shows none, if that can be told; else "". */
const char *parts_table_trouble(struct blockdev *bd);

/* path.c */

/*
 * @path without slashes and "." components at its beginning, and ".." if it stands
 * @at_root, where that leads nowhere.
 */
const char *path_skip_slashes(const char *path, bool at_root);
bool part_set_has(const struct part_set *set, unsigned int part);
/*
 * Split @path of an image with @parts (NULL: without partitions) into its
 * partition (-1: the root above them) and the path below it.  -ENOENT: *@part
 * is the number that is not there, or -1 if the path names none.
 */
int path_split(const struct part_set *parts, const char *path, int *part, const char **rest);
/* True if @path begins with p and a number. */
bool path_names_part(const char *path);

/* klog.c: what the kernel said about a failure */

#define KLOG_LINES	16

/* A place in the kernel's log. */
struct klog { int64_t fd; };
/* What was logged behind it; more than KLOG_LINES lines are cut off. */
struct klog_lines {
	unsigned int nr;
	unsigned char level[KLOG_LINES];
	char text[KLOG_LINES][256];
};

/* Stand at the end of the log.  Ends with klog_end(). */
void klog_begin(struct anyfs_kernel *k, struct klog *log);
/* Go to the end of the log: what was said so far does not count. */
void klog_restart(struct anyfs_kernel *k, struct klog *log);
void klog_end(struct anyfs_kernel *k, struct klog *log);
/* Read what was added, and stand behind it. */
void klog_read(struct anyfs_kernel *k, struct klog *log, struct klog_lines *lines);
bool klog_has(const struct klog_lines *lines, const char *phrase);
/* The line that tells the cause; "" if there is none. */
const char *klog_reason(const struct klog_lines *lines);

/* mount.c */

#define MOUNT_BASE	"/lklmnt"

struct mount_request {
	const struct device *device;
	const char *object;		/* "disk.img: /p2", for messages */
	int disk;			/* that holds it, or the first one */
	struct shadow shadow;		/* of the device */
	const char *fstype;
	unsigned long flags;
	const char *opts;
	bool force_write;		/* also what another system has not let go of */
	const char *point;		/* NULL: pick one */
	struct klog *log;		/* mount_do()'s own */
};

int mount_do(struct kstate *ks, struct anyfs_kernel *k, const struct mount_request *rq,
	     AnyfsMount *m);

/* mount(2) with @opts and @more, either may be NULL. */
int64_t mount_call(struct anyfs_kernel *k, const char *dev, const char *point,
		   const char *fstype, unsigned long flags, const char *opts, const char *more);

/* ufs.c: the kernel's option for the kind of ufs; NULL if it is none that is known. */
const char *ufs_options(const struct device *d);

/* umount.c */

/* Whether the file system mounted at @point takes changes: an error may have ended that. */
bool mount_is_writable(struct anyfs_kernel *k, const char *point);
int mount_undo(struct kstate *ks, struct anyfs_kernel *k, const char *point);
/* How many mounts of anyfs are on @disk. */
unsigned int mount_count(struct kstate *ks, int disk);

#endif /* ANYFS_IMAGE_H */
