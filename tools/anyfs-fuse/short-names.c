// SPDX-License-Identifier: GPL-2.0
/*
 * short-names.c - the long name of a file that is looked up by its short name on FAT
 *
 * FAT stores a second name of up to 8 + 3 letters for a file with a longer name, such as
 * LONGNA~1.TXT.  Nodes of FAT are known by their names, so that a file must always be known
 * by the same one.  A name that can be short because of its form is looked for in the
 * directory; all other names are taken as they are.
 */
#include <string.h>
#include <strings.h>
#include "fusefs.h"
#include <lkl/linux/fcntl.h>
#include <lkl/linux/msdos_fs.h>

#define BASE_MAX	8
#define EXTENSION_MAX	3

/* Up to eight letters that end with ~ and a number, and an extension of up to three. */
static bool looks_short(const char *name)
{
	size_t base = strcspn(name, "."), tail = base;

	while (tail && name[tail - 1] >= '0' && name[tail - 1] <= '9')
		tail--;
	if (base > BASE_MAX || tail == base || !tail || name[tail - 1] != '~')
		return false;
	return !name[base] || (strlen(name + base + 1) <= EXTENSION_MAX &&
			       !strchr(name + base + 1, '.'));
}

bool short_name_resolve(int dirfd, const char *name, char long_name[SHORT_NAME_BUFFER])
{
	struct __lkl__fat_dirent both[2];	/* the short name, the long one */
	bool found = false;
	long fd;

	if (!looks_short(name))
		return false;
	fd = lkl_sys_openat(dirfd, ".", LKL_O_RDONLY | LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);
	while (fd >= 0 && !found &&
	       lkl_sys_ioctl(fd, LKL_VFAT_IOCTL_READDIR_BOTH, (unsigned long)both) > 0 &&
	       both[0].d_reclen) {
		size_t len = both[1].d_reclen;

		/* A name of the buffer's full length may be cut off. */
		found = len && len < sizeof(both[1].d_name) - 1 &&
			!strncasecmp(name, both[0].d_name, sizeof(both[0].d_name));
		if (found) {
			memcpy(long_name, both[1].d_name, len);
			long_name[len] = '\0';
		}
	}
	if (fd >= 0)
		lkl_sys_close(fd);
	return found;
}
