/* SPDX-License-Identifier: GPL-2.0 */
/*
 * late_fs.h - file systems that are initialised when they are first asked for
 *
 * Their caches, work queues and tables would be a third of every boot, and a
 * boot mounts one or two file systems.  The linker script gathers the
 * initcalls of each folder below fs/ that is named here; late_fs.c runs them.
 * Keep the names sorted.
 */
#ifndef _ASM_LKL_LATE_FS_H
#define _ASM_LKL_LATE_FS_H

#define LKL_LATE_FS(X) \
	X(bcachefs)	\
	X(btrfs)	\
	X(cramfs)	\
	X(erofs)	\
	X(f2fs)		\
	X(gfs2)		\
	X(jffs2)	\
	X(jfs)		\
	X(nilfs2)	\
	X(ocfs2)	\
	X(ubifs)	\
	X(xfs)

#ifndef __ASSEMBLY__
#include <linux/types.h>

/*
 * Initialise those whose name is the beginning of @name (@len bytes); NULL:
 * all.  True if there was one to initialise.  May sleep.
 */
bool lkl_late_fs_init(const char *name, int len);
#endif

#endif
