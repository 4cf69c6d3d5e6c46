// SPDX-License-Identifier: GPL-2.0
/*
 * file-flags.c - flags and project ids of files in an image, and reports of their loss
 *
 * Both are read by ioctl(), which needs an open file.  Opening a device or FIFO may have
 * effects, so this is done only for regular files and directories.  For files of the host
 * nothing is read: the sandbox does not allow the ioctl().
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "file-flags.h"
#include "messages.h"
#include <lkl/linux/fs.h>

/*
 * The flags that file_flags_get() returns, with the letters of lsattr(1).  The other flags
 * describe how a file is stored (e, I, N ...), are kept by copy-flags.c (a, d, i), or are set on
 * all files by some file systems (c).
 */
static const struct {
	unsigned int flag;
	char letter;
} known[] = {
	{ LKL_FS_SECRM_FL, 's' },
	{ LKL_FS_UNRM_FL, 'u' },
	{ LKL_FS_SYNC_FL, 'S' },
	{ LKL_FS_DIRSYNC_FL, 'D' },
	{ LKL_FS_NOATIME_FL, 'A' },
	{ LKL_FS_JOURNAL_DATA_FL, 'j' },
	{ LKL_FS_NOTAIL_FL, 't' },
	{ LKL_FS_TOPDIR_FL, 'T' },
	{ LKL_FS_NOCOW_FL, 'C' },
	{ LKL_FS_DAX_FL, 'x' },
	{ LKL_FS_PROJINHERIT_FL, 'P' },
	{ LKL_FS_CASEFOLD_FL, 'F' },
	{ LKL_FS_ENCRYPT_FL, 'E' },
	{ LKL_FS_VERITY_FL, 'V' },
};

#define NR_KNOWN	(sizeof(known) / sizeof(*known))

/*
 * Whether the file system of @stx is known not to have these ioctls, so they are tried only once
 * and not for each file.  @learn: record that it does not have them.
 */
static bool is_known_without(const struct lkl_statx *stx, bool learn)
{
	static uint32_t major, minor;
	static bool valid;

	if (learn) {
		major = stx->stx_dev_major;
		minor = stx->stx_dev_minor;
		valid = true;
	}
	return valid && major == stx->stx_dev_major && minor == stx->stx_dev_minor;
}

static long read_flags(int fd, struct file_flags *ff)
{
	struct lkl_fsxattr x = { 0 };
	unsigned int flags = 0;
	long rc = lkl_sys_ioctl(fd, LKL_FS_IOC_GETFLAGS, (unsigned long)&flags);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < NR_KNOWN; i++)
		ff->flags |= flags & known[i].flag;
	if (lkl_sys_ioctl(fd, LKL_FS_IOC_FSGETXATTR, (unsigned long)&x) >= 0) {
		ff->project = x.fsx_projid;
		ff->inherits = x.fsx_xflags & LKL_FS_XFLAG_PROJINHERIT;
	}
	return 0;
}

void file_flags_get(const struct side *side, const struct side_file *f,
		    const struct lkl_statx *stx, struct file_flags *ff)
{
	unsigned int type = stx->stx_mode & LKL_S_IFMT;
	long fd = f->fd;

	*ff = (struct file_flags){ 0 };
	if (!side->is_image || (type != LKL_S_IFREG && type != LKL_S_IFDIR) ||
	    is_known_without(stx, false))
		return;
	if (fd < 0)
		fd = side->open_file(f->dir, f->name);
	if (fd < 0)
		return;			/* the caller's own open reports the error */
	if (read_flags(fd, ff) == -LKL_ENOTTY)
		is_known_without(stx, true);
	if (fd != f->fd)
		side->close(fd);
}

long file_flags_set_project(int fd, const struct file_flags *ff)
{
	struct lkl_fsxattr x = { 0 };
	long rc;

	if (!ff->project)
		return 0;
	rc = lkl_sys_ioctl(fd, LKL_FS_IOC_FSGETXATTR, (unsigned long)&x);
	if (rc < 0 || x.fsx_projid)
		return rc < 0 ? rc : 0;
	x.fsx_projid = ff->project;
	if (ff->inherits)
		x.fsx_xflags |= LKL_FS_XFLAG_PROJINHERIT;
	rc = lkl_sys_ioctl(fd, LKL_FS_IOC_FSSETXATTR, (unsigned long)&x);
	if (rc < 0)
		return rc;
	/* A file system may ignore the id. */
	rc = lkl_sys_ioctl(fd, LKL_FS_IOC_FSGETXATTR, (unsigned long)&x);
	if (rc < 0)
		return rc;
	return x.fsx_projid == ff->project ? 0 : -EOPNOTSUPP;
}

unsigned int file_flags_set(int fd, unsigned int flags)
{
	unsigned int now = 0;

	for (size_t i = 0; i < NR_KNOWN; i++) {
		unsigned int one = flags & known[i].flag;

		if (!one || lkl_sys_ioctl(fd, LKL_FS_IOC_GETFLAGS, (unsigned long)&now) < 0)
			continue;
		one |= now;
		/* A file system may refuse or ignore a flag: read back the flags that are set. */
		lkl_sys_ioctl(fd, LKL_FS_IOC_SETFLAGS, (unsigned long)&one);
	}
	if (lkl_sys_ioctl(fd, LKL_FS_IOC_GETFLAGS, (unsigned long)&now) < 0)
		now = 0;
	return flags & ~now;
}

void lost_project(struct tool *t, struct lost_flags *lost, const char *path)
{
	lost->projects++;
	if (!lost->first)
		lost->first = strdup(path);
	if (!lost->first)
		tool_no_memory(t);
}

void lost_set_flags(struct lost_flags *lost, unsigned int flags)
{
	lost->flags |= flags;
	lost->files += flags != 0;
}

static void report_flags(struct tool *t, const struct lost_flags *lost)
{
	char letters[NR_KNOWN + 1];
	size_t nr = 0;

	for (size_t i = 0; i < NR_KNOWN; i++)
		if (lost->flags & known[i].flag)
			letters[nr++] = known[i].letter;
	letters[nr] = '\0';
	tool_note(t, "note: flags of chattr(1) of %llu files not kept: %s",
		  (unsigned long long)lost->files, letters);
}

void lost_report(struct tool *t, struct lost_flags *lost, const char *hint)
{
	if (lost->projects)
		tool_path_error(t, lost->first,
				"project id not kept; files that lost theirs: %llu%s",
				(unsigned long long)lost->projects, hint);
	if (lost->files)
		report_flags(t, lost);
	free(lost->first);
	lost->first = NULL;
}
