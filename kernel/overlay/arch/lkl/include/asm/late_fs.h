/* SPDX-License-Identifier: GPL-2.0 */
/*
 * late_fs.h - initcalls that are delayed until the first use of a file system
 *
 * Making the caches, work queues and tables of large file systems would take a
 * third of every boot, and a kernel mounts one or two of them.  The linker script
 * gathers the initcalls; late_fs.c runs them.
 */
#ifndef _ASM_LKL_LATE_FS_H
#define _ASM_LKL_LATE_FS_H

/*
 * (directory below fs/, beginning of the file systems' names), sorted.  Write-back
 * by iomap and the parameters of modules in sysfs are not file systems, but only
 * the file systems that late_fs.c names need them.
 */
#define LKL_LATE_FS(X) \
	X(bcachefs, "bcachefs")	\
	X(btrfs, "btrfs")	\
	X(cramfs, "cramfs")	\
	X(erofs, "erofs")	\
	X(f2fs, "f2fs")		\
	X(gfs2, "gfs2")		\
	X(isofs, "iso9660")	\
	X(jffs2, "jffs2")	\
	X(jfs, "jfs")		\
	X(nilfs2, "nilfs2")	\
	X(ocfs2, "ocfs2")	\
	X(ubifs, "ubifs")	\
	X(xfs, "xfs")		\
	X(zonefs, "zonefs")

/*
 * Of the network and the file servers, the initcalls of one level, in the order of
 * linking.  A question mark stands for the slash, which would begin a comment in a
 * linker script.
 */
#define LKL_LATE_NET_LEVEL(level)			\
	KEEP(*net?*.o(.initcall##level##.init))		\
	KEEP(*lib?kobject_uevent.o(.initcall##level##.init)) \
	KEEP(*fs?lockd?*.o(.initcall##level##.init))	\
	KEEP(*fs?nfs_common?*.o(.initcall##level##.init)) \
	KEEP(*fs?nfsd?*.o(.initcall##level##.init))	\
	KEEP(*fs?smb?*.o(.initcall##level##.init))

#ifndef __ASSEMBLY__
#include <linux/types.h>

/*
 * Run the initcalls of the file system whose name begins @name (@len bytes); NULL:
 * run all initcalls.  May sleep.
 */
void lkl_late_fs_init(const char *name, int len);

/* Start the network and the file servers, unless they run already.  May sleep. */
#ifdef CONFIG_NET
void lkl_late_net_init(void);
#else
static inline void lkl_late_net_init(void)
{
}
#endif
#endif

#endif
