// SPDX-License-Identifier: GPL-2.0
/*
 * copy-meta.c - copy owner, project id, extended attributes, mode and times
 *
 * The order matters: chown() clears set-id bits and capabilities, user attributes need a
 * writable file, chmod() would change an ACL, and every other change updates the times.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "copy.h"
#include "hfs-forks.h"
#include "messages.h"
#include "ntfs-streams.h"
#include "run.h"
#include "selinux-labels.h"
#include "times.h"
#include "xattr.h"
#include <lkl/linux/fs.h>

/*
 * Owner, attributes and mode come from the source or, with copy.keep, from the replaced
 * file, which is on the same side as the new one.
 */
struct meta {
	struct copy *c;
	const struct copy_item *it;
	const struct side *side;	/* side of @from */
	struct side_file from;		/* name NULL: the source has no attributes to copy */
	const struct lkl_statx *stx;	/* attributes of @from */
	bool replaced;			/* @from is the replaced file, not the source */
	struct side_file to;		/* the new file */
	bool acls;			/* this pass copies only ACLs; else all other attributes */
	bool acls_seen;			/* @from has ACLs */
};

const char *copy_hint(const struct copy *c, const char *hint)
{
	return c->from->is_image && c->to->is_image ? "" : hint;
}

/* Set the owner.  True if it is now that of m->stx. */
static bool copy_owner(struct meta *m)
{
	struct copy *c = m->c;
	uint32_t uid = m->stx->stx_uid, gid = m->stx->stx_gid;
	long rc;

	if (c->owner == COPY_OWNER_MINE)
		return uid == geteuid() && gid == getegid();
	if (c->owner == COPY_OWNER_SET && (!m->replaced || c->owner_given)) {
		uid = c->uid;
		gid = c->gid;
	}
	rc = c->to->chown(&m->to, uid, gid);
	if (rc == -EPERM || rc == -EINVAL || rc == -EOPNOTSUPP)
		c->lost_owners++;	/* a file system without owners */
	else if (rc < 0)
		copy_failed(c, m->it->path, rc);
	return rc >= 0 && uid == m->stx->stx_uid && gid == m->stx->stx_gid;
}

/* Whether the attribute is a signature of the content, which is invalid for new content. */
static bool signs_content(const char *key)
{
	return !strcmp(key, "security.ima") || !strcmp(key, "security.evm");
}

/*
 * Security labels belong to one machine's policy, and only root may set security and trusted
 * attributes.  If they cannot be set, one note reports their number instead of a line each.
 */
static bool needs_no_message(const struct copy *c, const char *key)
{
	return !strncmp(key, "security.", 9) ||
	       (!c->to->is_image && !c->can_mknod && !strncmp(key, "trusted.", 8));
}

static long copy_xattr(void *data, const char *key, const void *value, size_t len)
{
	struct meta *m = data;
	bool acl = !strncmp(key, "system.posix_acl_", 17);
	char *what;
	long rc;

	m->acls_seen |= acl;
	if (acl != m->acls || (m->replaced && signs_content(key)))
		return 0;
	rc = m->c->to->setxattr(&m->to, key, value, len);
	if (rc >= 0)
		return 0;
	if (needs_no_message(m->c, key)) {
		m->c->lost_xattrs++;
		return 0;
	}
	if (asprintf(&what, "attribute %s not kept%s", key,
		     copy_hint(m->c, " (--no-xattrs leaves it out)")) < 0)
		tool_no_memory(m->c->t);
	tool_not_done(m->c->t, m->it->path, what, rc);
	free(what);
	return 0;
}

static void copy_xattrs(struct meta *m, bool acls)
{
	long rc;

	m->acls = acls;
	rc = xattr_each(m->side, &m->from, copy_xattr, m);
	if (rc < 0)
		tool_not_done(m->c->t, m->it->path, "some attributes not kept", rc);
}

/* Copy the project id and the flags of chattr(1), except those that copy_flags() sets. */
static void copy_file_flags(struct meta *m)
{
	struct copy *c = m->c;
	struct file_flags ff;
	bool can_set = c->to->is_image && m->to.fd >= 0;

	file_flags_get(m->side, &m->from, m->stx, &ff);
	if (ff.project && !c->no_project) {
		if (!can_set || file_flags_set_project(m->to.fd, &ff) < 0)
			lost_project(c->t, &c->lost, m->it->path);
		else if (ff.inherits)
			ff.flags &= ~LKL_FS_PROJINHERIT_FL;
	}
	if (ff.flags && can_set)
		ff.flags = file_flags_set(m->to.fd, ff.flags);
	if (!c->no_flags)
		lost_set_flags(&c->lost, ff.flags);
}

/* The mode of --mode; in a directory, x is added wherever r is set. */
static unsigned int given_mode(const struct copy *c, unsigned int type)
{
	unsigned int mode = c->mode;

	return type == LKL_S_IFDIR ? mode | (mode & 0444) >> 2 : mode;
}

static bool has_mode(struct copy *c, const struct side_file *to, unsigned int mode)
{
	struct lkl_statx stx;

	return c->to->stat(to->dir, to->name, &stx) >= 0 && (stx.stx_mode & 07777) == mode;
}

static void copy_mode(struct meta *m, bool owned)
{
	unsigned int type = m->stx->stx_mode & LKL_S_IFMT;
	unsigned int mode = m->stx->stx_mode & 07777;
	struct copy *c = m->c;
	long rc;

	if (type == LKL_S_IFLNK)
		return;
	if (c->mode >= 0) {
		mode = given_mode(c, type);
	} else if (!owned && (mode & (S_ISUID | S_ISGID))) {
		/* With another owner, set-id bits would grant the rights of that owner. */
		mode &= ~(S_ISUID | S_ISGID);
		c->lost_modes++;
	}
	rc = c->to->chmod(&m->to, mode);
	if (rc < 0 && !(rc == -EPERM && m->to.fd < 0 && has_mode(c, &m->to, mode)))
		copy_failed(c, m->it->path, rc);
}

/*
 * Take the times from the source, even with copy.keep.  If SOURCE_DATE_EPOCH is set, the access
 * time is not stored, because it depends on other programs.
 */
static void copy_times(struct meta *m)
{
	const struct lkl_statx *stx = m->it->stx;
	struct timespec times[2] = {
		{ stx->stx_atime.tv_sec, stx->stx_atime.tv_nsec },
		{ stx->stx_mtime.tv_sec, stx->stx_mtime.tv_nsec },
	};
	long rc;

	if (tool_is_reproducible())
		times[0].tv_nsec = UTIME_OMIT;

	if (!(stx->stx_mask & LKL_STATX_MTIME))
		return;
	rc = times_set(m->c->to, &m->to, times);
	if (rc == TIMES_OUT_OF_RANGE)
		tool_failed(m->c->t, m->it->path, "time not kept: " TIMES_WHY, rc);
	else if (rc < 0)
		copy_failed(m->c, m->it->path, rc);
}

/* Set the context of --selinux. */
static void set_context(struct meta *m)
{
	const char *context = m->c->selinux;
	long rc = m->c->to->setxattr(&m->to, "security.selinux", context, strlen(context) + 1);

	if (rc < 0)
		tool_not_done(m->c->t, m->it->path, "SELinux context not set", rc);
}

/* The new file, which has no descriptor (@fd is -1) if it is a link or device. */
static struct side_file new_file(const struct copy_item *it, int fd)
{
	return (struct side_file){
		.dir = it->to_dir, .name = it->temp ? it->temp : it->to_name, .fd = fd,
	};
}

void copy_label(struct copy *c, const struct copy_item *it, int fd)
{
	const struct side_file to = new_file(it, fd);
	long rc = c->labels ? selinux_set(c->labels, &to, it->to_path, it->stx->stx_mode) : 0;

	if (rc < 0)
		tool_not_done(c->t, it->path, "SELinux context not set", rc);
}

static void copy_all(struct meta *m)
{
	bool owned = copy_owner(m);

	if (m->from.name)
		copy_file_flags(m);
	if (m->from.name && (m->replaced || !m->c->no_xattrs))
		copy_xattrs(m, false);
	if (m->c->selinux)
		set_context(m);
	copy_label(m->c, m->it, m->to.fd);
	copy_mode(m, owned);
	if (m->acls_seen && m->c->mode < 0)
		copy_xattrs(m, true);
	copy_times(m);
}

/* Report NTFS streams and HFS resource forks, which the kernel does not show. */
static void report_streams(struct copy *c, const struct copy_item *it)
{
	const struct side_file f = { .dir = it->from_dir, .name = it->from_name, .fd = -1 };
	const char *hint = copy_hint(c, " (--no-xattrs leaves them out)");

	if (!it->from_name || !c->from->is_image)
		return;
	if (!c->no_xattrs)
		ntfs_report_streams(c->t, &f, it->stx, it->path, "not kept", hint);
	hfs_report_forks(c->t, &f, it->stx, it->path, "not kept", c->no_xattrs ? NULL : hint);
}

void copy_meta(struct copy *c, const struct copy_item *it, int from, int to)
{
	struct meta m = {
		.c = c, .it = it, .side = c->from, .stx = it->stx,
		.from = { .dir = it->from_dir, .name = it->from_name, .fd = from },
		.to = new_file(it, to),
	};

	copy_all(&m);
	report_streams(c, it);
}

void copy_meta_keep(struct copy *c, const struct copy_item *it, int from, int to)
{
	struct lkl_statx old;
	struct meta m = {
		.c = c, .it = it, .side = c->to, .stx = &old, .replaced = true,
		.from = { .dir = it->to_dir, .name = it->to_name, .fd = -1 },
		.to = new_file(it, to),
	};

	if (c->to->stat(it->to_dir, it->to_name, &old) < 0 ||
	    (old.stx_mode & LKL_S_IFMT) != (it->stx->stx_mode & LKL_S_IFMT)) {
		copy_meta(c, it, from, to);
		return;
	}
	if ((old.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR)
		m.from.name = NULL;	/* the existing directory keeps its attributes */
	copy_all(&m);
	report_streams(c, it);
}
