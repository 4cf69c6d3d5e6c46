// SPDX-License-Identifier: GPL-2.0
/*
 * mountinfo.c - find the mounts of anyfs-fuse on the host
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "mountinfo.h"

/* Blanks and some other characters are octal, like \040, in /proc/self/mountinfo. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned int code;

		if (*text == '\\' && sscanf(text, "\\%3o", &code) == 1) {
			*to++ = code;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS ... - TYPE SOURCE SUPER-OPTIONS" */
static bool parse_line(const char *line, struct mount_info *m)
{
	const char *rest = strstr(line, " - "), *user;
	unsigned int ma, mi;

	if (!rest || sscanf(rest, " - fuse.anyfs %4095s", m->source) != 1 ||
	    sscanf(line, "%*u %*u %u:%u %*s %4095s", &ma, &mi, m->point) != 3)
		return false;
	unescape(m->point);
	unescape(m->source);
	m->dev = makedev(ma, mi);
	user = strstr(rest, "user_id=");
	m->user = user ? strtoul(user + 8, NULL, 10) : 0;
	return true;
}

void mounts_each(void (*fn)(void *data, const struct mount_info *m), void *data)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	struct mount_info m;
	char *line = NULL;
	size_t size = 0;

	while (f && getline(&line, &size, f) > 0)
		if (parse_line(line, &m))
			fn(data, &m);
	free(line);
	if (f)
		fclose(f);
}

struct search {
	const char *path;		/* NULL: search for @dev */
	dev_t dev;
	struct mount_info *found;
	bool any;
};

static void match_mount(void *data, const struct mount_info *m)
{
	struct search *s = data;

	if (s->path ? strcmp(m->point, s->path) != 0 : m->dev != s->dev)
		return;
	*s->found = *m;
	s->any = true;
}

/* The last mount at @path, or with NULL the last mount of @dev. */
static bool find_mount(const char *path, dev_t dev, struct mount_info *found)
{
	struct search s = { .path = path, .dev = dev, .found = found };

	mounts_each(match_mount, &s);
	return s.any;
}

bool mount_find(const char *path, struct mount_info *found)
{
	return find_mount(path, 0, found);
}

/*
 * The host has a directory in /sys for each mounted FUSE file system, and removes it
 * before the last unmount returns.  A later file system with this device number gets a
 * directory with another inode number.
 */
uint64_t mounted_fs_id(dev_t dev)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/sys/class/bdi/%u:%u", major(dev), minor(dev));
	return stat(path, &st) ? 0 : st.st_ino;
}

enum mounts_left mounts_left(dev_t dev, uint64_t fs, struct mount_info *other)
{
	bool here = find_mount(NULL, dev, other);

	/* Another file system may have the same device number by now. */
	if (fs && mounted_fs_id(dev) != fs)
		return MOUNTS_NONE;
	return here ? MOUNTS_HERE : fs ? MOUNTS_HIDDEN : MOUNTS_NONE;
}
