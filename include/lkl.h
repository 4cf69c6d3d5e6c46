/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl.h - the classic interface to a Linux kernel inside a process
 *
 * The names and meanings that programs written for the Linux Kernel Library
 * use: one kernel instance a process, reached by lkl_sys_* calls on the
 * calling thread.  Programs that want several instances, or to be told in
 * words what went wrong, use anyfs.h instead; both may be used together.
 */
#ifndef LKL_H
#define LKL_H

#endif /* LKL_H */
