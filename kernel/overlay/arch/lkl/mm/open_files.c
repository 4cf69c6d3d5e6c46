// SPDX-License-Identifier: GPL-2.0
/*
 * open_files.c - limit the number of open files by the memory
 *
 * An open file pins its inode and its dentry, which reclaim cannot free.  All host
 * threads share one table of descriptors.  So fs.nr_open, which limits that table,
 * is proportional to the memory, and open(2) fails with EMFILE before open files
 * take so much memory that nothing else works.
 */
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <asm/lkl.h>

/* Twice the measured memory of an open file of ext4, xfs, btrfs, f2fs or ntfs3. */
#define BYTES_PER_FILE	4096

static int __init open_files_init(void)
{
	unsigned long files = (totalram_pages() << PAGE_SHIFT) / BYTES_PER_FILE;

	files = round_down(clamp(files, 1024UL, 1024UL * 1024), BITS_PER_LONG);
	sysctl_nr_open = files;
	/* The limit of pid 1, which runs this; the tasks of host threads inherit it. */
	current->signal->rlim[RLIMIT_NOFILE].rlim_cur = files;
	current->signal->rlim[RLIMIT_NOFILE].rlim_max = files;
	return 0;
}
late_initcall(open_files_init);
