// SPDX-License-Identifier: GPL-2.0
/*
 * entry.c - the exported symbol lkl_entry(), and the table that it returns
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/pgtable.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include <asm/lkl.h>
#include <asm/setup.h>
#include <asm/unistd.h>
#include <generated/utsrelease.h>

const struct lkl_host_ops *lkl_host;
void *lkl_host_arg;
struct lkl_boot_params lkl_boot;

/* The task that runs until the first switch. */
struct task_struct *lkl_current = &init_task;

struct lkl_cpu lkl_cpu = {
	.current_ctx = &init_task.thread.ctx,
};

/*
 * Defaults, which the host's command line may override.
 *
 * jfs sizes its transaction tables by memory and clears them at boot, used or not.
 *
 * watermark_scale_factor: free memory in larger pieces, so that a file larger than
 * memory is read in large folios, in three quarters of the time.
 *
 * watermark_boost_factor: a boost reserves 4 MiB while memory is fragmented, which a
 * kernel of 32 MiB cannot spare.
 *
 * compaction_proactiveness: kcompactd would wake up twice a second, also when idle.
 */
#ifdef CONFIG_COMPACTION
#define NO_PROACTIVE_COMPACTION	"sysctl.vm.compaction_proactiveness=0 "
#else
#define NO_PROACTIVE_COMPACTION	""
#endif
#define DEFAULT_COMMAND_LINE	"jfs.nTxLock=2048 jfs.nTxBlock=256 " \
				"sysctl.vm.watermark_scale_factor=500 " \
				"sysctl.vm.watermark_boost_factor=0 " NO_PROACTIVE_COMPACTION

static int __ref prepare(void *kernel, const struct lkl_boot_params *params)
{
	if (params->size < sizeof(*params) || params->arena_size < (8UL << 20) ||
	    !IS_ALIGNED(params->arena | params->arena_size, PAGE_SIZE))
		return -EINVAL;
	if (snprintf(boot_command_line, COMMAND_LINE_SIZE, DEFAULT_COMMAND_LINE "%s",
		     params->command_line) >= COMMAND_LINE_SIZE)
		return -E2BIG;
	lkl_boot = *params;
	lkl_host_arg = params->host;
	lkl_arena = params->arena;
	lkl_arena_size = params->arena_size;
#ifdef CONFIG_MMU
	lkl_vmalloc_start = params->vmalloc;
	lkl_vmalloc_end = params->vmalloc + params->vmalloc_size;
#endif
	init_task.thread.ctx.stack = task_stack_page(&init_task);
	init_task.thread.ctx.stack_size = THREAD_SIZE;
	return 0;
}

static void __ref boot(void)
{
	start_kernel();
}

static void crash(void *kernel, const char *text)
{
	if (!text)
		WRITE_ONCE(*(int *)16UL, 0);
	panic("%s", text ?: "the bad access went through");
}

static const struct lkl_kernel_ops ops = {
	.size = sizeof(ops),
	.version = LKL_ABI_VERSION,
	.release = UTS_RELEASE,
	.cpu = &lkl_cpu,
	.nr_syscalls = __NR_syscalls,
	.has_mmu = IS_ENABLED(CONFIG_MMU),
	.prepare = prepare,
	.boot_ctx = &init_task.thread.ctx,
	.boot = boot,
	.park = lkl_thread_park,
	.syscall = lkl_syscall,
	.disk_add = lkl_disk_add,
	.disk_dev = lkl_disk_dev,
	.disk_remove = lkl_disk_remove,
	.crash = crash,
};

const struct lkl_kernel_ops *lkl_entry(const struct lkl_host_ops *host)
{
	if (host->version != LKL_ABI_VERSION || host->size < sizeof(*host))
		return NULL;
	lkl_host = host;
	return &ops;
}
