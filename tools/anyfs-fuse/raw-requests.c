// SPDX-License-Identifier: GPL-2.0
/*
 * raw-requests.c - requests that are newer than Debian 12's libfuse 3.14
 *
 * These are statx(2), for the time of birth, and O_TMPFILE.  The structures of requests
 * and answers are those of the kernel's header.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>
#include "fusefs.h"
#include <lkl/linux/fuse.h>

#define FOREVER_SECONDS	((uint64_t)FOREVER)

static void send_out(int fd, const struct lkl_fuse_in_header *in, long rc, const void *out,
		     size_t len)
{
	struct lkl_fuse_out_header header = {
		.len = sizeof(header) + (rc ? 0 : len), .error = rc, .unique = in->unique,
	};
	const struct iovec iov[2] = {
		{ &header, sizeof(header) }, { (void *)out, rc ? 0 : len },
	};

	/* ENOENT: the requesting program was killed.  Other errors end the channel. */
	if (writev(fd, iov, 2) < 0)
		return;
}

static struct lkl_fuse_sx_time sx_time(const struct lkl_statx_timestamp *ts)
{
	return (struct lkl_fuse_sx_time){ .tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec };
}

static void fill_statx(const struct node *n, const struct lkl_statx *stx, struct lkl_fuse_statx *s)
{
	struct stat st;

	attr_node_stat(n, stx, &st);
	*s = (struct lkl_fuse_statx){
		.mask = stx->stx_mask & (LKL_STATX_BASIC_STATS | LKL_STATX_BTIME),
		.blksize = st.st_blksize, .nlink = st.st_nlink, .uid = st.st_uid, .gid = st.st_gid,
		.attributes = stx->stx_attributes, .attributes_mask = stx->stx_attributes_mask,
		.mode = st.st_mode, .ino = st.st_ino, .size = st.st_size, .blocks = st.st_blocks,
		.atime = sx_time(&stx->stx_atime), .btime = sx_time(&stx->stx_btime),
		.ctime = sx_time(&stx->stx_ctime), .mtime = sx_time(&stx->stx_mtime),
		.rdev_major = major(st.st_rdev), .rdev_minor = minor(st.st_rdev),
	};
}

static void request_statx(int fd, const struct lkl_fuse_in_header *in)
{
	struct node *n = node_ref(in->nodeid);
	struct lkl_fuse_statx_out out = { 0 };
	struct lkl_statx stx;
	int rc = -ESTALE;

	if (n) {
		rc = node_statx(n, LKL_STATX_BASIC_STATS | LKL_STATX_BTIME, &stx);
		if (!rc) {
			out.attr_valid = (uint64_t)attr_timeout(n);
			fill_statx(n, &stx, &out.stat);
		}
		node_put(n);
	}
	send_out(fd, in, rc, &out, sizeof(out));
}

static void fill_attr(const struct stat *st, struct lkl_fuse_attr *a)
{
	*a = (struct lkl_fuse_attr){
		.ino = st->st_ino, .size = st->st_size, .blocks = st->st_blocks,
		.atime = st->st_atim.tv_sec, .atimensec = st->st_atim.tv_nsec,
		.mtime = st->st_mtim.tv_sec, .mtimensec = st->st_mtim.tv_nsec,
		.ctime = st->st_ctim.tv_sec, .ctimensec = st->st_ctim.tv_nsec,
		.mode = st->st_mode, .nlink = st->st_nlink, .uid = st->st_uid, .gid = st->st_gid,
		.rdev = st->st_rdev, .blksize = st->st_blksize,
	};
}

/* Make a file without a name in @dir; *@file is open.  A descriptor of its node keeps the file. */
static long make_tmpfile(const struct lkl_fuse_in_header *in, const struct lkl_fuse_create_in *arg,
			 struct node *dir, struct fuse_entry_param *e, int *file)
{
	struct node_key key;
	struct lkl_statx stx;
	struct node *n;
	int rc, dirfd = node_fd(dir);

	if (dirfd < 0)
		return dirfd;
	caller_become_ids(in->uid, in->gid, arg->umask, dirfd);
	/* O_EXCL: the file can never get a name. */
	*file = lkl_sys_openat(dirfd, ".", LKL_O_TMPFILE | LKL_O_RDWR | LKL_O_LARGEFILE |
			       LKL_O_CLOEXEC | (arg->flags & LKL_O_EXCL), arg->mode);
	node_fd_put(dir);
	if (*file < 0)
		return *file;
	rc = file_opened(*file);
	if (rc) {
		lkl_sys_close(*file);
		return rc;
	}
	rc = entry_look_fd(dir->fs, *file, &key, &stx);
	if (!rc)
		rc = entry_fill(dir->fs, &key, &stx, e, &n);
	if (!rc) {
		int keep = lkl_sys_dup(*file);

		if (keep >= 0) {
			node_give_fd(n, keep);
		} else {
			node_forget(e->ino, 1);
			rc = keep;
		}
		node_put(n);
	}
	if (rc)
		file_close(*file);
	else
		node_opened(e->ino, arg->flags);
	return rc;
}

static void request_tmpfile(int fd, const struct lkl_fuse_in_header *in)
{
	struct { struct lkl_fuse_entry_out entry; struct lkl_fuse_open_out open; } out;
	const struct lkl_fuse_create_in *arg = (const void *)(in + 1);
	struct fuse_entry_param e;
	struct node *dir = node_ref(in->nodeid);
	int file;
	long rc = dir && dir->fs ? 0 : -EROFS;

	memset(&out, 0, sizeof(out));
	memset(&e, 0, sizeof(e));
	if (!rc)
		rc = make_tmpfile(in, arg, dir, &e, &file);
	if (!rc) {
		out.entry.nodeid = e.ino;
		out.entry.entry_valid = out.entry.attr_valid = FOREVER_SECONDS;
		fill_attr(&e.attr, &out.entry.attr);
		out.open.fh = (uint64_t)file + 1;
		out.open.open_flags = LKL_FOPEN_KEEP_CACHE | LKL_FOPEN_NOFLUSH;
	}
	send_out(fd, in, rc, &out, sizeof(out));
	if (dir)
		node_put(dir);
}

bool raw_request(int fd, const void *request, size_t len)
{
	const struct lkl_fuse_in_header *in = request;

	if (in->opcode == LKL_FUSE_STATX) {
		request_statx(fd, in);
		return true;
	}
	if (in->opcode == LKL_FUSE_TMPFILE && attr_config()->write &&
	    len > sizeof(*in) + sizeof(struct lkl_fuse_create_in)) {
		request_tmpfile(fd, in);
		return true;
	}
	return false;
}
