// SPDX-License-Identifier: GPL-2.0
/*
 * ops-xattr.c - extended attributes
 *
 * Descriptors of symbolic links, devices and other special files are O_PATH, and the
 * xattr calls refuse such descriptors.  For these files the calls get the path of the
 * descriptor in /proc.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "fusefs.h"
#include <lkl/linux/xattr.h>

#define PROC_NAME_MAX	32
#define ACCESS_ACL	"system.posix_acl_access"

static bool by_name(const struct node *n)
{
	return n->type != S_IFREG && n->type != S_IFDIR;
}

static const char *proc_name(int fd, char name[PROC_NAME_MAX])
{
	snprintf(name, PROC_NAME_MAX, "/proc/self/fd/%d", fd);
	return name;
}

/*
 * Directories above the file systems have no extended attributes, and a request for them must not
 * mount a partition.  Files created by this mount have no capabilities; the host requests them
 * before the first write to a file.
 */
static bool has_none(fuse_ino_t ino, const char *name)
{
	struct node *n = node_ref(ino);
	bool none = n && !n->fs;

	if (n && name && __atomic_load_n(&n->no_caps, __ATOMIC_RELAXED))
		none = none || !strcmp(name, LKL_XATTR_NAME_CAPS);
	if (n)
		node_put(n);
	return none;
}

/* Answer with a value, or if @size is 0 with its length. */
static void reply_value(fuse_req_t req, size_t size, const char *buf, long len)
{
	if (len < 0)
		op_reply(req, len);
	else if (size)
		fuse_reply_buf(req, buf, len);
	else
		fuse_reply_xattr(req, len);
}

/* Get the value of @name, or the list of names if @name is NULL. */
static long read_xattr(const struct node *n, int fd, const char *name, char *buf, size_t size)
{
	char proc[PROC_NAME_MAX];

	if (by_name(n) && name)
		return lkl_sys_getxattr(proc_name(fd, proc), name, buf, size);
	if (by_name(n))
		return lkl_sys_listxattr(proc_name(fd, proc), buf, size);
	return name ? lkl_sys_fgetxattr(fd, name, buf, size) : lkl_sys_flistxattr(fd, buf, size);
}

static void reply_xattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size)
{
	char *buf = size ? channel_buffer() : NULL;
	struct node *n;
	int fd;

	if (has_none(ino, name)) {
		reply_value(req, size, buf, name ? -ENODATA : 0);
		return;
	}
	n = op_begin_fd(req, ino, &fd);
	if (!n)
		return;
	if (size > FUSE_IO_MAX)
		size = FUSE_IO_MAX;
	reply_value(req, size, buf, read_xattr(n, fd, name, buf, size));
	op_end(n);
}

void op_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size)
{
	reply_xattr(req, ino, name, size);
}

void op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	reply_xattr(req, ino, NULL, size);
}

/* Clear the set-group-ID bit: an owner outside of the file's group has set an ACL. */
static long kill_sgid(int fd)
{
	struct lkl_statx stx;
	long rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, LKL_STATX_MODE, &stx);

	if (rc < 0 || !(stx.stx_mode & S_ISGID))
		return rc;
	return lkl_sys_fchmodat2(fd, "", stx.stx_mode & 07777 & ~S_ISGID, LKL_AT_EMPTY_PATH);
}

/* Setting an ACL may change the mode, which the host has cached. */
static void reply_changed(fuse_req_t req, fuse_ino_t ino, const char *name, long rc)
{
	if (!rc && !strcmp(name, ACCESS_ACL))
		channel_drop_attr(ino);
	op_reply(req, rc);
}

void op_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name, const char *value, size_t size,
		 int flags)
{
	char proc[PROC_NAME_MAX];
	int fd;
	struct node *n = op_begin_fd(req, ino, &fd);
	long rc;

	if (!n)
		return;
	__atomic_store_n(&n->no_caps, false, __ATOMIC_RELAXED);
	if (by_name(n))
		rc = lkl_sys_setxattr(proc_name(fd, proc), name, value, size, flags);
	else
		rc = lkl_sys_fsetxattr(fd, name, value, size, flags);
	if (!rc && channel_kills_sgid() && !strcmp(name, ACCESS_ACL))
		rc = kill_sgid(fd);
	reply_changed(req, ino, name, rc);
	op_end(n);
}

void op_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	char proc[PROC_NAME_MAX];
	int fd;
	struct node *n = op_begin_fd(req, ino, &fd);
	long rc;

	if (!n)
		return;
	if (by_name(n))
		rc = lkl_sys_removexattr(proc_name(fd, proc), name);
	else
		rc = lkl_sys_fremovexattr(fd, name);
	reply_changed(req, ino, name, rc);
	op_end(n);
}
