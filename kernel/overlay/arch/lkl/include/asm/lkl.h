/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl.h - declarations shared by the files of this architecture
 */
#ifndef _ASM_LKL_LKL_H
#define _ASM_LKL_LKL_H

#include <asm/lkl_abi.h>

struct task_struct;

/* entry.c: the host's table, and the instance pointer, its functions' first argument. */
extern const struct lkl_host_ops *lkl_host;
extern void *lkl_host_arg;
extern struct lkl_boot_params lkl_boot;

/* process.c: the task that ran before the current one. */
extern struct task_struct *lkl_switched_from;

/* host_thread.c */
void lkl_thread_irq(void);
void lkl_thread_park(void);
void lkl_thread_start(void);	/* called by pid 1: make the parent of host threads' tasks */
void __noreturn lkl_thread_native(void);

/* irq.c, time.c, block/request.c: handlers of the host's interrupt bits */
void lkl_timer_irq(void);
void lkl_block_irq(void);

/* syscalls.c */
s64 lkl_syscall(void *kernel, s64 nr, const s64 *args);
/* Pending work of a task, done before its thread leaves the kernel. */
void lkl_exit_work(void);

/* block/disk.c */
int lkl_disk_add(void *kernel, const struct lkl_disk_params *params);
int lkl_disk_remove(void *kernel, int disk);
s64 lkl_disk_dev(void *kernel, int disk, unsigned int partition);

#endif
