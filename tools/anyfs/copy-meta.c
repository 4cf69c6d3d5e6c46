// SPDX-License-Identifier: GPL-2.0
/*
 * copy-meta.c - owner, extended attributes, mode and times of what was copied
 *
 * The order matters: a change of owner clears set-id bits and capabilities, user
 * attributes need a writable file, an ACL goes on top of the mode, and the
 * times come last.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "copy.h"
#include "messages.h"
#include "tree.h"

struct xattr_copier {
	struct copy *c;
	const struct copy_item *it;
	struct side_file to;
	bool acls;			/* this pass: ACLs, or all but them */
	bool acls_seen;
};

/* True if the owner is now the source's. */
static bool copy_owner(struct copy *c, const struct copy_item *it, const struct side_file *to)
{
	uint32_t uid = it->stx->stx_uid, gid = it->stx->stx_gid;
	long rc;

	if (c->owner == COPY_OWNER_MINE)
		return uid == geteuid() && gid == getegid();
	if (c->owner == COPY_OWNER_SET) {
		uid = c->uid;
		gid = c->gid;
	}
	rc = c->to->chown(to, uid, gid);
	if (rc == -EPERM || rc == -EINVAL || rc == -EOPNOTSUPP)
		c->lost_owners++;	/* a file system without owners */
	else if (rc < 0)
		copy_failed(c, it->path, rc);
	return rc >= 0 && uid == it->stx->stx_uid && gid == it->stx->stx_gid;
}

static long copy_xattr(void *data, const char *key, const void *value, size_t len)
{
	struct xattr_copier *x = data;
	bool acl = !strncmp(key, "system.posix_acl_", 17);
	long rc;

	x->acls_seen |= acl;
	if (acl != x->acls)
		return 0;
	rc = x->c->to->setxattr(&x->to, key, value, len);
	if (rc == -EOPNOTSUPP || rc == -EPERM || rc == -EACCES || rc == -ENOENT)
		x->c->lost_xattrs++;
	else if (rc < 0)
		copy_failed(x->c, x->it->path, rc);
	return 0;
}

static void copy_xattrs(struct xattr_copier *x, bool acls)
{
	const struct side_file from = {
		.dir = x->it->from_dir, .name = x->it->from_name, .fd = -1,
	};
	long rc;

	x->acls = acls;
	rc = xattr_each(x->c->from, &from, copy_xattr, x);
	if (rc < 0)
		tool_errno(x->c->t, x->it->path, rc);
}

/* @mode as the user gave it for files: a directory can be entered by who may read it. */
static unsigned int given_mode(const struct copy *c, unsigned int type)
{
	unsigned int mode = c->mode;

	return type == LKL_S_IFDIR ? mode | (mode & 0444) >> 2 : mode;
}

static bool has_mode(struct copy *c, const struct side_file *to, unsigned int mode)
{
	struct lkl_statx stx;

	return c->to->stat(to->dir, to->name, &stx) >= 0 && (stx.stx_mode & 07777) == mode;
}

static void copy_mode(struct copy *c, const struct copy_item *it, const struct side_file *to,
		      bool owned)
{
	unsigned int type = it->stx->stx_mode & LKL_S_IFMT;
	unsigned int mode = it->stx->stx_mode & 07777;
	long rc;

	if (type == LKL_S_IFLNK)
		return;
	if (c->mode >= 0) {
		mode = given_mode(c, type);
	} else if (!owned && (mode & (S_ISUID | S_ISGID))) {
		/* They would lend somebody else's rights, not those of the source's owner. */
		mode &= ~(S_ISUID | S_ISGID);
		c->lost_modes++;
	}
	rc = c->to->chmod(to, mode);
	if (rc < 0 && !(rc == -EPERM && to->fd < 0 && has_mode(c, to, mode)))
		copy_failed(c, it->path, rc);
}

static void copy_times(struct copy *c, const struct copy_item *it, const struct side_file *to)
{
	const struct timespec times[2] = {
		{ it->stx->stx_atime.tv_sec, it->stx->stx_atime.tv_nsec },
		{ it->stx->stx_mtime.tv_sec, it->stx->stx_mtime.tv_nsec },
	};
	long rc = c->to->utimes(to, times);

	if (rc < 0)
		copy_failed(c, it->path, rc);
}

void copy_meta(struct copy *c, const struct copy_item *it, int fd)
{
	struct xattr_copier x = {
		.c = c, .it = it, .to = { .dir = it->to_dir, .name = it->to_name, .fd = fd },
	};
	bool owned = copy_owner(c, it, &x.to);

	if (it->from_name)
		copy_xattrs(&x, false);
	copy_mode(c, it, &x.to, owned);
	if (x.acls_seen && c->mode < 0)
		copy_xattrs(&x, true);
	if (it->stx->stx_mask & LKL_STATX_MTIME)
		copy_times(c, it, &x.to);
}
