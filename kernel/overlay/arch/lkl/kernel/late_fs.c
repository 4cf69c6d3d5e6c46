// SPDX-License-Identifier: GPL-2.0
/*
 * late_fs.c - run the initcalls of a file system on its first use
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <asm/late_fs.h>

#define DECLARE(fs)	extern initcall_entry_t __late_##fs[];
LKL_LATE_FS(DECLARE)
extern initcall_entry_t __late_end[];

#define ENTRY(fs)	{ #fs, __late_##fs },

static struct {
	const char *name;
	initcall_entry_t *calls;	/* up to those of the next one */
	bool done;
} table[] = {
	LKL_LATE_FS(ENTRY)
	{ "", __late_end, true },
};

static DEFINE_MUTEX(lock);	/* guards done */

/* The initcalls lie in memory that is kept: see free_initmem(). */
static void __ref run(initcall_entry_t *call, initcall_entry_t *end)
{
	for (; call < end; call++)
		do_one_initcall(initcall_from_entry(call));
}

bool lkl_late_fs_init(const char *name, int len)
{
	bool any = false;
	int i;

	mutex_lock(&lock);
	for (i = 0; i < ARRAY_SIZE(table) - 1; i++) {
		int n = strlen(table[i].name);

		if (table[i].done || (name && (len < n || memcmp(name, table[i].name, n))))
			continue;
		run(table[i].calls, table[i + 1].calls);
		table[i].done = true;
		any = true;
	}
	mutex_unlock(&lock);
	return any;
}
