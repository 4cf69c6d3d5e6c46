/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unnamed-file.h - temporary files without a name
 */
#ifndef ANYFS_UNNAMED_FILE_H
#define ANYFS_UNNAMED_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Open a new file in @dir to read and write.  If the file system does not support O_TMPFILE, the
 * file gets a name that begins with @prefix, and *@path is its path, to be freed; else *@path is
 * NULL.  Returns a descriptor, or -1 with errno.
 */
static inline int open_temporary(const char *dir, const char *prefix, char **path)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	*path = NULL;
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	if (asprintf(path, "%s/%sXXXXXX", dir, prefix) < 0) {
		*path = NULL;
		return -1;
	}
	fd = mkostemp(*path, O_CLOEXEC);
	if (fd < 0) {
		free(*path);
		*path = NULL;
	}
	return fd;
}

/* Like open_temporary(), but the file never keeps a name. */
static inline int open_unnamed(const char *dir)
{
	char *path;
	int fd = open_temporary(dir, "anyfs-", &path);

	if (path)
		unlink(path);
	free(path);
	return fd;
}

#endif /* ANYFS_UNNAMED_FILE_H */
