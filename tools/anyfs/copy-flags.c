// SPDX-License-Identifier: GPL-2.0
/*
 * copy-flags.c - copy the flags of chattr(1) that users set: immutable, append-only, no dump
 *
 * Flags are set last, since an immutable file cannot be renamed.  They are not set on files
 * of the host, because the sandbox does not allow the ioctl().
 */
#include "copy.h"
#include "messages.h"
#include <lkl/linux/fs.h>

#define FLAGS	(LKL_FS_IMMUTABLE_FL | LKL_FS_APPEND_FL | LKL_FS_NODUMP_FL)

_Static_assert(LKL_STATX_ATTR_IMMUTABLE == LKL_FS_IMMUTABLE_FL &&
	       LKL_STATX_ATTR_APPEND == LKL_FS_APPEND_FL &&
	       LKL_STATX_ATTR_NODUMP == LKL_FS_NODUMP_FL, "statx() has the same bits");

static long set_flags(const struct copy *c, const struct copy_item *it, unsigned int flags)
{
	unsigned int old = 0;
	long fd, rc;

	if (!c->to->is_image)
		return -LKL_EOPNOTSUPP;
	fd = c->to->open_file(it->to_dir, it->to_name);
	if (fd < 0)
		return fd;
	rc = lkl_sys_ioctl(fd, LKL_FS_IOC_GETFLAGS, (unsigned long)&old);
	flags |= old;
	if (rc >= 0)
		rc = lkl_sys_ioctl(fd, LKL_FS_IOC_SETFLAGS, (unsigned long)&flags);
	c->to->close(fd);
	return rc == -LKL_ENOTTY ? -LKL_EOPNOTSUPP : rc;
}

void copy_flags(struct copy *c, const struct copy_item *it)
{
	unsigned int flags = it->stx->stx_attributes & FLAGS;
	char what[128];
	long rc;

	if (!flags || c->no_flags)
		return;
	rc = set_flags(c, it, flags);
	if (rc >= 0)
		return;
	snprintf(what, sizeof(what), "flags not kept (%s%s%s%s)",
		 flags & LKL_FS_IMMUTABLE_FL ? "i" : "", flags & LKL_FS_APPEND_FL ? "a" : "",
		 flags & LKL_FS_NODUMP_FL ? "d" : "", copy_hint(c, "; --no-flags leaves them out"));
	tool_not_done(c->t, it->path, what, rc);
}
