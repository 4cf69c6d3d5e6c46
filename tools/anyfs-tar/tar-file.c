// SPDX-License-Identifier: GPL-2.0
/*
 * tar-file.c - create one entry of an archive in the image
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"
#include "copy-new.h"
#include "holes.h"
#include "messages.h"
#include "output.h"
#include "signals.h"
#include "tar-in.h"

void tar_failed(struct tar_in *in, const char *path, long err)
{
	if (err == NAMES_REFUSED)
		names_report(in->t, &in->names, path, "not extracted");
	else
		change_failed(in->t, path, "not extracted", err);
}

static void special_failed(struct tar_in *in, const char *path, const char *kind, long err)
{
	if (err == NAMES_REFUSED)
		tar_failed(in, path, err);
	else
		change_special_failed(in->t, path, "not extracted", kind, err);
}

static struct copy_place copy_place_of(const struct tar_place *place)
{
	return (struct copy_place){ &side_image, place->dir, place->name, place->names };
}

static bool write_all(struct tar_in *in, int fd, const char *path, const char *buf, size_t len,
		      uint64_t off)
{
	while (len) {
		long n = side_image.pwrite(fd, buf, len, off);

		if (n <= 0) {
			tar_failed(in, path, n < 0 ? n : -EIO);
			return false;
		}
		buf += n;
		off += n;
		len -= n;
		in->t->bytes += n;
	}
	return true;
}

/* Write the blocks of data, and leave out the holes between them. */
static bool write_contents(struct tar_in *in, int fd, const char *path, uint64_t size)
{
	const void *buf;
	uint64_t end = 0;
	la_int64_t off;
	size_t len;
	long rc;
	int got;

	while ((got = archive_read_data_block(in->archive, &buf, &len, &off)) == ARCHIVE_OK) {
		if (!write_all(in, fd, path, buf, len, off))
			return false;
		end = off + len;
		progress_show(in->t);
		if (tool_stopping(in->t)) {
			tar_failed(in, path, -ECANCELED);
			return false;
		}
	}
	if (got != ARCHIVE_EOF) {
		tool_path_error(in->t, path, "not extracted: %s",
			   archive_error_string(in->archive));
		return false;
	}
	rc = end < size ? side_image.truncate(fd, size) : 0;
	if (rc < 0)
		tar_failed(in, path, rc);
	return rc >= 0;
}

static void make_regular(struct tar_in *in, struct archive_entry *entry,
			 const struct tar_place *place)
{
	const struct copy_place at = copy_place_of(place);
	uint64_t bytes = in->t->bytes;
	struct copy_new new;
	long fd = copy_new_begin(&new, &at), rc;
	bool done;

	if (fd < 0) {
		tar_failed(in, place->path, fd);
		return;
	}
	if (archive_entry_sparse_count(entry))
		holes_allow(&side_image, fd);
	done = write_contents(in, fd, place->path, archive_entry_size(entry));
	if (done)
		tar_meta(in, entry, place, fd);
	rc = copy_new_end(&new, done);
	if (rc < 0 && done)
		tar_failed(in, place->path, rc);
	if (rc < 0 || !done)
		in->t->bytes = bytes;
}

/*
 * An existing directory is kept, and so is a symbolic link to one, such as /bin on many
 * systems.  Any other existing file is replaced.
 */
static void make_directory(struct tar_in *in, struct archive_entry *entry,
			   const struct tar_place *place)
{
	const struct copy_place at = copy_place_of(place);
	long rc = *place->path ? tar_make_dir(in, &at, place->path, 0700) : -EEXIST, fd;

	if (rc == NAMES_REFUSED) {
		tar_failed(in, place->path, rc);
		return;
	}
	fd = tar_open_dir(in, place->path, LKL_O_RDONLY);
	if (rc == -EEXIST && (fd == -ENOTDIR || fd == -ENOENT)) {
		rc = copy_replace_by_dir(&at, 0700);
		if (rc >= 0)
			fd = tar_open_dir(in, place->path, LKL_O_RDONLY);
	}
	if (rc < 0 && rc != -EEXIST) {
		tar_failed(in, place->path, rc);
	} else if (fd < 0) {
		tar_failed(in, place->path, fd);
		return;
	} else {
		tar_meta(in, entry, place, fd);
	}
	if (fd >= 0)
		lkl_sys_close(fd);
}

static long make_link(void *data, int dir, const char *name)
{
	const struct tar_place *first = data;

	return side_image.link(first->dir, first->name, dir, name);
}

/* Report that the file @target, which the hard link @path refers to, cannot be linked. */
static void target_failed(struct tar_in *in, const char *path, const char *target, long err)
{
	const char *where = err == -EXDEV ? "outside of the destination" :
			    err == -ENOENT || err == -ENOTDIR ? "not in the destination" : NULL;
	char *shown = where ? escape_text(target, false) : NULL;
	char *reason;

	if (!where) {
		tar_failed(in, path, err);
		return;
	}
	if (!shown || asprintf(&reason, "not extracted: it is a hard link to \"%s\", which is %s",
			       shown, where) < 0)
		tool_no_memory(in->t);
	tool_failed(in->t, path, reason, err);
	free(reason);
	free(shown);
}

/* Find the file @target of a hard link.  The caller frees first->path on success. */
static long find_target(struct tar_in *in, const char *target, struct tar_place *first)
{
	struct lkl_statx stx;
	long rc = tar_place_find(in, target, first);

	if (rc >= 0)
		rc = side_image.stat(first->dir, first->name, &stx);
	/* If the target could not be created, its name may belong to another file: check that. */
	if (rc >= 0)
		rc = names_check(first->names, &side_image, first->dir, first->name);
	if (rc < 0) {
		free(first->path);
		first->path = NULL;
	}
	return rc;
}

static void make_hard_link(struct tar_in *in, struct archive_entry *entry,
			   const struct tar_place *place)
{
	const char *target = archive_entry_hardlink(entry);
	struct copy_place at = copy_place_of(place);
	struct tar_place first = { 0 };
	long rc;

	/* Finding the target may have closed the directory of the new name: open it again. */
	at.dir = lkl_sys_dup(place->dir);
	if (at.dir < 0) {
		tar_failed(in, place->path, at.dir);
		return;
	}
	rc = find_target(in, target, &first);
	if (rc < 0) {
		target_failed(in, place->path, target, rc);
	} else {
		rc = copy_replace(&at, make_link, &first);
		if (rc < 0)
			special_failed(in, place->path, "hard link", rc);
	}
	free(first.path);
	lkl_sys_close(at.dir);
}

static long create_special(void *data, int dir, const char *name)
{
	struct archive_entry *entry = data;
	const char *target = archive_entry_symlink(entry);

	if (archive_entry_filetype(entry) != AE_IFLNK)
		return side_image.mknod(dir, name, archive_entry_filetype(entry) | 0600,
					archive_entry_rdevmajor(entry),
					archive_entry_rdevminor(entry));
	return target ? side_image.symlink(target, dir, name) : -EINVAL;
}

/* Create a symbolic link, device or FIFO. */
static void make_special(struct tar_in *in, struct archive_entry *entry,
			 const struct tar_place *place)
{
	const struct copy_place at = copy_place_of(place);
	long rc = copy_replace(&at, create_special, entry);

	if (rc < 0)
		special_failed(in, place->path, format_type(archive_entry_filetype(entry)), rc);
	else
		tar_meta(in, entry, place, -1);
}

static void make_entry(struct tar_in *in, struct archive_entry *entry,
		       const struct tar_place *place)
{
	if (archive_entry_hardlink(entry)) {
		make_hard_link(in, entry, place);
		return;
	}
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		make_regular(in, entry, place);
		break;
	case AE_IFDIR:
		make_directory(in, entry, place);
		break;
	case AE_IFLNK:
	case AE_IFCHR:
	case AE_IFBLK:
	case AE_IFIFO:
		make_special(in, entry, place);
		break;
	default:
		tool_path_error(in->t, place->path, "not extracted: unknown file type");
	}
}

void tar_extract(struct tar_in *in, struct archive_entry *entry)
{
	const char *given = archive_entry_pathname(entry);
	uint64_t failures = in->t->failures;
	struct tar_place place = { 0 };
	long rc = given ? tar_place_find(in, given, &place) : -EINVAL;

	if (rc == -EXDEV && !place.path)
		tool_path_error(in->t, given, "not extracted: \"..\" would escape from the destination");
	else if (rc < 0)
		tar_failed(in, given ? given : "(no name)", rc);
	else if (!*place.path && archive_entry_filetype(entry) != AE_IFDIR)
		tar_failed(in, given, -EISDIR);
	else if (!in->layers || tar_layer_replace(in, entry, &place))
		make_entry(in, entry, &place);
	free(place.path);
	in->t->files += in->t->failures == failures;
	progress_show(in->t);
}
