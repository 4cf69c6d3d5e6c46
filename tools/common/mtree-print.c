// SPDX-License-Identifier: GPL-2.0
/*
 * mtree-print.c - print a manifest in the format of mtree(5)
 */
#include <string.h>
#include "mtree.h"

const char *mtree_type(unsigned int mode)
{
	switch (mode & LKL_S_IFMT) {
	case LKL_S_IFDIR:
		return "dir";
	case LKL_S_IFLNK:
		return "link";
	case LKL_S_IFCHR:
		return "char";
	case LKL_S_IFBLK:
		return "block";
	case LKL_S_IFIFO:
		return "fifo";
	case LKL_S_IFSOCK:
		return "socket";
	default:
		return "file";
	}
}

/* Print a name; bytes that end a word, and those that are not ASCII, are in octal. */
static void print_escaped(const char *name)
{
	for (; *name; name++) {
		unsigned char c = *name;

		if (c <= ' ' || c >= 0x7f || strchr("\\#=*?[", c))
			printf("\\%03o", c);
		else
			putchar(c);
	}
}

void mtree_print(const char *path, const struct lkl_statx *stx, const char *target,
		 const struct nettle_hash *kind, const char *sum)
{
	unsigned int type = stx->stx_mode & LKL_S_IFMT;

	putchar('.');
	if (*path)
		putchar('/');
	print_escaped(path);
	printf(" type=%s mode=%04o uid=%u gid=%u time=%lld.%09u", mtree_type(stx->stx_mode),
	       stx->stx_mode & 07777, stx->stx_uid, stx->stx_gid,
	       (long long)stx->stx_mtime.tv_sec, stx->stx_mtime.tv_nsec);
	if (type == LKL_S_IFREG)
		printf(" size=%llu", (unsigned long long)stx->stx_size);
	if (type == LKL_S_IFCHR || type == LKL_S_IFBLK)
		printf(" device=linux,%u,%u", stx->stx_rdev_major, stx->stx_rdev_minor);
	if (target) {
		fputs(" link=", stdout);
		print_escaped(target);
	}
	if (sum)
		printf(" %sdigest=%s", kind->name, sum);
	putchar('\n');
}
