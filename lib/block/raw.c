// SPDX-License-Identifier: GPL-2.0
/*
 * raw.c - the raw backend: an image that is a file or a block device
 *
 * This file opens an image: it checks and locks it, reads its size, and probes what
 * the host supports for it.  A blockdev opened for reading has a read-only
 * descriptor, so that the host kernel, too, prevents writes.  raw-io.c serves the
 * requests.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "error.h"
#include "raw.h"

#define SECTOR		512
#define POOL_THREADS	8
#define FILL_UP_TO	4096		/* bytes: see set_capacity() */

static int check_type(const char *name, mode_t mode)
{
	if (S_ISDIR(mode))
		return error_set(-EISDIR, "%s: is a directory, not a disk image", name);
	if (!S_ISREG(mode) && !S_ISBLK(mode))
		return error_set(-EINVAL, "%s: is neither a regular file nor a block device", name);
	return 0;
}

static int open_error(const char *name, unsigned int flags, int err)
{
	if (err == -EBUSY)
		return error_set(err, "%s: block device in use by the host; unmount it there first", name);
	if ((flags & BLOCKDEV_WRITE) && (err == -EACCES || err == -EROFS || err == -EPERM))
		return error_set(err, "%s: cannot be opened for writing: %s; open it read-only or change its permissions",
				 name, error_name(err));
	return error_set(err, "%s: cannot be opened: %s", name, error_name(err));
}

/* @mode is st_mode of the file: only block devices are opened with O_EXCL. */
static int open_path(const char *path, const char *name, unsigned int flags, mode_t mode)
{
	int oflags = (flags & BLOCKDEV_WRITE ? O_RDWR : O_RDONLY) | O_CLOEXEC;
	int fd;

	/* O_EXCL: the host cannot mount the device while it is open here, and vice versa. */
	if (S_ISBLK(mode) && (flags & BLOCKDEV_WRITE) && !(flags & BLOCKDEV_NOLOCK))
		oflags |= O_EXCL;
	/* Keep the access time: the image may be evidence.  Only its owner and root can. */
	fd = open(path, oflags | O_NOATIME);
	if (fd < 0 && errno == EPERM)
		fd = open(path, oflags);
	return fd < 0 ? open_error(name, flags, error_host(errno)) : fd;
}

/* The host lets a read-only device be opened for writing, but then every write fails. */
static int refuse_read_only(const struct raw *raw)
{
	int read_only = 0;

	if (ioctl(raw->fd, BLKROGET, &read_only) < 0 || !read_only)
		return 0;
	return error_set(-EROFS, "%s: is a read-only block device; open it read-only, or make it writable with blockdev --setrw",
			 raw->bd.name);
}

static int measure_device(struct raw *raw, uint64_t *size)
{
	int logical = 0;
	unsigned int physical = 0;

	if (ioctl(raw->fd, BLKGETSIZE64, size) < 0 || ioctl(raw->fd, BLKSSZGET, &logical) < 0)
		return error_set(error_host(errno),
				 "%s: cannot read the size of the block device: %s",
				 raw->bd.name, error_name(errno));
	if (ioctl(raw->fd, BLKPBSZGET, &physical) < 0)
		physical = logical;
	if (logical < SECTOR || logical > 4096)
		return error_set(-EINVAL, "%s: sectors of %d bytes are not supported",
				 raw->bd.name, logical);
	raw->bd.limits.logical_block = logical;
	raw->bd.limits.physical_block = physical;
	return 0;
}

/*
 * Set capacity and tail.  A file system image may end inside a sector (squashfs), but
 * the kernel reads blocks of up to a page: such a disk is padded to a whole page.
 */
static void set_capacity(struct raw *raw, uint64_t size)
{
	uint32_t unit = raw->bd.limits.logical_block;

	if (size % unit)
		unit = FILL_UP_TO;
	raw->bd.capacity = (size + unit - 1) / unit * unit;
	raw->bd.tail = raw->bd.capacity - size;
}

int raw_check_length(const struct blockdev *bd)
{
	uint64_t size = bd->capacity - bd->tail;

	if (size >= bd->limits.logical_block)
		return 0;
	return error_set(-EINVAL, "%s: is shorter than one sector (%llu bytes), not a disk image",
			 bd->name, (unsigned long long)size);
}

void raw_set_size(struct blockdev *bd, uint64_t size)
{
	struct raw *raw = (struct raw *)bd;

	raw->bytes = size;
	set_capacity(raw, size);
}

static int measure_size(struct raw *raw, const struct stat *st, unsigned int flags)
{
	uint64_t size = st->st_size;
	int err;

	raw->is_file = S_ISREG(st->st_mode);
	raw->bd.limits.logical_block = SECTOR;
	raw->bd.limits.physical_block = 4096;
	raw->bd.limits.io_opt = 1 << 20;
	if (!raw->is_file) {
		err = measure_device(raw, &size);
		if (err)
			return err;
	}
	if (!size)
		return error_set(-ENODATA, "%s: is empty, not a disk image", raw->bd.name);
	raw->bytes = size;
	set_capacity(raw, size);
	return flags & BLOCKDEV_SHORT ? 0 : raw_check_length(&raw->bd);
}

static bool can_nowait(int fd)
{
	char byte;
	struct iovec iov = { &byte, 1 };

	return preadv2(fd, &iov, 1, 0, RWF_NOWAIT) >= 0 || errno != EOPNOTSUPP;
}

/*
 * If the host file system does not support RWF_NOWAIT, the pool does all reads, since
 * a read may wait for a network or a FUSE server.  The exceptions are file systems
 * that are known to be fast.
 */
static enum raw_first probe_reading(struct raw *raw)
{
	struct statfs sfs;

	if (can_nowait(raw->fd))
		return RAW_NOWAIT;
	if (!raw->is_file || fstatfs(raw->fd, &sfs) < 0)
		return RAW_POOL;
	switch (sfs.f_type) {
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
		return RAW_INLINE;
	case OVERLAYFS_SUPER_MAGIC:
		return RAW_WHILE_QUICK;
	default:
		return RAW_POOL;
	}
}

/* Probe hole punching beyond the end of the file, where it changes nothing. */
static bool can_punch(int fd, uint64_t size)
{
	uint64_t behind = (size + (1 << 20)) & ~(uint64_t)((1 << 20) - 1);

	return !fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, behind, 1 << 20);
}

/* Probe with an unaligned range: only devices that can discard reject it with EINVAL. */
static bool can_discard_device(int fd)
{
	uint64_t range[2] = { 1, 1 };

	return ioctl(fd, BLKDISCARD, range) < 0 && errno == EINVAL;
}

static void probe_writing(struct raw *raw, const struct stat *st)
{
	struct blockdev *bd = &raw->bd;

	bd->can_write = true;
	bd->can_flush = true;
	bd->can_fua = true;
	bd->limits.discard_granularity = bd->limits.physical_block;
	if (raw->is_file) {
		bd->can_discard = can_punch(raw->fd, st->st_size);
		bd->can_zero = bd->can_discard;
		if (st->st_blksize >= SECTOR && st->st_blksize <= 1 << 20)
			bd->limits.discard_granularity = st->st_blksize;
	} else {
		bd->can_discard = can_discard_device(raw->fd);
		bd->can_zero = true;	/* BLKZEROOUT falls back to writing zeros */
	}
	/* Writes may lack RWF_NOWAIT although reads have it: try_now() finds out. */
	raw->write.first = raw->read.first;
	raw->can_zero_range = raw->is_file;
}

static int raw_descriptor(struct blockdev *bd, enum blockdev_descriptor use)
{
	struct raw *raw = (struct raw *)bd;

	return use == BLOCKDEV_FD_PROBE ? raw->probe_fd : raw->fd;
}

static void raw_cancel(struct blockdev *bd, struct lkl_block_req *req)
{
	block_pool_cancel(((struct raw *)bd)->pool, req);
}

static void raw_close(struct blockdev *bd)
{
	struct raw *raw = (struct raw *)bd;

	block_pool_destroy(raw->pool);
	if (raw->locked)
		raw_unlock(raw->fd);
	if (raw->probe_fd >= 0)
		close(raw->probe_fd);
	close(raw->fd);
	free(raw);
}

static const struct blockdev_ops raw_ops = {
	.size = sizeof(struct blockdev_ops),
	.kind = "raw",
	.submit = raw_submit,
	.help = raw_help,
	.cancel = raw_cancel,
	.descriptor = raw_descriptor,
	.extents = raw_extents,
	.close = raw_close,
};

static int set_up(struct raw *raw, int given, unsigned int flags)
{
	struct stat st;
	int err;

	if (fstat(raw->fd, &st) < 0)
		return open_error(raw->bd.name, flags, error_host(errno));
	err = check_type(raw->bd.name, st.st_mode);
	if (!err && S_ISBLK(st.st_mode) && (flags & BLOCKDEV_WRITE))
		err = refuse_read_only(raw);
	if (!err && !(flags & BLOCKDEV_NOLOCK))
		err = raw_lock(raw->fd, given, raw->bd.name, flags & BLOCKDEV_WRITE,
			       &raw->locked);
	/* Get the size again: before the lock, a writer may have changed it. */
	if (!err && fstat(raw->fd, &st) < 0)
		err = open_error(raw->bd.name, flags, error_host(errno));
	if (!err)
		err = measure_size(raw, &st, flags);
	if (err)
		return err;
	raw->read.first = probe_reading(raw);
	if (flags & BLOCKDEV_WRITE)
		probe_writing(raw, &st);
	return 0;
}

/* Open the file of @fd again, for a file description of its own; else duplicate @fd. */
static int reopen(int fd, const char *name, unsigned int flags, mode_t mode)
{
	char path[40];
	int own;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open_path(path, name, flags, mode);
	if (own >= 0 || own == -EBUSY)
		return own;
	own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return own < 0 ? open_error(name, flags, error_host(errno)) : own;
}

/* Open probe_fd now: before it probes, the program may enter a sandbox that forbids open(). */
static int open_for_probers(struct raw *raw)
{
	raw->probe_fd = reopen(raw->fd, raw->bd.name, 0, raw->is_file ? S_IFREG : S_IFBLK);
	return raw->probe_fd < 0 ? raw->probe_fd : 0;
}

/* Create the blockdev.  Owns @fd from the call on, also on failure; @given: see raw_lock(). */
static int raw_create(int fd, int given, const char *name, unsigned int flags, struct blockdev **bd)
{
	struct raw *raw = calloc(1, sizeof(*raw));
	int err;

	if (!raw || blockdev_init(&raw->bd, &raw_ops, name) < 0 ||
	    block_pool_create(POOL_THREADS, raw_serve, raw, &raw->pool) < 0) {
		if (raw)
			free(raw->bd.name);
		free(raw);
		close(fd);
		return error_set(-ENOMEM, "%s: out of memory", name);
	}
	block_pool_read_ahead_in_turn(raw->pool);
	raw->fd = fd;
	raw->probe_fd = -1;
	err = set_up(raw, given, flags);
	if (!err)
		err = open_for_probers(raw);
	if (err) {
		blockdev_close(&raw->bd);
		return err;
	}
	*bd = &raw->bd;
	return 0;
}

static int check_range(const struct raw *raw, uint64_t start, uint64_t *size)
{
	uint64_t room = start < raw->bytes ? raw->bytes - start : 0;

	if (!room)
		return error_set(-EINVAL, "%s: offset %llu is beyond its last byte; its size is %llu bytes",
				 raw->bd.name, (unsigned long long)start,
				 (unsigned long long)raw->bytes);
	if (*size > room)
		return error_set(-EINVAL, "%s: has only %llu bytes at offset %llu, not %llu",
				 raw->bd.name, (unsigned long long)room,
				 (unsigned long long)start, (unsigned long long)*size);
	if (!*size)
		*size = room;
	if (*size < SECTOR || (*size % SECTOR && *size != room))
		return error_set(-EINVAL, "%s: a size of %llu bytes is not a multiple of the sector size, 512 bytes",
				 raw->bd.name, (unsigned long long)*size);
	return 0;
}

int raw_limit(struct blockdev *bd, uint64_t start, uint64_t size)
{
	struct raw *raw = (struct raw *)bd;
	uint32_t device_sector = raw->is_file ? 1 : bd->limits.logical_block;
	int err = check_range(raw, start, &size);

	if (err)
		return err;
	bd->fd_start = start;
	/* Discard and zero need whole device sectors; reads and writes use the page cache. */
	if ((start | size) % device_sector)
		bd->can_discard = bd->can_zero = false;
	if (size % device_sector)
		bd->limits.logical_block = SECTOR;
	set_capacity(raw, size);
	return 0;
}

int raw_open(const char *path, unsigned int flags, struct blockdev **bd)
{
	struct stat st;
	int fd, err;

	if (stat(path, &st) < 0)
		return open_error(path, flags, error_host(errno));
	err = check_type(path, st.st_mode);
	if (err)
		return err;
	fd = open_path(path, path, flags, st.st_mode);
	return fd < 0 ? fd : raw_create(fd, -1, path, flags, bd);
}

int raw_open_fd(int fd, const char *name, unsigned int flags, struct blockdev **bd)
{
	int access = fcntl(fd, F_GETFL);
	struct stat st;
	int own, err;

	if (access < 0 || fstat(fd, &st) < 0)
		return error_set(error_host(errno), "%s: descriptor %d: %s", name, fd,
				 error_name(errno));
	err = check_type(name, st.st_mode);
	if (err)
		return err;
	access &= O_ACCMODE | O_PATH;
	if (access != O_RDWR && ((flags & BLOCKDEV_WRITE) || access != O_RDONLY))
		return error_set(-EBADF, "%s: descriptor %d is not open for reading%s", name, fd,
				 flags & BLOCKDEV_WRITE ? " and writing" : "");
	own = reopen(fd, name, flags, st.st_mode);
	return own < 0 ? own : raw_create(own, fd, name, flags, bd);
}
