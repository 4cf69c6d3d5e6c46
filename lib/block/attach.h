/* SPDX-License-Identifier: GPL-2.0 */
/*
 * attach.h - the bridge between blockdevs and a kernel instance
 */
#ifndef ANYFS_BLOCK_ATTACH_H
#define ANYFS_BLOCK_ATTACH_H

#include "blockdev.h"
#include "kernel.h"

/* The value of host_boot_opts.block for kernels to which blockdevs are attached. */
extern const struct host_block_ops block_attach_ops;

/*
 * Add @bd to @k as a disk.  Returns the kernel's disk index >= 0; then the kernel
 * owns @bd, which is closed when the kernel releases the disk, at the latest in
 * host_kernel_destroy().  -errno: the caller still owns @bd, and no request is in
 * flight.
 */
int block_attach(struct anyfs_kernel *k, struct blockdev *bd);

/*
 * Remove the disk from @k and close its blockdev before returning 0.  -EBUSY if the
 * disk is in use, -ENODEV if there is no such disk.
 */
int block_detach(struct anyfs_kernel *k, int disk);

/*
 * Return the shadow of a read-only disk: a second disk in the same kernel with the
 * same content, which can be written; written data stays in memory.  The first call
 * creates it; block_drop_shadow() or block_detach() removes it.  The functions here
 * do not accept the index of a shadow.  Returns the shadow's index, or -errno.
 */
int block_shadow(struct anyfs_kernel *k, int disk);
/* The index of @disk's shadow, or -1. */
int block_shadow_of(struct anyfs_kernel *k, int disk);
/* The blockdev of @disk's shadow, borrowed until the shadow is removed; NULL: no shadow. */
struct blockdev *block_shadow_blockdev(struct anyfs_kernel *k, int disk);
/* The limit, in bytes, of the data written to a shadow of a disk with @bd. */
uint64_t block_shadow_limit(const struct blockdev *bd);
/* Remove @disk's shadow, if it has one.  0, or -EBUSY while the shadow is in use. */
int block_drop_shadow(struct anyfs_kernel *k, int disk);
/* True if a write to @disk's shadow failed because the limit was reached. */
bool block_shadow_was_full(struct anyfs_kernel *k, int disk);

/*
 * Return the twin of a disk: a second disk of the same kernel over the same blockdev.  A
 * hybrid image needs it, because the kernel mounts either a whole disk or its partitions, not
 * both.  A twin is created and removed like a shadow.  Returns its index, or -errno.
 */
int block_twin(struct anyfs_kernel *k, int disk);

/* The blockdev behind a disk, borrowed until the disk is detached; NULL if there is none. */
struct blockdev *block_attached(struct anyfs_kernel *k, int disk);

/* The disk's serial, unique in this process and never reused; 0 if there is no such disk. */
uint64_t block_serial(struct anyfs_kernel *k, int disk);

/* To list a kernel's disks: the lowest index above @disk (-1: the lowest of all), or -1. */
int block_next(struct anyfs_kernel *k, int disk);

#endif /* ANYFS_BLOCK_ATTACH_H */
