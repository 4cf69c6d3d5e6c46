/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl.h - numbers of the system calls that volumes.wasm makes, with the names of the
 *	generated headers, for kernels of 32 bits
 */
#ifndef ANYFS_VOLUMES_LKL_H
#define ANYFS_VOLUMES_LKL_H

#define __lkl__NR_ioctl		29
#define __lkl__NR_mknodat	33
#define __lkl__NR_mkdirat	34
#define __lkl__NR_unlinkat	35
#define __lkl__NR_umount2	39
#define __lkl__NR_mount		40
#define __lkl__NR_openat	56
#define __lkl__NR_close		57
#define __lkl__NR_lseek		62	/* _llseek: see syscall.c */
#define __lkl__NR_read		63
#define __lkl__NR_write		64
#define __lkl__NR_pread64	67
#define __lkl__NR_pwrite64	68
#define __lkl__NR_fsync		82
#define __lkl__NR_openat2	437

#define LKL_AT_FDCWD	(-100)
#define LKL_O_RDONLY	0
#define LKL_O_WRONLY	01
#define LKL_O_NONBLOCK	04000
#define LKL_O_CLOEXEC	02000000
#define LKL_S_IFCHR	0020000
#define LKL_S_IFBLK	0060000

#endif
