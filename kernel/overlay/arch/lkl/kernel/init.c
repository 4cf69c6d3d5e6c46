// SPDX-License-Identifier: GPL-2.0
/*
 * init.c - turn the first task into the task of the thread that boots the kernel
 *
 * kernel_init() ends by executing a program.  Here the program is an empty file,
 * for which this file has a binary format: pid 1 gets an mm and clean signal state
 * in the usual way, "returns to user mode", and runs natively from then on.
 */
#include <linux/binfmts.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/sched/signal.h>
#include <asm/lkl.h>

#define INIT_PATH "/init"

static int load_init(struct linux_binprm *bprm)
{
	int err, fd;

	if (!is_global_init(current) || current->thread.host_thread)
		return -ENOEXEC;

	err = begin_new_exec(bprm);
	if (err)
		return err;
	setup_new_exec(bprm);
	finalize_exec(bprm);

	/* Close the console that kernel_init() opened: a caller starts without descriptors. */
	for (fd = 0; fd < 3; fd++)
		close_fd(fd);
	lkl_thread_start();
	return 0;
}

static struct linux_binfmt init_format = {
	.load_binary = load_init,
};

static int __init make_init(void)
{
	struct file *file = filp_open(INIT_PATH, O_WRONLY | O_CREAT, 0700);

	if (IS_ERR(file))
		panic("cannot create " INIT_PATH ": %ld", PTR_ERR(file));
	/* Close it now, not by task work: a file open for writing cannot be executed. */
	__fput_sync(file);
	insert_binfmt(&init_format);
	return 0;
}
late_initcall(make_init);
