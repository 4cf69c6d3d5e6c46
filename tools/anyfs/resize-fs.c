// SPDX-License-Identifier: GPL-2.0
/*
 * resize-fs.c - grow a file system, by the kernel while it is mounted or by a program
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "image-path.h"
#include "messages.h"
#include "resize.h"
#include <lkl/asm/statfs.h>
#include <lkl/linux/btrfs.h>
#include <lkl/linux/ext4.h>
#include <lkl/linux/mount.h>
#include <lkl/linux/nilfs2_api.h>

/* fs/xfs/libxfs/xfs_fs.h, which is not among the kernel's exported headers */
struct xfs_growfs_data {
	uint64_t newblocks;
	uint32_t imaxpct;
};
struct xfs_fsop_geom {
	uint32_t numbers[7], imaxpct, others[56];
};
#define XFS_IOC_FSGROWFSDATA	LKL_IOW('X', 110, struct xfs_growfs_data)
#define XFS_IOC_FSGEOMETRY	LKL_IOR('X', 126, struct xfs_fsop_geom)

/* @fd is the root directory of the mounted file system, @bytes its new size.  0 or -errno. */
typedef long grow_fn(const struct resize *r, int fd, uint64_t bytes);

static uint64_t block_size(int fd)
{
	struct lkl_statfs st = { 0 };

	return lkl_sys_fstatfs(fd, &st) < 0 || st.f_bsize <= 0 ? 4096 : (uint64_t)st.f_bsize;
}

static long grow_ext4(const struct resize *r, int fd, uint64_t bytes)
{
	uint64_t blocks = bytes / block_size(fd);

	return lkl_sys_ioctl(fd, LKL_EXT4_IOC_RESIZE_FS, (unsigned long)&blocks);
}

static long grow_xfs(const struct resize *r, int fd, uint64_t bytes)
{
	struct xfs_fsop_geom geometry = { 0 };
	struct xfs_growfs_data grow = { .newblocks = bytes / block_size(fd) };
	long rc = lkl_sys_ioctl(fd, XFS_IOC_FSGEOMETRY, (unsigned long)&geometry);

	grow.imaxpct = geometry.imaxpct;
	return rc < 0 ? rc : lkl_sys_ioctl(fd, XFS_IOC_FSGROWFSDATA, (unsigned long)&grow);
}

static long grow_btrfs(const struct resize *r, int fd, uint64_t bytes)
{
	struct lkl_btrfs_ioctl_vol_args args = { 0 };

	snprintf(args.name, sizeof(args.name), "1:%llu", (unsigned long long)bytes);
	return lkl_sys_ioctl(fd, LKL_BTRFS_IOC_RESIZE, (unsigned long)&args);
}

static long grow_nilfs(const struct resize *r, int fd, uint64_t bytes)
{
	return lkl_sys_ioctl(fd, LKL_NILFS_IOCTL_RESIZE, (unsigned long)&bytes);
}

/* JFS grows when it is remounted with the option resize=BLOCKS. */
static long grow_jfs(const struct resize *r, int fd, uint64_t bytes)
{
	char point[1024], options[64];
	int rc = anyfs_image_resolve(r->v.t->image, r->path, point, sizeof(point));

	if (rc < 0)
		return rc;
	snprintf(options, sizeof(options), "resize=%llu",
		 (unsigned long long)(bytes / block_size(fd)));
	return lkl_sys_mount("none", point, NULL, LKL_MS_REMOUNT | LKL_MS_NODEV | LKL_MS_NOSUID,
			     options);
}

static const struct {
	const char *type;
	grow_fn *grow;
} by_kernel[] = {
	{ "ext2", grow_ext4 }, { "ext3", grow_ext4 }, { "ext4", grow_ext4 }, { "xfs", grow_xfs },
	{ "btrfs", grow_btrfs }, { "nilfs2", grow_nilfs }, { "jfs", grow_jfs },
};

static const struct {
	const char *type;
	const char *size;		/* option with the size */
	unsigned int unit;		/* bytes */
	struct volume_program program;
} by_program[] = {
	{ "f2fs", "-t", 512, { "resize.f2fs", "f2fs-tools", { NULL } } },
	{ "ntfs", "-s", 1, { "ntfsresize", "ntfs-3g", { "-f", "-f", "-P" } } },
};

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

const struct volume_program *resize_program(void *data, const char *fstype, unsigned int step)
{
	struct resize *r = data;

	for (size_t i = 0; i < LENGTH(by_program); i++) {
		const char **arg = r->program.args;

		if (strcmp(by_program[i].type, fstype))
			continue;
		r->program = by_program[i].program;
		while (*arg)
			arg++;
		if (r->size) {
			snprintf(r->argument, sizeof(r->argument), "%llu",
				 (unsigned long long)(r->size / by_program[i].unit));
			*arg++ = by_program[i].size;
			*arg++ = r->argument;
		}
		*arg = VOLUME_FILE;
		return &r->program;
	}
	return NULL;
}

static bool grow_by_kernel(struct resize *r, grow_fn *grow, uint64_t bytes)
{
	struct tool *t = r->v.t;
	long rc;
	int fd = tool_openat(t, r->path, LKL_O_RDONLY | LKL_O_DIRECTORY);

	if (fd < 0)
		return false;
	rc = grow(r, fd, bytes);
	lkl_sys_close(fd);
	if (rc == -EINVAL)
		tool_path_error(t, r->path, "not resized: the kernel refuses this size; only btrfs can become smaller, and it is then at least 256M large");
	else if (rc < 0)
		tool_not_done(t, r->path, "not resized", rc);
	return rc >= 0;
}

static bool grow_by_program(struct resize *r, struct anyfs_node *node)
{
	struct volume *v = &r->v;

	return volume_load(v, node) && !volume_run_step(v, node, 0, 0, "not resized") &&
	       volume_store(v, node);
}

bool resize_file_system(struct resize *r, struct anyfs_node *node)
{
	const char *type = anyfs_node_fstype(node);
	int64_t room = volume_size(node);

	if (room < 0) {
		tool_not_done(r->v.t, r->path, "not resized", room);
		return false;
	}
	if (r->size > (uint64_t)room) {
		tool_path_error(r->v.t, r->path, "not resized: its partition or volume has only %llu bytes; --partition makes it larger",
				(unsigned long long)room);
		return false;
	}
	for (size_t i = 0; i < LENGTH(by_kernel); i++)
		if (!strcmp(by_kernel[i].type, type))
			return grow_by_kernel(r, by_kernel[i].grow,
					      r->size ? r->size : (uint64_t)room);
	if (resize_program(r, type, 0))
		return grow_by_program(r, node);
	tool_path_error(r->v.t, r->path, "not resized: nothing can resize %s", type);
	return false;
}
