// SPDX-License-Identifier: GPL-2.0
/*
 * copy.c - making one file on the host: contents, links, devices
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "copy.h"

void copy_host_error(struct copy *c, const char *path, int err)
{
	progress_end(c);
	if (err == ENOSPC || err == EDQUOT || err == EIO || err == EROFS) {
		tool_error(c->t, "%s: not copied, nor what comes after it: %s", path,
			   strerror(err));
		tool_finish(c->t);
	}
	tool_error(c->t, "%s: not copied: %s", path, strerror(err));
}

int copy_make_way(const struct copy_item *it)
{
	struct stat st;

	if (fstatat(it->to_dir, it->to_name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return unlinkat(it->to_dir, it->to_name, 0) ? -errno : 0;
}

/* Write @len bytes at @off.  0 or errno. */
static int write_at(int fd, const char *buf, size_t len, uint64_t off)
{
	while (len) {
		ssize_t n = pwrite(fd, buf, len, off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : EIO;
		buf += n;
		off += n;
		len -= n;
	}
	return 0;
}

/* Copy bytes [off, end).  False if that failed, which was told. */
static bool copy_range(struct copy *c, const struct copy_item *it, int from, int to,
		       uint64_t off, uint64_t end)
{
	while (off < end) {
		size_t want = end - off < COPY_BUFFER ? end - off : COPY_BUFFER;
		long n = lkl_sys_pread64(from, c->buf, want, off);
		int err;

		if (n <= 0) {
			progress_end(c);
			if (n < 0)
				tool_errno(c->t, it->path, n);
			else
				tool_error(c->t, "%s: ends before its size says", it->path);
			return false;
		}
		err = write_at(to, c->buf, n, off);
		if (err) {
			unlinkat(it->to_dir, it->to_name, 0);
			copy_host_error(c, it->path, err);
			return false;
		}
		off += n;
		c->bytes += n;
		progress_show(c);
	}
	return true;
}

/* The data between the holes. */
static bool copy_sparse(struct copy *c, const struct copy_item *it, int from, int to)
{
	uint64_t size = it->stx->stx_size, off = 0;

	while (off < size) {
		long data = lkl_sys_lseek(from, off, LKL_SEEK_DATA);
		long hole;

		if (data == -ENXIO)	/* only a hole is left */
			return true;
		if (data < 0)		/* no such call here: all is data */
			return copy_range(c, it, from, to, off, size);
		hole = lkl_sys_lseek(from, data, LKL_SEEK_HOLE);
		if (hole <= data || (uint64_t)hole > size)
			hole = size;
		if (!copy_range(c, it, from, to, data, hole))
			return false;
		off = hole;
	}
	return true;
}

static bool copy_contents(struct copy *c, const struct copy_item *it, int from, int to)
{
	uint64_t size = it->stx->stx_size;
	bool done;

	if (it->stx->stx_blocks * 512 < size)
		done = copy_sparse(c, it, from, to);
	else
		done = copy_range(c, it, from, to, 0, size);
	if (done && size && ftruncate(to, size)) {
		copy_host_error(c, it->path, errno);
		done = false;
	}
	return done;
}

static int create(const struct copy_item *it)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(it->to_dir, it->to_name, flags, 0600);
	int rc;

	if (fd >= 0 || errno != EEXIST)
		return fd < 0 ? -errno : fd;
	rc = copy_make_way(it);
	if (rc)
		return rc;
	fd = openat(it->to_dir, it->to_name, flags, 0600);
	return fd < 0 ? -errno : fd;
}

static void copy_regular(struct copy *c, const struct copy_item *it)
{
	int from, to;
	bool done;

	from = lkl_sys_openat(it->from_dir, it->from_name,
			      LKL_O_RDONLY | LKL_O_NOFOLLOW | LKL_O_NONBLOCK, 0);
	if (from < 0) {
		progress_end(c);
		tool_errno(c->t, it->path, from);
		return;
	}
	to = create(it);
	if (to < 0) {
		copy_host_error(c, it->path, -to);
		lkl_sys_close(from);
		return;
	}
	done = copy_contents(c, it, from, to);
	if (done)
		copy_meta(c, it, to);
	lkl_sys_close(from);
	if (close(to) && done) {
		copy_host_error(c, it->path, errno);
		done = false;
	}
	/* Half a file is worse than none. */
	if (!done)
		unlinkat(it->to_dir, it->to_name, 0);
}

static void copy_symlink(struct copy *c, const struct copy_item *it)
{
	long err;
	char *target = entry_target(it->from_dir, it->from_name, it->stx->stx_size, &err);
	int rc;

	if (!target) {
		progress_end(c);
		tool_errno(c->t, it->path, err);
		return;
	}
	rc = symlinkat(target, it->to_dir, it->to_name) ? -errno : 0;
	if (rc == -EEXIST) {
		rc = copy_make_way(it);
		if (!rc && symlinkat(target, it->to_dir, it->to_name))
			rc = -errno;
	}
	free(target);
	if (rc)
		copy_host_error(c, it->path, -rc);
	else
		copy_meta(c, it, -1);
}

static void copy_special(struct copy *c, const struct copy_item *it)
{
	dev_t dev = makedev(it->stx->stx_rdev_major, it->stx->stx_rdev_minor);
	mode_t mode = (it->stx->stx_mode & S_IFMT) | 0600;
	int rc = mknodat(it->to_dir, it->to_name, mode, dev) ? -errno : 0;

	if (rc == -EEXIST) {
		rc = copy_make_way(it);
		if (!rc && mknodat(it->to_dir, it->to_name, mode, dev))
			rc = -errno;
	}
	if (rc == -EPERM && !c->root) {
		progress_end(c);
		tool_error(c->t, "%s: not copied: only root can make a %s device", it->path,
			   format_type(it->stx->stx_mode));
	} else if (rc) {
		copy_host_error(c, it->path, -rc);
	} else {
		copy_meta(c, it, -1);
	}
}

void copy_file(struct copy *c, const struct copy_item *it)
{
	if (it->stx->stx_nlink > 1 && copy_link(c, it))
		return;
	switch (it->stx->stx_mode & LKL_S_IFMT) {
	case LKL_S_IFREG:
		copy_regular(c, it);
		break;
	case LKL_S_IFLNK:
		copy_symlink(c, it);
		break;
	default:
		copy_special(c, it);
	}
	c->files++;
	progress_show(c);
}
