// SPDX-License-Identifier: GPL-2.0
/*
 * ops-node.c - requests about a node: lookup, attributes, flags
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fusefs.h"
#include <lkl/linux/fs.h>
#include <lkl/linux/stat.h>

/* Look up a name in a directory above the file systems. */
static void lookup_virtual(fuse_req_t req, const struct node *list, const char *name)
{
	struct fuse_entry_param e = { .entry_timeout = FOREVER };
	struct virtual_entry found;
	struct lkl_statx stx;
	int rc = virtual_named(list, name, &found);

	if (rc > 0) {
		rc = node_statx(found.node, ATTR_MASK, &stx);
		e.ino = found.node->id;
		e.attr_timeout = attr_timeout(found.node);
		attr_stat(found.node->fs, &stx, &e.attr);
	}
	if (rc < 0)
		op_reply(req, rc);
	else
		fuse_reply_entry(req, &e);
}

/* Answer that the name does not exist; the host may cache this. */
static void reply_negative(fuse_req_t req, const struct node *dir)
{
	struct fuse_entry_param e = { .entry_timeout = entry_timeout(dir) };

	fuse_reply_entry(req, &e);
}

void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param e;
	struct node *dir = node_ref(parent);
	int fd, rc;

	if (dir && node_lists(dir)) {
		lookup_virtual(req, dir, name);
		node_put(dir);
		return;
	}
	if (dir)
		node_put(dir);
	dir = op_begin_fd(req, parent, &fd);
	if (!dir)
		return;
	memset(&e, 0, sizeof(e));
	listing_note_lookup(dir);
	names_lock_shared(dir);
	rc = entry_lookup(dir, fd, name, &e);
	names_unlock(dir);
	if (rc == -ENOENT)
		reply_negative(req, dir);
	else if (rc < 0)
		op_reply(req, rc);
	else
		op_reply_entry(req, &e);
	op_end(dir);
}

void op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t nlookup)
{
	node_forget(ino, nlookup);
	fuse_reply_none(req);
}

void op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets)
{
	for (size_t i = 0; i < count; i++)
		node_forget(forgets[i].ino, forgets[i].nlookup);
	fuse_reply_none(req);
}

/* Answer with the attributes @stx of @n, or with the error @rc. */
static void reply_attr(fuse_req_t req, const struct node *n, long rc, const struct lkl_statx *stx)
{
	struct stat st;

	if (rc < 0) {
		op_reply(req, rc);
		return;
	}
	attr_node_stat(n, stx, &st);
	fuse_reply_attr(req, &st, attr_timeout(n));
}

/*
 * A request with a file handle comes from write(2), before the data go into the host's
 * cache; one for fstat(2) has no handle.  So a request with a handle can report that
 * data which was written earlier could not be stored.  Without this, a program that
 * only writes would never notice that the file system is full.
 */
void op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct node *n = node_ref(ino);
	struct lkl_statx stx;
	long rc = 0;

	if (!n) {
		op_reply(req, -ESTALE);
		return;
	}
	if (fi)
		rc = -(long)__atomic_exchange_n(&n->write_error, 0, __ATOMIC_RELAXED);
	if (!rc)
		rc = node_statx(n, ATTR_MASK, &stx);
	reply_attr(req, n, rc, &stx);
	node_put(n);
}

/* A mapped owner can only be "changed" to the owner that is shown. */
static long set_owner(int fd, const struct stat *attr, int to_set)
{
	const struct config *cfg = attr_config();
	uid_t uid = to_set & FUSE_SET_ATTR_UID ? attr->st_uid : (uid_t)-1;
	gid_t gid = to_set & FUSE_SET_ATTR_GID ? attr->st_gid : (gid_t)-1;

	if (cfg->map_uid && uid != (uid_t)-1) {
		if (uid != cfg->uid)
			return -EPERM;
		uid = -1;
	}
	if (cfg->map_gid && gid != (gid_t)-1) {
		if (gid != cfg->gid)
			return -EPERM;
		gid = -1;
	}
	if (uid == (uid_t)-1 && gid == (gid_t)-1)
		return 0;
	return lkl_sys_fchownat(fd, "", uid, gid, LKL_AT_EMPTY_PATH);
}

long clear_setid(int fd)
{
	struct lkl_statx stx;
	long rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, LKL_STATX_MODE | LKL_STATX_TYPE, &stx);
	unsigned int mode = stx.stx_mode & 07777, keep = mode & ~S_ISUID;

	if (rc < 0 || !S_ISREG(stx.stx_mode))
		return rc;
	if (mode & S_IXGRP)
		keep &= ~S_ISGID;
	if (keep == mode)
		return 0;
	rc = lkl_sys_fchmodat2(fd, "", keep, LKL_AT_EMPTY_PATH);
	return rc < 0 ? rc : 1;
}

static long set_size(struct node *n, off_t size, const struct fuse_file_info *fi)
{
	int fd;
	long rc;

	if (fi && fi->fh)
		return lkl_sys_ftruncate(fi->fh - 1, size);
	fd = node_open(n, LKL_O_WRONLY | LKL_O_LARGEFILE | LKL_O_CLOEXEC);
	if (fd < 0)
		return fd;
	rc = lkl_sys_ftruncate(fd, size);
	lkl_sys_close(fd);
	return rc;
}

static struct __lkl__kernel_timespec new_time(const struct timespec *ts, int to_set, int set,
					      int now)
{
	struct __lkl__kernel_timespec t = { .tv_nsec = UTIME_OMIT };

	if (to_set & now)
		t.tv_nsec = UTIME_NOW;
	else if (to_set & set)
		t = (struct __lkl__kernel_timespec){ ts->tv_sec, ts->tv_nsec };
	return t;
}

static long set_times(int fd, const struct stat *attr, int to_set)
{
	const struct __lkl__kernel_timespec times[2] = {
		new_time(&attr->st_atim, to_set, FUSE_SET_ATTR_ATIME, FUSE_SET_ATTR_ATIME_NOW),
		new_time(&attr->st_mtim, to_set, FUSE_SET_ATTR_MTIME, FUSE_SET_ATTR_MTIME_NOW),
	};

	if (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
		return 0;
	return lkl_sys_utimensat(fd, "", times, LKL_AT_EMPTY_PATH);
}

/*
 * On a writable mount the host sends the time of its clock instead of "now".  An
 * append-only file allows only "now".  A touch(1) is recognised by equal times of
 * modification and change.
 */
static bool is_touch(const struct stat *attr, int to_set)
{
	const int all = FUSE_SET_ATTR_ATIME_NOW | FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_CTIME;

	return (to_set & all) == all && attr->st_mtim.tv_sec == attr->st_ctim.tv_sec &&
	       attr->st_mtim.tv_nsec == attr->st_ctim.tv_nsec;
}

/*
 * After a file was written, the host sends its times.  An append-only file, or one that
 * has become immutable meanwhile, refuses them.  The error must not be reported, because
 * close(2) would fail although all data was stored.
 */
static bool is_only_mtime(int to_set, const struct fuse_file_info *fi)
{
	return fi && (to_set & FUSE_SET_ATTR_MTIME) &&
	       !(to_set & ~(FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_CTIME));
}

void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int to_set,
		struct fuse_file_info *fi)
{
	int fd;
	struct node *n = op_begin_file(req, ino, fi, &fd);
	struct lkl_statx stx;
	long rc = 0;

	if (!n)
		return;
	if (to_set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
		rc = set_owner(fd, attr, to_set);
	if (!rc && (to_set & FUSE_SET_ATTR_MODE))
		rc = lkl_sys_fchmodat2(fd, "", attr->st_mode & 07777, LKL_AT_EMPTY_PATH);
	if (!rc && (to_set & FUSE_SET_ATTR_SIZE))
		rc = set_size(n, attr->st_size, fi);
	if (!rc && (to_set & FUSE_SET_ATTR_KILL_SUID))
		rc = clear_setid(fd);
	if (rc >= 0)
		rc = set_times(fd, attr, to_set);
	if (rc == -EPERM && is_touch(attr, to_set))
		rc = lkl_sys_utimensat(fd, "", NULL, LKL_AT_EMPTY_PATH);
	if (rc == -EPERM && is_only_mtime(to_set, fi))
		rc = 0;
	if (!rc)
		rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, ATTR_MASK, &stx);
	reply_attr(req, n, rc, &stx);
	op_end_file(n, fi);
}

static void readlink_virtual(fuse_req_t req, const struct node *n)
{
	char *text = virtual_link(n);

	if (text)
		fuse_reply_readlink(req, text);
	else
		op_reply(req, -ENOMEM);
	free(text);
}

void op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	struct node *n = node_ref(ino);
	char text[PATH_MAX + 1];
	long len;
	int fd;

	if (n && n->role == NODE_LINK) {
		readlink_virtual(req, n);
		node_put(n);
		return;
	}
	if (n)
		node_put(n);
	n = op_begin_fd(req, ino, &fd);
	if (!n)
		return;
	len = lkl_sys_readlinkat(fd, "", text, PATH_MAX);
	if (len < 0) {
		op_reply(req, len);
	} else {
		text[len] = '\0';
		fuse_reply_readlink(req, text);
	}
	op_end(n);
}

void op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct statvfs out = { .f_bsize = 4096, .f_frsize = 4096, .f_namemax = 255 };
	struct node *n = node_ref(ino);
	struct lkl_statfs st;
	long rc = n ? 0 : -ESTALE;

	if (n && n->fs) {
		rc = lkl_sys_fstatfs(n->fs->root, &st);
		if (!rc)
			out = (struct statvfs){
				.f_bsize = st.f_bsize,
				.f_frsize = st.f_frsize ? st.f_frsize : st.f_bsize,
				.f_blocks = st.f_blocks, .f_bfree = st.f_bfree,
				.f_bavail = st.f_bavail, .f_files = st.f_files,
				.f_ffree = st.f_ffree, .f_favail = st.f_ffree,
				.f_namemax = st.f_namelen,
			};
	}
	if (n)
		node_put(n);
	if (rc)
		op_reply(req, rc);
	else
		fuse_reply_statfs(req, &out);
}

/* The ioctls that are supported, and the sizes of their input and output. */
static const struct { unsigned int cmd; bool writes; size_t in, out; } ioctls[] = {
	{ LKL_FS_IOC_GETFLAGS, false, 0, 4 },
	{ LKL_FS_IOC_SETFLAGS, true, 4, 0 },
	{ LKL_FS_IOC_FSGETXATTR, false, 0, sizeof(struct lkl_fsxattr) },
	{ LKL_FS_IOC_FSSETXATTR, true, sizeof(struct lkl_fsxattr), 0 },
	{ LKL_FS_IOC_GETVERSION, false, 0, 4 },
	{ LKL_FS_IOC_GETFSLABEL, false, 0, LKL_FSLABEL_MAX },
};

#define NR_IOCTLS	(sizeof(ioctls) / sizeof(ioctls[0]))
_Static_assert(sizeof(struct lkl_fsxattr) <= sizeof(((union deferred_arg *)0)->ioctl.in),
	       "the largest argument");

static void answer_ioctl(fuse_req_t req, fuse_ino_t ino, int fd, const union deferred_arg *arg)
{
	unsigned int i = arg->ioctl.index;
	char buf[LKL_FSLABEL_MAX] = { 0 };
	long rc;

	memcpy(buf, arg->ioctl.in, ioctls[i].in);
	rc = lkl_sys_ioctl(fd, ioctls[i].cmd, (unsigned long)buf);
	if (rc < 0) {
		op_reply(req, rc == -EBADF ? -ENOTTY : rc);
		return;
	}
	if (ioctls[i].writes)
		channel_drop_attr(ino);	/* ctime */
	fuse_reply_ioctl(req, rc, buf, ioctls[i].out);
}

void op_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int cmd, void *data,
	      struct fuse_file_info *fi, unsigned int flags, const void *in_buf,
	      size_t in_bufsz, size_t out_bufsz)
{
	union deferred_arg arg;
	struct node *n;
	unsigned int i;
	int fd;

	for (i = 0; i < NR_IOCTLS; i++)
		if (ioctls[i].cmd == cmd)
			break;
	if (i == NR_IOCTLS || (ioctls[i].writes && !attr_config()->write)) {
		op_reply(req, -ENOTTY);
		return;
	}
	if (in_bufsz < ioctls[i].in || out_bufsz < ioctls[i].out) {
		op_reply(req, -EINVAL);
		return;
	}
	arg.ioctl.index = i;
	memcpy(arg.ioctl.in, in_buf, ioctls[i].in);
	n = op_begin_fd(req, ino, &fd);
	if (!n)
		return;
	/* Write cached data before the file becomes immutable. */
	if (!ioctls[i].writes || !node_is_written(ino))
		answer_ioctl(req, ino, fd, &arg);
	else if (!defer_reply(req, ino, fd, answer_ioctl, &arg))
		op_reply(req, -ENOMEM);
	op_end(n);
}
