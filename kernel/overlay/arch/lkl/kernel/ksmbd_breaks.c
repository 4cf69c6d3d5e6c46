// SPDX-License-Identifier: GPL-2.0
/*
 * ksmbd_breaks.c - do not let the end of the SMB server wait for clients that have gone
 *
 * A request that needs a file for itself breaks the oplocks and leases of other clients, and
 * waits up to 35 seconds for their answers.  ksmbd closes the files of a connection, which ends
 * breaks, when the last request of the connection has ended.  So if a connection owes the answer
 * to a request of its own, or two connections wait for each other, the server ends only after
 * that time.  While 1 was written to /sys/module/ksmbd_breaks/parameters/end, breaks end at once,
 * as if the time was over; 0 stops that.
 */
#include <linux/kstrtox.h>
#include <linux/moduleparam.h>
#include <linux/workqueue.h>
#include "../../../fs/smb/server/connection.h"
#include "../../../fs/smb/server/oplock.h"
#include "../../../fs/smb/server/vfs_cache.h"
#include "../../../fs/smb/server/mgmt/user_session.h"

/* A request may break several leases, one after the other. */
#define INTERVAL	(HZ / 20)

static void end_break(struct ksmbd_file *fp)
{
	struct oplock_info *opinfo = opinfo_get(fp);

	if (!opinfo)
		return;
	spin_lock(&opinfo->state_lock);
	if (opinfo->op_state == OPLOCK_ACK_WAIT) {
		if (opinfo->is_lease)
			opinfo->o_lease->state = SMB2_LEASE_NONE_LE;
		opinfo->level = SMB2_OPLOCK_LEVEL_NONE;
		opinfo->op_state = OPLOCK_STATE_NONE;
		atomic_set(&opinfo->breaking_cnt, 0);
	}
	spin_unlock(&opinfo->state_lock);
	wake_up_interruptible_all(&opinfo->oplock_q);
	wake_up_interruptible_all(&opinfo->oplock_brk);
	opinfo_put(opinfo);
}

static void end_breaks_of_session(struct ksmbd_session *sess)
{
	struct ksmbd_file_table *table = &sess->file_table;
	struct ksmbd_file *fp;
	unsigned int id;

	read_lock(&table->lock);
	if (table->idr)
		idr_for_each_entry(table->idr, fp, id)
			end_break(fp);
	read_unlock(&table->lock);
}

static void end_breaks(struct work_struct *work)
{
	struct ksmbd_session *sess;
	struct ksmbd_conn *conn;
	unsigned long id;
	int bucket;

	down_read(&conn_list_lock);
	hash_for_each(conn_list, bucket, conn, hlist) {
		/* A connection that closes its files holds the lock, and may wait for a break. */
		if (!down_read_trylock(&conn->session_lock))
			continue;
		xa_for_each(&conn->sessions, id, sess)
			end_breaks_of_session(sess);
		up_read(&conn->session_lock);
	}
	up_read(&conn_list_lock);
	schedule_delayed_work(to_delayed_work(work), INTERVAL);
}
static DECLARE_DELAYED_WORK(end_work, end_breaks);

static int set_end(const char *val, const struct kernel_param *kp)
{
	bool on;
	int err = kstrtobool(val, &on);

	if (err)
		return err;
	if (on)
		schedule_delayed_work(&end_work, 0);
	else
		cancel_delayed_work_sync(&end_work);
	return 0;
}

static const struct kernel_param_ops end_ops = { .set = set_end };
module_param_cb(end, &end_ops, NULL, 0200);
