// SPDX-License-Identifier: GPL-2.0
/*
 * copy.c - copy one file: contents, links, devices
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "copy-new.h"
#include "copy.h"
#include "holes.h"
#include "input.h"
#include "links.h"
#include "messages.h"
#include "ntfs-special.h"
#include "output.h"
#include "signals.h"
#include <lkl/linux/fs.h>

void copy_failed(struct copy *c, const char *path, long err)
{
	c->refused = err == NAMES_REFUSED;
	if (c->refused)
		names_report(c->t, &c->names, path, "not copied");
	else
		change_failed(c->t, path, "not copied", err);
}

static struct copy_place place_of(const struct copy *c, const struct copy_item *it)
{
	return (struct copy_place){ c->to, it->to_dir, it->to_name, it->names };
}

static void source_failed(struct copy *c, const struct copy_item *it, long err)
{
	tool_not_done(c->t, it->path, "not copied", err);
}

/* Called between parts of a file: false, after reporting the file, if the run must end. */
static bool check_stopping(struct copy *c, const struct copy_item *it)
{
	if (!tool_stopping(c->t))
		return true;
	tool_not_done(c->t, it->path, "not copied", -ECANCELED);
	return false;
}

/* Write @len bytes at @off.  False after a message. */
static bool write_at(struct copy *c, const struct copy_item *it, int to, const char *buf,
		     size_t len, uint64_t off)
{
	while (len) {
		long n = c->to->pwrite(to, buf, len, off);

		if (n <= 0) {
			copy_failed(c, it->path, n < 0 ? n : -EIO);
			return false;
		}
		buf += n;
		off += n;
		len -= n;
		c->t->bytes += n;
	}
	progress_show(c->t);
	return true;
}

/* Like write_at(), but skip blocks of zeros: the file has no data there yet. */
static bool write_nonzero_at(struct copy *c, const struct copy_item *it, int to, const char *buf,
			     size_t len, uint64_t off)
{
	while (len) {
		bool zero;
		size_t run = holes_run(buf, len, &zero);

		if (!zero && !write_at(c, it, to, buf, run, off))
			return false;
		buf += run;
		off += run;
		len -= run;
	}
	return true;
}

typedef bool write_fn(struct copy *c, const struct copy_item *it, int to, const char *buf,
		      size_t len, uint64_t off);

/* Copy bytes [off, end) with @write.  False after a message. */
static bool copy_range(struct copy *c, const struct copy_item *it, int from, int to,
		       uint64_t off, uint64_t end, write_fn *write)
{
	while (off < end) {
		size_t want = end - off < COPY_BUFFER ? end - off : COPY_BUFFER;
		long n = c->from->pread(from, c->buf, want, off);

		if (n < 0) {
			source_failed(c, it, n);
			return false;
		}
		if (!n) {
			tool_path_error(c->t, it->path, "not copied: the file is shorter than its recorded size");
			return false;
		}
		if (!write(c, it, to, c->buf, n, off))
			return false;
		off += n;
		if (off < end && !check_stopping(c, it))
			return false;
	}
	return true;
}

/* Copy the data between the holes. */
static bool copy_extents(struct copy *c, const struct copy_item *it, int from, int to)
{
	uint64_t size = it->stx->stx_size, end = 0;

	while (end < size) {
		int64_t data = c->from->seek(from, end, LKL_SEEK_DATA);
		int64_t hole;

		if (data == -ENXIO)	/* only a hole is left */
			return true;
		if (data < 0)		/* SEEK_DATA is not supported: treat all as data */
			data = end;
		hole = c->from->seek(from, data, LKL_SEEK_HOLE);
		if (hole <= data || (uint64_t)hole > size)
			hole = size;
		if (!copy_range(c, it, from, to, data, hole, write_at))
			return false;
		end = hole;
	}
	return true;
}

/* Read until the end of the file, regardless of its size. */
static bool copy_stream(struct copy *c, const struct copy_item *it, int from, int to)
{
	uint64_t off = 0;
	long n;

	for (;;) {
		n = from < 0 ? tool_read_input(c->t, c->buf, COPY_BUFFER) :
			       c->from->read(from, c->buf, COPY_BUFFER);
		if (n < 0)
			source_failed(c, it, n);
		if (n <= 0)
			return !n;
		if (!write_at(c, it, to, c->buf, n, off) || !check_stopping(c, it))
			return false;
		off += n;
	}
}

/* Copy a file with holes. */
static bool copy_sparse(struct copy *c, const struct copy_item *it, int from, int to)
{
	uint64_t size = it->stx->stx_size;
	bool done;
	long rc;

	holes_allow(c->to, to);
	if (c->sparse || holes_unreported(c->from, from, it->stx))
		done = copy_range(c, it, from, to, 0, size, write_nonzero_at);
	else
		done = copy_extents(c, it, from, to);
	if (!done)
		return false;
	rc = c->to->truncate(to, size);	/* the file may end with a hole */
	if (rc < 0)
		copy_failed(c, it->path, rc);
	return rc >= 0;
}

/* Let the new file share the blocks of the source.  0 or -errno. */
static long share_blocks(const struct copy *c, int from, int to)
{
	if (c->reflink == COPY_REFLINK_NEVER)
		return -EOPNOTSUPP;
	if (!c->from->is_image || !c->to->is_image)
		return -EXDEV;
	return lkl_sys_ioctl(to, LKL_FICLONE, from);
}

static bool copy_contents(struct copy *c, const struct copy_item *it, int from, int to)
{
	long rc = share_blocks(c, from, to);

	if (rc >= 0) {
		c->t->bytes += it->stx->stx_size;
		return true;
	}
	if (c->reflink == COPY_REFLINK_ALWAYS) {
		tool_failed(c->t, it->path, "not copied: the file system cannot share its blocks",
			    rc);
		return false;
	}
	/* Files in /proc and similar file systems have size 0. */
	if (!it->stx->stx_size && !c->from->is_image)
		return copy_stream(c, it, from, to);
	if (c->sparse || holes_possible(it->stx))
		return copy_sparse(c, it, from, to);
	return copy_range(c, it, from, to, 0, it->stx->stx_size, write_at);
}

/* Copy @from, the open source, or standard input if that is -1. */
static void copy_opened(struct copy *c, const struct copy_item *it, int from)
{
	const struct copy_place at = place_of(c, it);
	uint64_t bytes = c->t->bytes;
	struct copy_new new;
	bool done;
	long to, rc;

	to = copy_new_begin(&new, &at);
	if (to == COPY_IS_SPECIAL && !c->to->is_image) {
		tool_failed(c->t, it->path, "not copied: the destination is a device, FIFO or socket; remove it first",
			    to);
		return;
	}
	if (to < 0) {
		copy_failed(c, it->path, to);
		return;
	}
	done = from < 0 ? copy_stream(c, it, from, to) : copy_contents(c, it, from, to);
	if (done && c->keep && *new.temp)
		copy_meta_keep(c, it, from, to);
	else if (done)
		copy_meta(c, it, from, to);
	rc = copy_new_end(&new, done);
	if (rc < 0 && done)
		copy_failed(c, it->path, rc);
	if (rc < 0 || !done)
		c->t->bytes = bytes;
	else
		copy_flags(c, it);
}

static void copy_regular(struct copy *c, const struct copy_item *it)
{
	long from = c->from->open_file(it->from_dir, it->from_name);

	if (from < 0) {
		source_failed(c, it, from);
		return;
	}
	copy_opened(c, it, from);
	c->from->close(from);
}

void copy_input(struct copy *c, const struct copy_item *it)
{
	uint64_t failures = c->t->failures;

	copy_opened(c, it, -1);
	c->t->files += c->t->failures == failures;
}

/* A link or device to be created. */
struct special {
	struct copy *c;
	const struct copy_item *it;
	const char *target;
};

static void special_failed(struct copy *c, const struct copy_item *it, const char *kind,
			   long err)
{
	if (err == NAMES_REFUSED)
		copy_failed(c, it->path, err);
	else
		change_special_failed(c->t, it->path, "not copied", kind, err);
}

/* Set the metadata of the new file @name, which may be about to replace another one. */
static void set_meta(const struct special *s, const char *name)
{
	struct copy_item it = *s->it;

	it.temp = name;
	if (s->c->keep && strcmp(name, it.to_name))
		copy_meta_keep(s->c, &it, -1, -1);
	else
		copy_meta(s->c, &it, -1, -1);
}

static long make_symlink(void *data, int dir, const char *name)
{
	const struct special *s = data;
	long rc = s->c->to->symlink(s->target, dir, name);

	if (rc >= 0)
		set_meta(s, name);
	return rc;
}

static void copy_symlink(struct copy *c, const struct copy_item *it)
{
	const struct copy_place at = place_of(c, it);
	long rc = -ENOMEM;
	char *target = it->target ? strdup(it->target) :
		       entry_target(c->from, it->from_dir, it->from_name, it->stx->stx_size, &rc);

	if (!target) {
		source_failed(c, it, rc);
		return;
	}
	rc = copy_replace(&at, make_symlink, &(struct special){ c, it, target });
	free(target);
	if (rc < 0)
		special_failed(c, it, "symbolic link", rc);
}

/* Pass the mode to mknod(): in the sandbox only root can change it later by name. */
static long make_node(void *data, int dir, const char *name)
{
	const struct special *s = data;
	const struct lkl_statx *stx = s->it->stx;
	long rc = s->c->to->mknod(dir, name, stx->stx_mode & (LKL_S_IFMT | 01777),
				  stx->stx_rdev_major, stx->stx_rdev_minor);

	if (rc >= 0)
		set_meta(s, name);
	return rc;
}

static void copy_special(struct copy *c, const struct copy_item *it)
{
	const struct copy_place at = place_of(c, it);
	long rc = copy_replace(&at, make_node, &(struct special){ c, it, NULL });

	if (rc == -EPERM && !c->can_mknod)
		tool_path_error(c->t, it->path, "not copied: only root can make a %s device",
			   format_type(it->stx->stx_mode));
	else if (rc < 0)
		special_failed(c, it, format_type(it->stx->stx_mode), rc);
}

static long make_link(void *data, int dir, const char *name)
{
	const struct special *s = data;

	return s->c->to->link(s->c->base, s->target, dir, name);
}

/* If @it is another name of a file copied before, link it: true, even after a failure. */
static bool copy_link(struct copy *c, const struct copy_item *it)
{
	const char *first = links_find(c->t, &c->links, it->stx, it->to_path);
	const struct copy_place at = place_of(c, it);
	long rc;

	if (!first)
		return false;
	rc = copy_replace(&at, make_link, &(struct special){ c, it, first });
	if (rc < 0)
		special_failed(c, it, "hard link", rc);
	return true;
}

static bool is_device(const struct lkl_statx *stx)
{
	unsigned int type = stx->stx_mode & LKL_S_IFMT;

	return type == LKL_S_IFCHR || type == LKL_S_IFBLK;
}

static void copy_one(struct copy *c, const struct copy_item *it)
{
	c->refused = false;
	if (it->stx->stx_nlink > 1 && copy_link(c, it))
		c->refused = false;	/* the first name was copied: do not forget it */
	else if ((it->stx->stx_mode & LKL_S_IFMT) == LKL_S_IFREG)
		copy_regular(c, it);
	else if ((it->stx->stx_mode & LKL_S_IFMT) == LKL_S_IFLNK)
		copy_symlink(c, it);
	else if (!c->no_devices || !is_device(it->stx))
		copy_special(c, it);
	if (c->refused)
		links_forget(&c->links, it->stx);
}

void copy_file(struct copy *c, const struct copy_item *given)
{
	uint64_t failures = c->t->failures;
	struct lkl_statx stx = *given->stx;
	struct copy_item it = *given;
	char *target;
	long rc = ntfs_special(c->from, it.from_dir, it.from_name, &stx, &target);

	it.stx = &stx;
	it.target = target;
	if (rc == NTFS_UNREADABLE)
		tool_failed(c->t, it.path, "not copied: " NTFS_UNREADABLE_WHY, rc);
	else if (rc < 0)
		source_failed(c, &it, rc);
	else
		copy_one(c, &it);
	free(target);
	c->t->files += c->t->failures == failures;
	progress_show(c->t);
}
