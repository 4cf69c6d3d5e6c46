// SPDX-License-Identifier: GPL-2.0
/*
 * fsys.c - properties of a mounted file system that decide how its files are handled
 */
#include <errno.h>
#include <stdint.h>
#include "fusefs.h"
#include "messages.h"
#include <lkl/linux/magic.h>

/* Magic numbers that the kernel's header lacks. */
#define HFS_MAGIC	0x4244
#define HFSPLUS_MAGIC	0x482b
#define NTFS3_MAGIC	0x7366746e

/* Whether mkfs.xfs had -n version=ci.  Reads XFS_IOC_FSGEOMETRY_V1 as an array of words. */
static bool xfs_folds_case(int root)
{
	uint32_t geometry[28];

	if (lkl_sys_ioctl(root, LKL_IOR('X', 100, geometry), (unsigned long)geometry))
		return false;
	return geometry[23] & 1 << 13;
}

/* Whether names that differ only in case are the same file, in every directory. */
static bool folds_case(unsigned long magic, int root)
{
	switch (magic) {
	case LKL_MSDOS_SUPER_MAGIC:
	case LKL_EXFAT_SUPER_MAGIC:
	case LKL_HPFS_SUPER_MAGIC:
	case LKL_AFFS_SUPER_MAGIC:
	case LKL_ADFS_SUPER_MAGIC:
	case HFS_MAGIC:
	case HFSPLUS_MAGIC:
	case NTFS3_MAGIC:
		return true;
	case LKL_XFS_SUPER_MAGIC:
		return xfs_folds_case(root);
	default:
		return false;
	}
}

/*
 * Whether a file can be opened by its handle: 0, or -errno.  FAT stores no inode
 * numbers.  The kernel makes them up, and handles that contain them become invalid when
 * the inode leaves the kernel's cache.
 */
static int try_handles(struct fsys *fs)
{
	struct lkl_statx stx;
	struct node_key key;
	int rc;

	if (fs->made_up_inos)
		return -EOPNOTSUPP;
	fs->handles = true;
	rc = entry_look_fd(fs, fs->root, &key, &stx);
	if (!rc)
		rc = handle_open(fs, key.bytes, key.len, LKL_O_PATH | LKL_O_CLOEXEC);
	if (rc < 0)
		return rc;
	lkl_sys_close(rc);
	return 0;
}

static void learn_handles(unsigned long magic, struct fsys *fs)
{
	int rc;

	fs->made_up_inos = magic == LKL_MSDOS_SUPER_MAGIC || magic == LKL_EXFAT_SUPER_MAGIC;
	rc = try_handles(fs);

	fs->handles = !rc;
	if (attr_config()->loglevel < 7)
		return;
	if (rc)
		log_message("known files are reopened by their names (no file handles: %s)",
			    lkl_strerror(rc));
	else
		log_message("known files are reopened by their handles");
}

static bool has_casefold_flag(unsigned long magic)
{
	return magic == LKL_EXT4_SUPER_MAGIC || magic == LKL_F2FS_SUPER_MAGIC;
}

int fs_learn(struct fsys *fs, int fd, bool readonly)
{
	struct lkl_statfs st;
	struct lkl_statx stx;
	int rc = lkl_sys_fstatfs(fd, &st);

	if (!rc)
		rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, ATTR_MASK, &stx);
	if (rc)
		return rc;
	fs->root = fd;
	fs->readonly = readonly;
	fs->folds_case = folds_case(st.f_type, fd);
	fs->has_casefold_flag = !fs->readonly && has_casefold_flag(st.f_type);
	attr_number_fs(fs, &stx);
	learn_handles(st.f_type, fs);
	return 0;
}
