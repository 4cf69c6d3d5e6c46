/* SPDX-License-Identifier: GPL-2.0 */
/*
 * attach.h - the bridge between blockdevs and a kernel instance
 */
#ifndef ANYFS_BLOCK_ATTACH_H
#define ANYFS_BLOCK_ATTACH_H

#include "blockdev.h"
#include "kernel.h"

/* For host_boot_opts.block of every kernel that blockdevs are attached to. */
extern const struct host_block_ops block_attach_ops;

/*
 * Give @bd to @k as a disk.  Returns the kernel's disk index >= 0; from then on
 * @bd is the kernel's and closed when the kernel lets the disk go, at the
 * latest by host_kernel_destroy().  -errno: @bd remains the caller's, and no
 * request of it is out.
 */
int block_attach(struct anyfs_kernel *k, struct blockdev *bd);

/*
 * Take the disk away again and close its blockdev, which has happened when
 * this returns 0.  -EBUSY while the disk is in use, -ENODEV if there is none.
 */
int block_detach(struct anyfs_kernel *k, int disk);

/*
 * The shadow of a read-only disk: a second disk of the kernel's with the same
 * content, that can be written; what is written stays in memory.  It is made
 * when first asked for and leaves with its disk, or with block_drop_shadow().
 * The calls here that take a disk do not take shadows.  Its index, or -errno.
 */
int block_shadow(struct anyfs_kernel *k, int disk);
/* The shadow that @disk has, or -1. */
int block_shadow_of(struct anyfs_kernel *k, int disk);
/* Its blockdev, borrowed while it stays; NULL if there is none. */
struct blockdev *block_shadow_blockdev(struct anyfs_kernel *k, int disk);
/* How many bytes the shadow of a disk with @bd may take. */
uint64_t block_shadow_limit(const struct blockdev *bd);
/* 0, also if there is none; -EBUSY while it is in use. */
int block_drop_shadow(struct anyfs_kernel *k, int disk);
/* Whether the shadow of @disk was asked to take more. */
bool block_shadow_was_full(struct anyfs_kernel *k, int disk);

/*
 * The twin of a disk: a second disk of the kernel's over the same blockdev.  The kernel
 * gives a disk as a whole to one file system only, and its partitions then to none, so
 * that a hybrid image needs it.  Made and gone like a shadow.  Its index, or -errno.
 */
int block_twin(struct anyfs_kernel *k, int disk);

/* The blockdev behind a disk, borrowed until the disk is detached; NULL if there is none. */
struct blockdev *block_attached(struct anyfs_kernel *k, int disk);

/* A number that no other attached disk of this process has or had; 0 if there is no such disk. */
uint64_t block_serial(struct anyfs_kernel *k, int disk);

/* The kernel's lowest disk above @disk (-1: of all), or -1. */
int block_next(struct anyfs_kernel *k, int disk);

#endif /* ANYFS_BLOCK_ATTACH_H */
