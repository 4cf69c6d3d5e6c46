// SPDX-License-Identifier: GPL-2.0
/*
 * entry.c - read the text of a symbolic link, and print a file's attributes as JSON
 */
#include <errno.h>
#include <stdlib.h>
#include "output.h"

char *entry_target(const struct side *side, int dirfd, const char *name, uint64_t size, long *err)
{
	size_t len = size && size < 65536 ? size + 1 : 4096;
	char *text;

	for (;;) {
		long n;

		text = malloc(len + 1);
		if (!text) {
			*err = -ENOMEM;
			return NULL;
		}
		n = side->readlink(dirfd, name, text, len);
		if (n >= 0 && (size_t)n < len) {
			text[n] = '\0';
			return text;
		}
		free(text);
		*err = n < 0 ? n : -ENAMETOOLONG;
		if (n < 0 || len >= 65536)
			return NULL;
		len *= 2;		/* the link is longer than stx_size */
	}
}

static void json_time(const char *key, const struct lkl_statx_timestamp *ts)
{
	printf(", \"%s\": %lld, \"%s_nsec\": %u", key, (long long)ts->tv_sec, key, ts->tv_nsec);
}

void entry_json(const char *path, const struct lkl_statx *stx, const char *target)
{
	unsigned int fmt = stx->stx_mode & LKL_S_IFMT;

	json_text("path", path);
	printf(", \"type\": \"%s\", \"mode\": \"%04o\", \"uid\": %u, \"gid\": %u",
	       format_type(stx->stx_mode), stx->stx_mode & 07777, stx->stx_uid, stx->stx_gid);
	printf(", \"size\": %llu, \"blocks\": %llu, \"nlink\": %u, \"ino\": %llu",
	       (unsigned long long)stx->stx_size, (unsigned long long)stx->stx_blocks,
	       stx->stx_nlink, (unsigned long long)stx->stx_ino);
	if (fmt == LKL_S_IFBLK || fmt == LKL_S_IFCHR)
		printf(", \"rdev\": \"%u:%u\"", stx->stx_rdev_major, stx->stx_rdev_minor);
	json_time("atime", &stx->stx_atime);
	json_time("mtime", &stx->stx_mtime);
	json_time("ctime", &stx->stx_ctime);
	if (stx->stx_mask & LKL_STATX_BTIME)
		json_time("btime", &stx->stx_btime);
	if (target) {
		printf(", ");
		json_text("target", target);
	}
}
