// SPDX-License-Identifier: GPL-2.0
/*
 * ops.c - the table of requests, and the functions that begin and end all of them
 *
 * There are no requests for file locks (flock, POSIX, OFD).  No other process has the
 * image open, so the locks that the host's kernel keeps itself are sufficient.
 */
#include <errno.h>
#include "fusefs.h"

void op_reply(fuse_req_t req, long rc)
{
	/* The library kernel has died: report it like a broken disk. */
	if (rc == -ENODEV)
		rc = -EIO;
	/* The limit is that of the mount, not of the requesting process. */
	if (rc == -EMFILE)
		rc = -ENFILE;
	fuse_reply_err(req, rc < 0 ? -rc : 0);
}

void op_reply_stored(fuse_req_t req, long rc)
{
	/* EINVAL: this kind of file has no data to sync. */
	if (rc < 0 && rc != -EINVAL)
		note_loss(rc);
	op_reply(req, rc);
}

void op_reply_entry(fuse_req_t req, struct fuse_entry_param *e)
{
	/* The requesting program was killed, so the host will not forget the node: do it here. */
	if (fuse_reply_entry(req, e) == -ENOENT)
		node_forget(e->ino, 1);
}

struct node *op_begin(fuse_req_t req, fuse_ino_t ino)
{
	struct node *n = node_ref(ino);
	int rc = 0;

	if (!n)
		rc = -ESTALE;
	else if (n->role == NODE_VOLUME)
		rc = namespace_enter(n);
	else if (n->role)
		rc = -EROFS;		/* the namespace itself does not change */
	if (!rc)
		return n;
	if (n)
		node_put(n);
	op_reply(req, rc);
	return NULL;
}

struct node *op_begin_fd(fuse_req_t req, fuse_ino_t ino, int *fd)
{
	struct node *n = op_begin(req, ino);

	if (!n)
		return NULL;
	*fd = node_fd(n);
	if (*fd >= 0)
		return n;
	op_reply(req, *fd);
	node_put(n);
	return NULL;
}

void op_end(struct node *n)
{
	node_fd_put(n);
	node_put(n);
}

struct node *op_begin_file(fuse_req_t req, fuse_ino_t ino, const struct fuse_file_info *fi,
			   int *fd)
{
	if (!fi || !fi->fh)
		return op_begin_fd(req, ino, fd);
	*fd = file_fd(fi);
	return op_begin(req, ino);
}

void op_end_file(struct node *n, const struct fuse_file_info *fi)
{
	if (!fi || !fi->fh)
		node_fd_put(n);
	node_put(n);
}

static void request_caps(struct fuse_conn_info *conn, unsigned int caps)
{
	conn->want |= conn->capable & caps;
}

/* Features of the host's kernel that all mounts request. */
static void init_common(struct fuse_conn_info *conn)
{
	conn->want &= ~(FUSE_CAP_ATOMIC_O_TRUNC | FUSE_CAP_AUTO_INVAL_DATA |
			FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE |
			FUSE_CAP_HANDLE_KILLPRIV | FUSE_CAP_READDIRPLUS_AUTO);
	request_caps(conn, FUSE_CAP_ASYNC_READ | FUSE_CAP_PARALLEL_DIROPS |
		     FUSE_CAP_READDIRPLUS | FUSE_CAP_READDIRPLUS_AUTO | FUSE_CAP_CACHE_SYMLINKS |
		     FUSE_CAP_NO_OPENDIR_SUPPORT | FUSE_CAP_EXPLICIT_INVAL_DATA |
		     FUSE_CAP_IOCTL_DIR);
	conn->max_write = FUSE_IO_MAX;
	conn->max_readahead = FUSE_IO_MAX;
	conn->max_background = 64;
	conn->congestion_threshold = 48;
}

static void init_readonly(void *data, struct fuse_conn_info *conn)
{
	init_common(conn);
	request_caps(conn, FUSE_CAP_NO_OPEN_SUPPORT | FUSE_CAP_ASYNC_DIO);
}

static void init_writable(void *data, struct fuse_conn_info *conn)
{
	init_common(conn);
	/* After an asynchronous direct write the host would keep stale pages of the file. */
	conn->want &= ~FUSE_CAP_ASYNC_DIO;
	request_caps(conn, FUSE_CAP_WRITEBACK_CACHE | FUSE_CAP_DONT_MASK);
}

static void init_checked(void *data, struct fuse_conn_info *conn)
{
	init_readonly(data, conn);
	request_caps(conn, FUSE_CAP_POSIX_ACL);
}

static void init_writable_checked(void *data, struct fuse_conn_info *conn)
{
	init_writable(data, conn);
	request_caps(conn, FUSE_CAP_POSIX_ACL);
}

/* ENOSYS: the host sends no further requests of this kind. */
static void no_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	fuse_reply_err(req, ENOSYS);
}

static struct fuse_lowlevel_ops ops = {
	.lookup = op_lookup,
	.forget = op_forget,
	.forget_multi = op_forget_multi,
	.getattr = op_getattr,
	.readlink = op_readlink,
	.open = no_open,
	.opendir = no_open,
	.flush = no_open,
	.read = op_read,
	.readdir = op_readdir,
	.readdirplus = op_readdirplus,
	.statfs = op_statfs,
	.getxattr = op_getxattr,
	.listxattr = op_listxattr,
	.ioctl = op_ioctl,
	.lseek = op_lseek,
};

static void add_writing(void)
{
	ops.open = op_open;
	ops.create = op_create;
	ops.release = op_release;
	ops.setattr = op_setattr;
	ops.mknod = op_mknod;
	ops.mkdir = op_mkdir;
	ops.symlink = op_symlink;
	ops.link = op_link;
	ops.unlink = op_unlink;
	ops.rmdir = op_rmdir;
	ops.rename = op_rename;
	ops.write = op_write;
	ops.fsync = op_fsync;
	ops.fsyncdir = op_fsyncdir;
	ops.fallocate = op_fallocate;
	ops.copy_file_range = op_copy_file_range;
	ops.setxattr = op_setxattr;
	ops.removexattr = op_removexattr;
}

const struct fuse_lowlevel_ops *fusefs_ops(const struct config *cfg)
{
	/* ACLs matter only if permissions are checked; the host checks both or neither. */
	if (cfg->write) {
		add_writing();
		ops.init = cfg->default_permissions ? init_writable_checked : init_writable;
	} else {
		ops.init = cfg->default_permissions ? init_checked : init_readonly;
	}
	return &ops;
}
