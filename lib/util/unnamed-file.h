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

/* Open a new file in @dir to read and write.  Returns a descriptor, or -1 with errno. */
static inline int open_unnamed(const char *dir)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *path;

	/* If the file system does not support O_TMPFILE, create a file and remove its name. */
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	if (asprintf(&path, "%s/anyfs-XXXXXX", dir) < 0)
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}

#endif /* ANYFS_UNNAMED_FILE_H */
