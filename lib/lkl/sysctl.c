// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl.c - write settings in /proc/sys and read device numbers from sysfs
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

#define PATH_BYTES	256

static long write_value(const char *path, const char *value)
{
	long fd = lkl_sys_open(path, LKL_O_WRONLY, 0), rc;

	if (fd < 0)
		return fd;
	rc = lkl_sys_write(fd, value, strlen(value));
	lkl_sys_close(fd);
	return rc < 0 ? rc : 0;
}

int lkl_sysctl(const char *path, const char *value)
{
	char file[PATH_BYTES];
	long rc = lkl_mount_fs("proc");

	if (rc < 0)
		return rc;
	if (snprintf(file, sizeof(file), "/proc/sys/%s", path) >= (int)sizeof(file))
		return error_set(-ENAMETOOLONG, "lkl_sysctl: the name of the setting is too long");
	for (char *dot = strchr(file, '.'); dot; dot = strchr(dot, '.'))
		*dot = '/';
	rc = write_value(file, value);
	return rc < 0 ? error_set(rc, "%s: cannot be set to \"%s\": %s", path, value,
				  error_name(rc)) : 0;
}

static void set_one(char *setting)
{
	char *value = strchr(setting, '=');
	int err;

	if (value)
		*value++ = '\0';
	err = value ? lkl_sysctl(setting, value) : -LKL_EINVAL;
	if (err)
		lkl_printf("lkl_sysctl_parse_write: %s: %s\n", setting, lkl_strerror(err));
}

void lkl_sysctl_parse_write(const char *sysctls)
{
	char *copy = strdup(sysctls), *rest = copy, *setting;

	if (!copy)
		lkl_printf("lkl_sysctl_parse_write: out of memory\n");
	while (copy && (setting = strsep(&rest, ";")))
		if (*setting)
			set_one(setting);
	free(copy);
}

int lkl_encode_dev_from_sysfs(const char *sysfs_path, uint32_t *dev)
{
	char text[32];
	unsigned int major, minor;
	long fd = lkl_sys_open(sysfs_path, LKL_O_RDONLY, 0), n;

	if (fd < 0)
		return error_set(fd, "%s: cannot be opened: %s", sysfs_path, error_name(fd));
	n = lkl_sys_read(fd, text, sizeof(text) - 1);
	lkl_sys_close(fd);
	if (n < 0)
		return error_set(n, "%s: cannot be read: %s", sysfs_path, error_name(n));
	text[n] = '\0';
	if (sscanf(text, "%u:%u", &major, &minor) != 2 || major > 0xfff || minor > 0xfffff)
		return error_set(-EINVAL, "%s: does not contain a device number such as 254:1", sysfs_path);
	/* The encoding of the kernel's new_encode_dev(). */
	*dev = (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
	return 0;
}
