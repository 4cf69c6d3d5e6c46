// SPDX-License-Identifier: GPL-2.0
/*
 * copy-meta.c - owner, extended attributes, mode and times of what was copied
 *
 * The order matters: a change of owner clears set-id bits and capabilities, user
 * attributes need a writable file, an ACL goes on top of the mode, and the
 * times come last.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "copy.h"

struct xattr_copier {
	struct copy *c;
	const struct copy_item *it;
	int fd;
	bool acls;			/* this pass: ACLs, or all but them */
	bool acls_seen;
};

/* True if the owner is now the image's. */
static bool copy_owner(struct copy *c, const struct copy_item *it, int fd)
{
	uid_t uid = it->stx->stx_uid;
	gid_t gid = it->stx->stx_gid;
	int rc;

	if (!c->root)
		return uid == geteuid() && gid == getegid();
	if (fd >= 0)
		rc = fchown(fd, uid, gid);
	else
		rc = fchownat(it->to_dir, it->to_name, uid, gid, AT_SYMLINK_NOFOLLOW);
	if (rc)
		copy_host_error(c, it->path, errno);
	return !rc;
}

static int set_xattr(const struct xattr_copier *x, const char *key, const void *value, size_t len)
{
	char path[300 + 32];

	if (x->fd >= 0)
		return fsetxattr(x->fd, key, value, len, 0);
	/* There is no call for a name in a directory. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", x->it->to_dir, x->it->to_name);
	return lsetxattr(path, key, value, len, 0);
}

static long copy_xattr(void *data, const char *key, const void *value, size_t len)
{
	struct xattr_copier *x = data;
	bool acl = !strncmp(key, "system.posix_acl_", 17);

	x->acls_seen |= acl;
	if (acl != x->acls)
		return 0;
	if (!set_xattr(x, key, value, len))
		return 0;
	if (errno == EOPNOTSUPP || errno == EPERM || errno == EACCES || errno == ENOENT)
		x->c->lost_xattrs++;
	else
		copy_host_error(x->c, x->it->path, errno);
	return 0;
}

static void copy_xattrs(struct xattr_copier *x, bool acls)
{
	long rc;

	x->acls = acls;
	rc = xattr_each(x->it->from_dir, x->it->from_name, copy_xattr, x);
	if (rc < 0) {
		progress_end(x->c);
		tool_errno(x->c->t, x->it->path, rc);
	}
}

static void copy_mode(struct copy *c, const struct copy_item *it, int fd, bool owned)
{
	mode_t mode = it->stx->stx_mode & 07777;
	int rc;

	if (!owned && (mode & (S_ISUID | S_ISGID))) {
		/* They would lend somebody else's rights, not the image's. */
		mode &= ~(S_ISUID | S_ISGID);
		c->lost_modes++;
	}
	if (fd >= 0)
		rc = fchmod(fd, mode);
	else
		rc = fchmodat(it->to_dir, it->to_name, mode, 0);
	if (rc)
		copy_host_error(c, it->path, errno);
}

static void copy_times(struct copy *c, const struct copy_item *it, int fd)
{
	const struct timespec times[2] = {
		{ it->stx->stx_atime.tv_sec, it->stx->stx_atime.tv_nsec },
		{ it->stx->stx_mtime.tv_sec, it->stx->stx_mtime.tv_nsec },
	};
	int rc;

	if (fd >= 0)
		rc = futimens(fd, times);
	else
		rc = utimensat(it->to_dir, it->to_name, times, AT_SYMLINK_NOFOLLOW);
	if (rc)
		copy_host_error(c, it->path, errno);
}

void copy_meta(struct copy *c, const struct copy_item *it, int fd)
{
	struct xattr_copier x = { .c = c, .it = it, .fd = fd };
	bool owned = copy_owner(c, it, fd);

	copy_xattrs(&x, false);
	if ((it->stx->stx_mode & LKL_S_IFMT) != LKL_S_IFLNK)
		copy_mode(c, it, fd, owned);
	if (x.acls_seen)
		copy_xattrs(&x, true);
	copy_times(c, it, fd);
}
