// SPDX-License-Identifier: GPL-2.0
/*
 * tar-out.c - anyfs tar-out: write a file or tree as a tar archive to standard output
 *
 * The format is pax, which has times in nanoseconds, names and sizes of any length, extended
 * attributes, ACLs and holes.  Owners are numbers only: names would be looked up on the
 * machine that unpacks the archive.
 */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "archive-acl.h"
#include "file-flags.h"
#include "glob.h"
#include "hfs-forks.h"
#include "holes.h"
#include "image-path.h"
#include "links.h"
#include "messages.h"
#include "ntfs-special.h"
#include "ntfs-streams.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "tar-out.h"
#include "tar-verbs.h"
#include "walk.h"
#include "whiteout.h"
#include "xattr.h"

/* The flags of chattr(1) that users set; tar has names for them. */
#define FLAGS		(LKL_STATX_ATTR_IMMUTABLE | LKL_STATX_ATTR_APPEND | LKL_STATX_ATTR_NODUMP)

const char *tar_out_reason(struct archive *a)
{
	int err = archive_errno(a);

	return err > 0 ? strerror(err) : archive_error_string(a);
}

void tar_out_failed(struct tar_out *out)
{
	if (archive_errno(out->archive) == EPIPE && !out->abandon)
		tool_output_failed(out->t, EPIPE);
	tool_error(out->t, "%s: %s; the archive is not complete", out->name,
		   tar_out_reason(out->archive));
	if (out->abandon)
		out->abandon(out);
	tool_finish(out->t);
}

static void write_data(struct tar_out *out, size_t len)
{
	if (archive_write_data(out->archive, out->buf, len) < 0)
		tar_out_failed(out);
	out->t->bytes += len;
	progress_show(out->t);
}

/* Write zeros for unreadable data: the header with the size is already written. */
static void write_zeros(struct tar_out *out, uint64_t len)
{
	memset(out->buf, 0, TAR_OUT_BUFFER);
	while (len) {
		size_t n = len < TAR_OUT_BUFFER ? len : TAR_OUT_BUFFER;

		write_data(out, n);
		len -= n;
	}
}

static void write_range(struct tar_out *out, int fd, const char *path, uint64_t off,
			uint64_t end)
{
	while (off < end) {
		size_t want = end - off < TAR_OUT_BUFFER ? end - off : TAR_OUT_BUFFER;
		long n = side_image.pread(fd, out->buf, want, off);

		if (n <= 0) {
			tool_not_done(out->t, path, "zeros in the archive from here on",
				      n < 0 ? n : -EIO);
			write_zeros(out, end - off);
			return;
		}
		write_data(out, n);
		off += n;
	}
}

/* Add the extents that SEEK_DATA and SEEK_HOLE report.  Returns the end of the last one. */
static uint64_t add_extents(struct archive_entry *entry, int fd, uint64_t size)
{
	uint64_t off = 0;

	while (off < size) {
		int64_t data = side_image.seek(fd, off, LKL_SEEK_DATA), hole;

		if (data < 0)
			break;
		hole = side_image.seek(fd, data, LKL_SEEK_HOLE);
		if (hole <= data || (uint64_t)hole > size)
			hole = size;
		archive_entry_sparse_add_entry(entry, data, hole - data);
		off = hole;
	}
	return off;
}

/* Add extents for everything except blocks of zeros.  Returns the end of the last extent. */
static uint64_t add_nonzero(struct tar_out *out, struct archive_entry *entry, int fd,
			    uint64_t size)
{
	uint64_t off = 0, begin = 0, end = 0;
	long n;

	while (off < size && (n = side_image.pread(fd, out->buf, TAR_OUT_BUFFER, off)) > 0) {
		for (long at = 0; at < n;) {
			bool zero;
			size_t run = holes_run(out->buf + at, n - at, &zero);

			if (!zero && off + at > end) {
				if (end > begin)
					archive_entry_sparse_add_entry(entry, begin, end - begin);
				begin = off + at;
			}
			if (!zero)
				end = off + at + run;
			at += run;
		}
		off += n;
	}
	/* The rest cannot be read; writing the content reports that. */
	if (off < size)
		end = size;
	if (end > begin)
		archive_entry_sparse_add_entry(entry, begin, end - begin);
	return end;
}

/* Add the map of data and holes to @entry. */
static void add_sparse(struct tar_out *out, struct archive_entry *entry, int fd,
		       const struct lkl_statx *stx)
{
	uint64_t end = holes_unreported(&side_image, fd, stx) ?
		       add_nonzero(out, entry, fd, stx->stx_size) :
		       add_extents(entry, fd, stx->stx_size);

	/* A hole at the end of the file must be followed by an extent of length 0. */
	if (end < stx->stx_size)
		archive_entry_sparse_add_entry(entry, stx->stx_size, 0);
}

/* Write the content, including the bytes of holes, which libarchive leaves out. */
static void write_contents(struct tar_out *out, struct archive_entry *entry, int fd,
			   const char *path, uint64_t size)
{
	la_int64_t data, len;
	uint64_t off = 0;

	if (!archive_entry_sparse_reset(entry)) {
		write_range(out, fd, path, 0, size);
		return;
	}
	while (archive_entry_sparse_next(entry, &data, &len) == ARCHIVE_OK) {
		write_zeros(out, data - off);
		write_range(out, fd, path, data, data + len);
		off = data + len;
	}
	write_zeros(out, size - off);
}

struct xattr_adder {
	struct tool *t;
	struct archive_entry *entry;
	bool bad_acl;
};

static long add_xattr(void *data, const char *key, const void *value, size_t len)
{
	struct xattr_adder *x = data;
	int type;

	if (!acl_is_key(key, &type))
		archive_entry_xattr_add_entry(x->entry, key, value, len);
	else if (acl_to_entry(x->t, x->entry, type, value, len))
		x->bad_acl = true;
	return 0;
}

static void add_xattrs(struct tar_out *out, struct archive_entry *entry,
		       const struct side_file *f, const char *path)
{
	struct xattr_adder x = { .t = out->t, .entry = entry };
	long rc = out->no_xattrs ? 0 : xattr_each(&side_image, f, add_xattr, &x);

	if (rc < 0)
		tool_not_done(out->t, path, "attributes not archived", rc);
	if (x.bad_acl)
		tool_path_error(out->t, path, "ACL not archived: it is damaged");
}

static void fill_entry(const struct tar_out *out, struct archive_entry *entry,
		       const struct lkl_statx *stx, const char *name)
{
	archive_entry_copy_pathname(entry, name);
	archive_entry_set_mode(entry, stx->stx_mode);
	archive_entry_set_uid(entry, out->no_owner ? 0 : stx->stx_uid);
	archive_entry_set_gid(entry, out->no_owner ? 0 : stx->stx_gid);
	if (stx->stx_mtime.tv_sec < out->latest)
		archive_entry_set_mtime(entry, stx->stx_mtime.tv_sec, stx->stx_mtime.tv_nsec);
	else
		archive_entry_set_mtime(entry, out->latest, 0);
	if (!out->layer)
		archive_entry_set_atime(entry, stx->stx_atime.tv_sec, stx->stx_atime.tv_nsec);
	archive_entry_set_rdevmajor(entry, stx->stx_rdev_major);
	archive_entry_set_rdevminor(entry, stx->stx_rdev_minor);
	archive_entry_set_fflags(entry, stx->stx_attributes & FLAGS, 0);
	archive_entry_set_size(entry, (stx->stx_mode & LKL_S_IFMT) == LKL_S_IFREG ?
			       stx->stx_size : 0);
}

/* Report the metadata that the archive cannot hold. */
static void report_losses(struct tar_out *out, const struct side_file *f, const char *path,
			  const struct lkl_statx *stx)
{
	static const char hint[] = " (--no-xattrs leaves them out)";
	struct file_flags ff;

	file_flags_get(&side_image, f, stx, &ff);
	if (ff.project && !out->no_owner)
		lost_project(out->t, &out->lost, path);
	lost_set_flags(&out->lost, ff.flags);
	if (!out->no_xattrs)
		ntfs_report_streams(out->t, f, stx, path, "not archived", hint);
	hfs_report_forks(out->t, f, stx, path, "not archived", out->no_xattrs ? NULL : hint);
}

/* Write the header.  If the entry cannot be archived, prints a message and returns false. */
static bool write_header(struct tar_out *out, struct archive_entry *entry, const char *path)
{
	int rc = archive_write_header(out->archive, entry);
	const char *text = archive_error_string(out->archive);

	if (rc == ARCHIVE_FATAL)
		tar_out_failed(out);
	/* libarchive warns about names that are not UTF-8, and writes them as bytes. */
	if (rc == ARCHIVE_OK || (rc == ARCHIVE_WARN && text && strstr(text, "translat")))
		return true;
	if (rc == ARCHIVE_WARN)
		tool_path_error(out->t, path, "%s", text);
	else
		tool_path_error(out->t, path, "not archived: %s", text);
	return rc == ARCHIVE_WARN;
}

/* False after a message, if the file was not archived. */
static bool archive_regular(struct tar_out *out, struct archive_entry *entry,
			    const struct side_file *f, const char *path,
			    const struct lkl_statx *stx)
{
	long fd = side_image.open_file(f->dir, f->name);
	bool done;

	if (fd < 0) {
		tool_not_done(out->t, path, "not archived", fd);
		return false;
	}
	if (holes_possible(stx))
		add_sparse(out, entry, fd, stx);
	done = write_header(out, entry, path);
	if (done)
		write_contents(out, entry, fd, path, stx->stx_size);
	side_image.close(fd);
	return done;
}

/* False after a message, if the link was not archived. */
static bool archive_symlink(struct tar_out *out, struct archive_entry *entry,
			    const struct side_file *f, const char *path,
			    const struct lkl_statx *stx, const char *known_target)
{
	long err = -ENOMEM;
	char *target = known_target ? strdup(known_target) :
		       entry_target(&side_image, f->dir, f->name, stx->stx_size, &err);
	bool done;

	if (!target) {
		tool_not_done(out->t, path, "not archived", err);
		return false;
	}
	archive_entry_copy_symlink(entry, target);
	done = write_header(out, entry, path);
	free(target);
	return done;
}

/* Archive @f as @name; @target is the text of a symbolic link, or NULL to read it. */
static void archive_entry(struct tar_out *out, const struct side_file *f, const char *name,
			  const char *path, const struct lkl_statx *stx, const char *target)
{
	unsigned int type = stx->stx_mode & LKL_S_IFMT;
	struct archive_entry *entry = archive_entry_new();
	const char *first = NULL;
	bool done = false;

	if (!entry)
		tool_no_memory(out->t);
	fill_entry(out, entry, stx, name);
	if (type != LKL_S_IFDIR && stx->stx_nlink > 1)
		first = links_find(out->t, &out->links, stx, name);
	if (first) {
		archive_entry_set_size(entry, 0);
		archive_entry_copy_hardlink(entry, first);
	} else {
		add_xattrs(out, entry, f, path);
		report_losses(out, f, path, stx);
	}
	if (!first && type == LKL_S_IFREG)
		done = archive_regular(out, entry, f, path, stx);
	else if (!first && type == LKL_S_IFLNK)
		done = archive_symlink(out, entry, f, path, stx, target);
	else if (type == LKL_S_IFSOCK)
		tool_path_error(out->t, path, "not archived: tar has no sockets");
	else
		done = write_header(out, entry, path);
	archive_entry_free(entry);
	out->t->files += done;
	progress_show(out->t);
}

static void archive_file(struct tar_out *out, const struct side_file *f, const char *name,
			 const char *path)
{
	struct lkl_statx stx;
	char *target;
	long rc = side_image.stat(f->dir, f->name, &stx);

	if (rc < 0) {
		tool_not_done(out->t, path, "not archived", rc);
		return;
	}
	if (out->layer && tar_is_whiteout(name)) {
		tool_path_error(out->t, path, "not archived: in a layer the name would delete a file");
		return;
	}
	rc = ntfs_special(&side_image, f->dir, f->name, &stx, &target);
	if (rc == NTFS_UNREADABLE)
		tool_failed(out->t, path, "not archived: " NTFS_UNREADABLE_WHY, rc);
	else if (rc < 0)
		tool_not_done(out->t, path, "not archived", rc);
	else
		archive_entry(out, f, name, path, &stx, target);
	free(target);
}

static int enter_dir(void *data, const struct walk_node *node)
{
	const struct side_file f = { .dir = node->fd, .name = ".", .fd = -1 };

	archive_file(data, &f, *node->below ? node->below : "./", node->path);
	return 0;
}

static void visit_file(void *data, const struct walk_node *node)
{
	const struct side_file f = { .dir = node->dirfd, .name = node->name, .fd = -1 };

	archive_file(data, &f, node->below, node->path);
}

void tar_out_path(struct tar_out *out, const char *path)
{
	static const struct walk_ops ops = { .enter_dir = enter_dir, .visit_file = visit_file };
	int fd = anyfs_image_openat(out->t->image, path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	struct side_file f = { .fd = -1 };
	char *name;

	if (fd >= 0) {
		walk_tree(out->t, &side_image, path, fd, &ops, out);
		return;
	}
	if (fd != -ENOTDIR && fd != -ELOOP) {
		tool_error(out->t, "%s", anyfs_strerror_last());
		return;
	}
	f.dir = tool_locate(out->t, path, &name);
	if (f.dir < 0)
		return;
	f.name = name;
	archive_file(out, &f, name, path);
	lkl_sys_close(f.dir);
	free(name);
}

void tar_out_begin(struct tar_out *out)
{
	out->buf = tool_alloc(out->t, TAR_OUT_BUFFER);
	out->archive = archive_write_new();
	if (!out->archive)
		tool_no_memory(out->t);
	/* Write attributes only in the form that GNU tar reads too. */
	if (archive_write_set_format_pax(out->archive) ||
	    archive_write_set_format_option(out->archive, "pax", "xattrheader", "SCHILY") ||
	    archive_write_set_bytes_per_block(out->archive, TAR_OUT_BUFFER) ||
	    archive_write_set_bytes_in_last_block(out->archive, TAR_RECORD))
		tar_out_failed(out);
}

void tar_out_end(struct tar_out *out)
{
	lost_report(out->t, &out->lost, " (--no-owner leaves them out)");
	/* Nothing was archived: exit without output, which would be a valid empty archive. */
	if (!out->t->files)
		archive_write_fail(out->archive);
	else if (archive_write_close(out->archive))
		tar_out_failed(out);
	archive_write_free(out->archive);
	free(out->buf);
}

void tar_out_option(struct tar_out *out, int c)
{
	out->no_owner |= c == OPT_NO_OWNER;
	out->no_xattrs |= c == OPT_NO_XATTRS;
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = { TAR_OUT_OPTIONS, TOOL_LONG_OPTIONS };
	struct tar_out out = { .t = t, .name = "standard output", .latest = INT64_MAX };
	char *path;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1)
		tar_out_option(&out, c);
	tool_need_args(t, argc, 2, 2);
	if (isatty(STDOUT_FILENO))
		tool_usage(t, "standard output is a terminal: redirect the archive with >");
	/* libarchive converts names, which are UTF-8 in archives, from the locale's charset. */
	setlocale(LC_CTYPE, "C.UTF-8");
	tool_open(t, argv[optind]);
	path = tool_expand_one(t, argv[optind + 1]);
	if (!path)
		return 0;
	tar_out_begin(&out);
	if (archive_write_open_fd(out.archive, STDOUT_FILENO))
		tar_out_failed(&out);
	progress_begin();
	tar_out_path(&out, path);
	tar_out_end(&out);
	free(path);
	return 0;
}

const struct verb verb_tar_out = {
	.name = "tar-out",
	.args = "[--no-owner] [--no-xattrs] IMAGE PATH >TAR",
	.summary = TAR_OUT_SUMMARY,
	.help = "The format is pax; owners, modes, times, links, devices, holes, extended attributes\n"
		"and ACLs are kept.  Names are relative to PATH.\n\n"
		TAR_OUT_HELP,
	.has_progress = true,
	.run = run,
};
