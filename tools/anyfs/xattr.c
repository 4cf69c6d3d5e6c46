// SPDX-License-Identifier: GPL-2.0
/*
 * xattr.c - extended attributes of files in the image
 *
 * The kernel has no call for a name relative to a descriptor that works for
 * links and devices too, so that the directory becomes the current one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

#define SIZE_MAX_XATTR	65536		/* the kernel's limit for lists and values */

static long each(const char *name, char *names, char *value,
		 long (*fn)(void *data, const char *key, const void *value, size_t len),
		 void *data)
{
	long len = lkl_sys_llistxattr(name, names, SIZE_MAX_XATTR);
	long rc = 0;

	if (len == -EOPNOTSUPP)
		return 0;
	if (len < 0)
		return len;
	for (char *key = names; !rc && key < names + len; key += strlen(key) + 1) {
		long n = lkl_sys_lgetxattr(name, key, value, SIZE_MAX_XATTR);

		/* A list may name what cannot be read: ACLs without support. */
		if (n == -ENODATA || n == -EOPNOTSUPP)
			continue;
		rc = n < 0 ? n : fn(data, key, value, n);
	}
	return rc;
}

long xattr_each(int dirfd, const char *name,
		long (*fn)(void *data, const char *key, const void *value, size_t len),
		void *data)
{
	static char *names, *value;
	long rc;

	if (!names) {
		names = malloc(SIZE_MAX_XATTR);
		value = malloc(SIZE_MAX_XATTR);
		if (!names || !value)
			return -ENOMEM;
	}
	rc = lkl_sys_fchdir(dirfd);
	return rc < 0 ? rc : each(name, names, value, fn, data);
}
