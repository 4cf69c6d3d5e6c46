// SPDX-License-Identifier: GPL-2.0
/*
 * late_net.c - run the initcalls of the network and the file servers on first use
 *
 * Most instances have no server, and these initcalls take longer than the rest of a boot.
 * They run before the first socket is made and before a file system of the servers is
 * looked up (lkl_late_fs_init()).  Everything else that uses the network needs a socket.
 */
#include <linux/init.h>
#include <linux/mutex.h>
#include <asm/late_fs.h>

extern initcall_entry_t __late_net[], __late_net_end[];

static DEFINE_MUTEX(lock);	/* held while the initcalls run; guards done */
static bool done;

/* The initcalls lie in memory that is kept: see free_initmem(). */
void __ref lkl_late_net_init(void)
{
	initcall_entry_t *call;

	if (READ_ONCE(done))
		return;
	mutex_lock(&lock);
	if (!done)
		for (call = __late_net; call < __late_net_end; call++)
			do_one_initcall(initcall_from_entry(call));
	WRITE_ONCE(done, true);
	mutex_unlock(&lock);
}
