// SPDX-License-Identifier: GPL-2.0
/*
 * tar-meta.c - set owner, extended attributes, mode and times from the archive
 *
 * The order matters, see copy-meta.c.  Users and groups are set by number, because the names
 * are those of the machine that wrote the archive.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "acl.h"
#include "archive-acl.h"
#include "change.h"
#include "messages.h"
#include "selinux-labels.h"
#include "side.h"
#include "tar-in.h"
#include "times.h"
#include "xattr.h"

/* The entry whose metadata is being set. */
struct setting {
	struct tar_in *in;
	struct archive_entry *entry;
	const char *path;
	struct side_file f;
};

static void set_owner(struct setting *s)
{
	struct owner o = { archive_entry_uid(s->entry), archive_entry_gid(s->entry) };
	long rc;

	if (s->in->sets_owner)
		o = s->in->owner;
	rc = side_image.chown(&s->f, o.uid, o.gid);
	if (rc == -EPERM || rc == -EINVAL || rc == -EOPNOTSUPP)
		s->in->lost_owners++;	/* a file system without owners */
	else if (rc < 0)
		tar_failed(s->in, s->path, rc);
}

static void set_xattr(struct tar_in *in, const char *path, const struct side_file *f,
		      const char *key, const void *value, size_t len)
{
	long rc = side_image.setxattr(f, key, value, len);

	if (rc < 0)
		change_failed(in->t, path, key, rc);
}

static long remove_xattr(void *data, const char *key, const void *value, size_t len)
{
	const struct setting *s = data;

	(void)value;
	(void)len;
	return !strncmp(key, "user.", 5) || !strncmp(key, "trusted.", 8) ||
	       !strncmp(key, "security.", 9) || !strncmp(key, "system.posix_acl_", 17) ?
	       side_image.removexattr(&s->f, key) : 0;
}

/* Remove the attributes that a lower layer has set on this directory. */
static void clear_xattrs(struct setting *s)
{
	long rc = s->in->no_xattrs || archive_entry_filetype(s->entry) != AE_IFDIR ? 0 :
		  xattr_each(&side_image, &s->f, remove_xattr, s);

	if (rc < 0)
		tool_not_done(s->in->t, s->path, "attributes of a lower layer not removed", rc);
}

/* Set all extended attributes except ACLs, which are set after the mode. */
static void set_xattrs(struct setting *s)
{
	const char *key;
	const void *value;
	size_t len;
	int type;

	if (s->in->no_xattrs)
		return;
	archive_entry_xattr_reset(s->entry);
	while (archive_entry_xattr_next(s->entry, &key, &value, &len) == ARCHIVE_OK)
		if (!acl_is_key(key, &type))
			set_xattr(s->in, s->path, &s->f, key, value, len);
}

/*
 * The ACL of @type as an attribute's value, to be freed, or NULL.  The archive stores an ACL as
 * such a value or as text.
 */
static void *get_acl(struct setting *s, int type, size_t *len)
{
	const char *key, *what;
	const void *value;
	void *copy;
	int found;

	if (s->in->no_xattrs)
		return NULL;
	archive_entry_xattr_reset(s->entry);
	while (archive_entry_xattr_next(s->entry, &key, &value, len) == ARCHIVE_OK) {
		if (!acl_is_key(key, &found) || found != type || !*len)
			continue;
		copy = tool_alloc(s->in->t, *len);
		return memcpy(copy, value, *len);
	}
	if (!(archive_entry_acl_types(s->entry) & type))
		return NULL;
	copy = acl_from_entry(s->in->t, s->in->base, s->entry, type, len, &what);
	if (!copy)
		tool_path_error(s->in->t, s->path, "only partly extracted: %s", what);
	if (copy && *len)
		return copy;
	free(copy);
	return NULL;
}

static void set_access_acl(struct setting *s)
{
	size_t len;
	void *value = get_acl(s, ARCHIVE_ENTRY_ACL_TYPE_ACCESS, &len);

	if (value)
		set_xattr(s->in, s->path, &s->f, ACL_KEY, value, len);
	free(value);
}

static void set_label(struct setting *s)
{
	long rc = selinux_set(s->in->labels, &s->f, s->path, archive_entry_filetype(s->entry));

	if (rc < 0)
		change_failed(s->in->t, s->path, "SELinux context not set", rc);
}

static void set_mode(struct setting *s)
{
	long rc;

	if (archive_entry_filetype(s->entry) == AE_IFLNK)
		return;
	rc = side_image.chmod(&s->f, archive_entry_perm(s->entry));
	if (rc < 0)
		tar_failed(s->in, s->path, rc);
}

static void get_times(struct archive_entry *entry, struct timespec times[2])
{
	times[0] = (struct timespec){ .tv_nsec = UTIME_OMIT };
	times[1] = (struct timespec){ .tv_nsec = UTIME_OMIT };
	if (archive_entry_atime_is_set(entry))
		times[0] = (struct timespec){ archive_entry_atime(entry),
					      archive_entry_atime_nsec(entry) };
	if (archive_entry_mtime_is_set(entry))
		times[1] = (struct timespec){ archive_entry_mtime(entry),
					      archive_entry_mtime_nsec(entry) };
}

static void remember_dir(struct setting *s)
{
	struct tar_in *in = s->in;
	struct tar_dir *dir;

	if (!(in->nr_dirs & (in->nr_dirs - 1))) {
		size_t more = in->nr_dirs ? in->nr_dirs * 2 : 1;

		in->dirs = realloc(in->dirs, more * sizeof(*in->dirs));
		if (!in->dirs)
			tool_no_memory(in->t);
	}
	dir = &in->dirs[in->nr_dirs++];
	dir->path = strdup(s->path);
	if (!dir->path)
		tool_no_memory(in->t);
	get_times(s->entry, dir->times);
	dir->acl = get_acl(s, ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, &dir->acl_len);
}

static void set_times(struct setting *s)
{
	struct timespec times[2];
	long rc;

	get_times(s->entry, times);
	rc = times_set(&side_image, &s->f, times);
	if (rc == TIMES_OUT_OF_RANGE)
		tool_failed(s->in->t, s->path, "time not kept: " TIMES_WHY, rc);
	else if (rc < 0)
		tar_failed(s->in, s->path, rc);
}

/*
 * Flags of chattr(1) are not set, only reported: an immutable file can no longer be changed or
 * linked, so setting the flags would have to wait for the end of the archive.
 */
static void report_flags(struct setting *s)
{
	unsigned long set, clear;

	archive_entry_fflags(s->entry, &set, &clear);
	if (set && !s->in->no_flags)
		tool_error(s->in->t, "%s: flags not kept: %s (--no-flags leaves them out)",
			   s->path, archive_entry_fflags_text(s->entry));
}

void tar_meta(struct tar_in *in, struct archive_entry *entry, const struct tar_place *place,
	      int fd)
{
	struct setting s = {
		.in = in, .entry = entry, .path = place->path,
		.f = { .dir = place->dir, .name = place->name, .fd = fd },
	};

	report_flags(&s);
	if (in->layers && fd >= 0)
		clear_xattrs(&s);
	set_owner(&s);
	set_xattrs(&s);
	if (in->labels)
		set_label(&s);
	set_mode(&s);
	set_access_acl(&s);
	if (archive_entry_filetype(entry) == AE_IFDIR)
		remember_dir(&s);
	else
		set_times(&s);
}

static void forget_dir(struct tar_dir *dir)
{
	free(dir->acl);
	free(dir->path);
	*dir = (struct tar_dir){ 0 };
}

static void end_dir(struct tar_in *in, struct tar_dir *dir)
{
	struct side_file f;
	const char *path;
	long rc;

	if (!dir->path)
		return;
	path = *dir->path ? dir->path : ".";
	f = (struct side_file){ .fd = tar_open_dir(in, dir->path, LKL_O_RDONLY) };
	rc = f.fd;
	if (rc >= 0) {
		if (dir->acl)
			set_xattr(in, path, &f, ACL_DEFAULT_KEY, dir->acl,
				  dir->acl_len);
		rc = times_set(&side_image, &f, dir->times);
		lkl_sys_close(f.fd);
	}
	/* A later entry may have replaced the directory, or the link that led to it. */
	if (rc == TIMES_OUT_OF_RANGE)
		tool_failed(in->t, path, "time not kept: " TIMES_WHY, rc);
	else if (rc < 0 && rc != -ENOTDIR && rc != -ENOENT && rc != -ELOOP)
		tool_not_done(in->t, path, "times not set", rc);
	forget_dir(dir);
}

void tar_meta_forget(struct tar_in *in, const char *path, bool only_below)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < in->nr_dirs; i++) {
		const char *dir = in->dirs[i].path;

		/* Everything is below the destination, whose path is empty. */
		if (dir && !strncmp(dir, path, len) &&
		    (dir[len] == '/' || (!len && *dir) || (!dir[len] && !only_below)))
			forget_dir(&in->dirs[i]);
	}
}

void tar_meta_end(struct tar_in *in)
{
	/* Of two entries for a directory the last one counts. */
	for (size_t i = 0; i < in->nr_dirs; i++)
		end_dir(in, &in->dirs[i]);
	free(in->dirs);
	if (in->lost_owners)
		tool_error(in->t, "owners of %llu files not kept: the file system does not support them; --no-owner leaves them out",
			   (unsigned long long)in->lost_owners);
}
