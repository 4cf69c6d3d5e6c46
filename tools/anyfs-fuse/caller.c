// SPDX-License-Identifier: GPL-2.0
/*
 * caller.c - make new files belong to the process that made the request
 *
 * The host's kernel has checked permissions, or lets only the mount's owner access the mount.
 * In the library kernel the serving threads are root.  They take on the file-system
 * IDs and the umask of the requesting process, so that new files get its owner, and
 * set-group-ID directories and default ACLs have their usual effect.
 */
#include <errno.h>
#include "fusefs.h"
#include <lkl/linux/prctl.h>
#include <lkl/linux/resource.h>
#include <lkl/linux/sched.h>
#include <lkl/linux/securebits.h>

static const struct config *cfg;

static _Thread_local struct { uid_t uid; gid_t gid; int umask; } now;

void caller_configure(const struct config *config)
{
	cfg = config;
}

int caller_init(void)
{
	const char *call = "unshare";
	/* For the library kernel each thread is a process: unshare its umask. */
	long rc = lkl_sys_unshare(LKL_CLONE_FS);

	/* Keep the capabilities of the thread when its IDs change. */
	if (!rc) {
		call = "prctl";
		rc = lkl_sys_prctl(LKL_PR_SET_SECUREBITS,
				   1 << LKL_SECURE_NO_SETUID_FIXUP, 0, 0, 0);
	}
	if (rc)
		log_message("preparing a thread: %s: %s", call, lkl_strerror(rc));
	lkl_sys_umask(0);
	now.umask = 0;
	return rc;
}

void caller_become_ids(uid_t uid, gid_t gid, mode_t umask, int dirfd)
{
	struct lkl_statx stx;

	/* With owners mapped, a new file gets the owner of its directory. */
	if ((cfg->map_uid || cfg->map_gid) &&
	    !lkl_sys_statx(dirfd, "", LKL_AT_EMPTY_PATH, LKL_STATX_UID | LKL_STATX_GID, &stx)) {
		uid = cfg->map_uid ? stx.stx_uid : uid;
		gid = cfg->map_gid ? stx.stx_gid : gid;
	}
	if (now.gid != gid)
		lkl_sys_setfsgid(now.gid = gid);
	if (now.uid != uid)
		lkl_sys_setfsuid(now.uid = uid);
	if (now.umask != (int)umask)
		lkl_sys_umask(now.umask = umask);
}

void caller_become(fuse_req_t req, int dirfd)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);

	caller_become_ids(ctx->uid, ctx->gid, ctx->umask, dirfd);
}
