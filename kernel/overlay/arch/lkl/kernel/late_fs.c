// SPDX-License-Identifier: GPL-2.0
/*
 * late_fs.c - run the initcalls of a file system on its first use
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <asm/late_fs.h>

#define DECLARE(dir, name)	extern initcall_entry_t __late_##dir[];
LKL_LATE_FS(DECLARE)
DECLARE(iomap, )
DECLARE(sysfs, )
DECLARE(end, )

#define ENTRY(dir, name)	{ name, __late_##dir },

static struct {
	const char *name;
	initcall_entry_t *calls;	/* they end where those of the next entry begin */
	bool done;
} table[] = {
	LKL_LATE_FS(ENTRY)
	ENTRY(iomap, "iomap")
	ENTRY(sysfs, "sysfs")
	{ "", __late_end, true },
};

/* File systems whose write-back uses iomap. */
static const char *const iomap_users[] = { "gfs2", "xfs", "zonefs" };

static DEFINE_MUTEX(lock);	/* guards done */

static bool is_first_of(const char *name, int len, const char *known)
{
	return len >= strlen(known) && !memcmp(name, known, strlen(known));
}

/* Initcalls stay in memory after the boot: see free_initmem(). */
static void __ref run(initcall_entry_t *call, initcall_entry_t *end)
{
	for (; call < end; call++)
		do_one_initcall(initcall_from_entry(call));
}

static void run_matching(const char *name, int len)
{
	for (int i = 0; i < ARRAY_SIZE(table) - 1; i++) {
		if (table[i].done || (name && !is_first_of(name, len, table[i].name)))
			continue;
		run(table[i].calls, table[i + 1].calls);
		table[i].done = true;
	}
}

/* File systems that belong to the network and the servers: see late_net.c. */
static bool is_of_network(const char *name, int len)
{
	static const char *const known[] = { "nfsd", "rpc_pipefs", "sockfs" };

	for (int i = 0; name && i < ARRAY_SIZE(known); i++)
		if (len == strlen(known[i]) && !memcmp(name, known[i], len))
			return true;
	return false;
}

void lkl_late_fs_init(const char *name, int len)
{
	if (is_of_network(name, len)) {
		lkl_late_net_init();
		return;
	}
	mutex_lock(&lock);
	for (int i = 0; i < ARRAY_SIZE(iomap_users); i++)
		if (!name || is_first_of(name, len, iomap_users[i]))
			run_matching("iomap", 5);
	run_matching(name, len);
	mutex_unlock(&lock);
}
