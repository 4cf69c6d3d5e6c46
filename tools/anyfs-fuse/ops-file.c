// SPDX-License-Identifier: GPL-2.0
/*
 * ops-file.c - requests about the content of files
 *
 * On a writable mount an open file has a descriptor of the library kernel; fi->fh is its
 * number plus one.  On a read-only mount fi->fh is 0, and all reads of a file use the
 * descriptor of its node.
 */
#include <errno.h>
#include <string.h>
#include "fusefs.h"

/* The flags for opening a file in the library kernel; the host itself implements all others. */
static int open_flags(int flags)
{
	int acc = flags & LKL_O_ACCMODE;

	/* The host reads a page before it writes a part of it, and handles O_APPEND itself. */
	if (acc == LKL_O_WRONLY)
		acc = LKL_O_RDWR;
	return acc | LKL_O_LARGEFILE | LKL_O_CLOEXEC | LKL_O_NOFOLLOW;
}

/* Record @fd as a file that the host has open.  Returns @fd or -errno. */
static int fill_info(struct fuse_file_info *fi, int fd)
{
	int rc = file_opened(fd);

	if (rc) {
		lkl_sys_close(fd);
		return rc;
	}
	fi->fh = (uint64_t)fd + 1;
	fi->keep_cache = 1;
	/* close(2) writes nothing, so it needs no flush request. */
	fi->noflush = 1;
	return fd;
}

int file_fd(const struct fuse_file_info *fi)
{
	return (int)(fi->fh - 1);
}

void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct node *n = node_ref(ino);
	int fd;

	if (n && n->role == NODE_TABLE) {
		node_put(n);
		fi->fh = 0;
		fi->keep_cache = 1;
		fuse_reply_open(req, fi);
		return;
	}
	if (n)
		node_put(n);
	n = op_begin(req, ino);
	if (!n)
		return;
	fd = node_open(n, open_flags(fi->flags));
	/* Append-only files can be opened for writing only with O_APPEND. */
	if (fd == -EPERM && (fi->flags & LKL_O_APPEND))
		fd = node_open(n, open_flags(fi->flags) | LKL_O_APPEND);
	node_put(n);
	if (fd >= 0)
		fd = fill_info(fi, fd);
	if (fd < 0) {
		op_reply(req, fd);
		return;
	}
	node_opened(ino, fi->flags);
	if (fuse_reply_open(req, fi) == -ENOENT) {
		node_closed(ino, fi->flags);
		file_close(fd);
	}
}

static void set_write_error(fuse_ino_t ino, long err)
{
	struct node *n = node_ref(ino);

	if (!n)
		return;
	__atomic_store_n(&n->write_error, -err, __ATOMIC_RELAXED);
	node_put(n);
}

/* Cached data of @ino is lost: the next write(2) requests attributes, and will fail. */
static void note_lost_pages(fuse_ino_t ino, long err)
{
	note_loss(err);
	set_write_error(ino, err);
	channel_drop_attr(ino);
}

/* Programs that open the file later did not write the lost data: do not report it. */
static void forget_lost_pages(fuse_ino_t ino)
{
	if (!node_is_written(ino))
		set_write_error(ino, 0);
}

void op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	if (fi->fh) {
		node_closed(ino, fi->flags);
		forget_lost_pages(ino);
		file_close(file_fd(fi));
	}
	fuse_reply_err(req, 0);
}

static int lookup_created(struct node *dir, int dirfd, const char *name,
			  const struct fuse_file_info *fi, int fd, struct fuse_entry_param *e)
{
	struct node_key key;
	struct lkl_statx stx;
	struct node *n;
	int rc;

	/* Without handles the node keeps a descriptor, which must not be one for writing. */
	if (dir->fs->handles)
		rc = entry_look_fd(dir->fs, fd, &key, &stx);
	else
		rc = entry_look(dir, dirfd, name, &key, &stx);
	if (!rc)
		rc = entry_fill(dir->fs, &key, &stx, e, &n);
	if (rc)
		return rc;
	e->entry_timeout = entry_timeout(dir);
	if (fi->flags & LKL_O_EXCL)
		__atomic_store_n(&n->no_caps, true, __ATOMIC_RELAXED);
	node_put(n);
	return 0;
}

/* Create or open @name.  Returns a descriptor or -errno.  The names are locked. */
static int create(struct node *dir, int dirfd, const char *name, mode_t mode,
		  const struct fuse_file_info *fi, struct fuse_entry_param *e)
{
	int fd, rc;

	if (files_are_full())
		return -ENFILE;
	fd = lkl_sys_openat(dirfd, name,
			    open_flags(fi->flags) | LKL_O_CREAT |
				    (fi->flags & (LKL_O_EXCL | LKL_O_TRUNC)), mode);
	if (fd < 0)
		return fd;
	rc = lookup_created(dir, dirfd, name, fi, fd, e);
	if (rc < 0) {
		lkl_sys_close(fd);
		return rc;
	}
	return fd;
}

void op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	       struct fuse_file_info *fi)
{
	struct fuse_entry_param e;
	int dirfd, fd;
	struct node *dir = op_begin_fd(req, parent, &dirfd);

	if (!dir)
		return;
	memset(&e, 0, sizeof(e));
	caller_become(req, dirfd);
	names_lock(dir);
	fd = create(dir, dirfd, name, mode, fi, &e);
	names_unlock(dir);
	op_end(dir);
	if (fd >= 0) {
		fd = fill_info(fi, fd);
		if (fd < 0)
			node_forget(e.ino, 1);
	}
	if (fd < 0) {
		op_reply(req, fd);
		return;
	}
	node_opened(e.ino, fi->flags);
	if (fuse_reply_create(req, &e, fi) == -ENOENT) {
		node_closed(e.ino, fi->flags);
		file_close(fd);
		node_forget(e.ino, 1);
	}
}

/*
 * An error after some bytes fails the whole read, because to the host a short read means
 * the end of the file.  The host then reads page by page.
 */
long read_all(int fd, char *buf, size_t size, off_t off)
{
	size_t done = 0;

	while (done < size) {
		long n = lkl_sys_pread64(fd, buf + done, size - done, off + done);

		if (n < 0)
			return n;
		if (!n)
			break;
		done += n;
	}
	return done;
}

static void read_table(fuse_req_t req, const struct node *n, size_t size, off_t off)
{
	const char *text = namespace_table(n->shows);
	size_t len = strlen(text);

	if ((size_t)off > len)
		off = len;
	fuse_reply_buf(req, text + off, len - off < size ? len - off : size);
}

/* Read a file that is not open, through the node's descriptor. */
static void read_node(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off)
{
	struct node *n = node_ref(ino);
	int fd;
	long len;

	if (n && n->role == NODE_TABLE) {
		read_table(req, n, size, off);
		node_put(n);
		return;
	}
	if (n)
		node_put(n);
	n = op_begin_fd(req, ino, &fd);
	if (!n)
		return;
	if (!off)
		prefetch_following(req, n);
	len = read_all(fd, channel_buffer(), size, off);
	if (len == -EBADF) {
		/* The descriptor is O_PATH: open the file to get the reason. */
		int own = node_open(n, open_flags(LKL_O_RDONLY));

		len = own < 0 ? own : -EIO;
		if (own >= 0)
			lkl_sys_close(own);
	}
	if (len < 0)
		op_reply(req, len);
	else
		fuse_reply_buf(req, channel_buffer(), len);
	op_end(n);
}

void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off, struct fuse_file_info *fi)
{
	long len;

	if (size > FUSE_IO_MAX)
		size = FUSE_IO_MAX;
	if (!fi->fh) {
		read_node(req, ino, size, off);
		return;
	}
	len = read_all(file_fd(fi), channel_buffer(), size, off);
	if (len < 0)
		op_reply(req, len);
	else
		fuse_reply_buf(req, channel_buffer(), len);
}

/*
 * After a change of the content by a user without CAP_FSETID: clear set-ID bits, and
 * let the host ask for the mode again.  The library kernel does not clear them itself,
 * because the threads that call it are root.
 */
static void kill_setid(fuse_ino_t ino, int fd)
{
	if (clear_setid(fd) > 0)
		channel_drop_attr(ino);
}

/*
 * FUSE_FALLOCATE and FUSE_COPY_FILE_RANGE have no flag that asks for clearing set-ID bits,
 * and a request does not carry the caller's capabilities: assume that root, and no other
 * user, has CAP_FSETID.
 */
static void kill_setid_unless_root(fuse_req_t req, fuse_ino_t ino, int fd)
{
	if (fuse_req_ctx(req)->uid)
		kill_setid(ino, fd);
}

void op_write(fuse_req_t req, fuse_ino_t ino, const char *buf, size_t size, off_t off,
	      struct fuse_file_info *fi)
{
	size_t done = 0;
	long n = 0;

	if (!fi->fh) {
		op_reply(req, -EBADF);
		return;
	}
	while (done < size && n >= 0) {
		n = lkl_sys_pwrite64(file_fd(fi), buf + done, size - done, off + done);
		if (n > 0)
			done += n;
		else if (!n)
			n = -EIO;
	}
	if (done && channel_kills_setid())
		kill_setid(ino, file_fd(fi));
	/* Pages of the host's cache: the program that wrote them may have ended. */
	if (n < 0 && fi->writepage)
		note_lost_pages(ino, n);
	if (!done && n < 0)
		op_reply(req, n);
	else
		fuse_reply_write(req, done);
}

void op_fsync(fuse_req_t req, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
{
	int fd = file_fd(fi);
	long rc;

	if (!fi->fh) {
		op_reply(req, 0);
		return;
	}
	rc = datasync ? lkl_sys_fdatasync(fd) : lkl_sys_fsync(fd);
	channel_drop_attr(ino);		/* the number of blocks has changed */
	op_reply_stored(req, rc);
}

void op_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t offset, off_t length,
		  struct fuse_file_info *fi)
{
	long rc = -EBADF;

	if (fi->fh)
		rc = lkl_sys_fallocate(file_fd(fi), mode, offset, length);
	if (!rc)
		kill_setid_unless_root(req, ino, file_fd(fi));
	op_reply(req, rc);
}

static void deferred_lseek(fuse_req_t req, fuse_ino_t ino, int fd, const union deferred_arg *arg)
{
	long rc = lkl_sys_lseek(fd, arg->seek.off, arg->seek.whence);

	if (rc < 0)
		op_reply(req, rc);
	else
		fuse_reply_lseek(req, rc);
}

/* @whence is SEEK_DATA or SEEK_HOLE; the host itself handles all others. */
void op_lseek(fuse_req_t req, fuse_ino_t ino, off_t off, int whence, struct fuse_file_info *fi)
{
	const union deferred_arg arg = { .seek = { .off = off, .whence = whence } };
	struct node *n;
	int fd;

	if (fi->fh) {
		fd = file_fd(fi);
		if (!node_is_written(ino))
			deferred_lseek(req, ino, fd, &arg);
		else if (!defer_reply(req, ino, fd, deferred_lseek, &arg))
			op_reply(req, -ENOMEM);
		return;
	}
	n = op_begin_fd(req, ino, &fd);
	if (!n)
		return;
	deferred_lseek(req, ino, fd, &arg);
	op_end(n);
}

void op_copy_file_range(fuse_req_t req, fuse_ino_t in, off_t in_off, struct fuse_file_info *in_fi,
			fuse_ino_t out, off_t out_off, struct fuse_file_info *out_fi, size_t len,
			int flags)
{
	lkl_loff_t from = in_off, to = out_off;
	long n = -EBADF;

	if (in_fi->fh && out_fi->fh)
		n = lkl_sys_copy_file_range(file_fd(in_fi), &from, file_fd(out_fi), &to, len,
					    flags);
	if (n > 0)
		kill_setid_unless_root(req, out, file_fd(out_fi));
	if (n < 0)
		op_reply(req, n);
	else
		fuse_reply_write(req, n);
}
