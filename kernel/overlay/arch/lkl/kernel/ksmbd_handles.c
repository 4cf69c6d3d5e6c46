// SPDX-License-Identifier: GPL-2.0
/*
 * ksmbd_handles.c - close the durable handles of a server that has ended
 *
 * After "hard" was written to kill_server, ksmbd keeps the files open that clients may reopen by
 * their durable handles, until its module is removed.  It is no module here, and the file systems
 * could not be unmounted.  So writing to /sys/module/ksmbd_handles/parameters/close closes these
 * files.
 */
#include <linux/moduleparam.h>
#include <linux/workqueue.h>
#include "../../../fs/smb/server/vfs_cache.h"

static void close_all(struct work_struct *work)
{
	ksmbd_free_global_file_table();
	ksmbd_init_global_file_table();
}
static DECLARE_WORK(close_work, close_all);

static int close_handles(const char *val, const struct kernel_param *kp)
{
	/*
	 * kill_server ends the connections and the thread that expires handles on this queue.
	 * flush_workqueue() would warn: others use the queue, too.
	 */
	__flush_workqueue(system_long_wq);
	/* The files are closed now, and not when a host thread leaves the kernel. */
	schedule_work(&close_work);
	flush_work(&close_work);
	return 0;
}

static const struct kernel_param_ops close_ops = { .set = close_handles };
module_param_cb(close, &close_ops, NULL, 0200);
