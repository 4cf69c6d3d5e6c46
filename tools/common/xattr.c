// SPDX-License-Identifier: GPL-2.0
/*
 * xattr.c - read the extended attributes of a file
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "xattr.h"

#define SIZE_MAX_XATTR	65536		/* bytes; the kernel's limit for lists and values */
#define SIZE_USUAL	256		/* bytes; the kernel clears a buffer of this size */

static char *names, *value;

/*
 * Attributes that repeat other metadata: xfs lists its ACLs in its own format, and ntfs3 lists
 * owner, mode and device number in the format of WSL.
 */
static bool is_shown_twice(const char *key)
{
	return !strncmp(key, "trusted.SGI_ACL_", 16) || !strcmp(key, "$LXUID") ||
	       !strcmp(key, "$LXGID") || !strcmp(key, "$LXMOD") || !strcmp(key, "$LXDEV");
}

/* The type and creator that the kernel's HFS drivers give to new files, which means unknown. */
static bool is_unknown_type(const char *key, const char *value, size_t len)
{
	static const char unknown[32] = "????????";

	return (!strcmp(key, "osx.com.apple.FinderInfo") && len == sizeof(unknown) &&
		!memcmp(value, unknown, sizeof(unknown))) ||
	       ((!strcmp(key, "hfs.type") || !strcmp(key, "hfs.creator")) && len == 4 &&
		!memcmp(value, unknown, 4));
}

static long list(const struct side *side, const struct side_file *f)
{
	long len = side->listxattr(f, names, SIZE_USUAL);

	return len == -ERANGE ? side->listxattr(f, names, SIZE_MAX_XATTR) : len;
}

static long get(const struct side *side, const struct side_file *f, const char *key)
{
	long len = side->getxattr(f, key, value, SIZE_USUAL);

	return len == -ERANGE ? side->getxattr(f, key, value, SIZE_MAX_XATTR) : len;
}

long xattr_each(const struct side *side, const struct side_file *f, xattr_fn *fn, void *data)
{
	long len, rc = 0;

	if (!names) {
		names = malloc(SIZE_MAX_XATTR);
		value = malloc(SIZE_MAX_XATTR);
		if (!names || !value)
			return -ENOMEM;
	}
	len = list(side, f);
	if (len == -EOPNOTSUPP || len == -ENODATA)	/* ENODATA: hfsplus has none */
		return 0;
	if (len < 0)
		return len;
	for (char *key = names; !rc && key < names + len; key += strlen(key) + 1) {
		long n;

		if (is_shown_twice(key))
			continue;
		n = get(side, f, key);
		/* A listed attribute may be unreadable: an ACL without kernel support. */
		if (n == -ENODATA || n == -EOPNOTSUPP)
			continue;
		if (n >= 0 && is_unknown_type(key, value, n))
			continue;
		rc = n < 0 ? n : fn(data, key, value, n);
	}
	return rc;
}
