// SPDX-License-Identifier: GPL-2.0
/*
 * body-file.c - print lines of a body file of the Sleuth Kit, version 3
 */
#include <stdio.h>
#include "body-file.h"
#include "output.h"

/* Escape "|", which would begin the next field, and line breaks and other control characters. */
static void print_field(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p < 0x20 || *p == 0x7f || *p == '|')
			printf("\\x%02x", *p);
		else
			putchar(*p);
	}
}

void body_file_print(const char *path, const struct lkl_statx *stx, const char *target,
		     const char *md5)
{
	const struct lkl_statx_timestamp none = { 0 };
	const struct lkl_statx_timestamp *born = stx->stx_mask & LKL_STATX_BTIME ?
						 &stx->stx_btime : &none;
	char mode[11];

	format_mode(stx->stx_mode, mode);
	if (mode[0] == '-')
		mode[0] = 'r';
	else if (mode[0] == 's')
		mode[0] = 'h';
	printf("%s|", md5 ? md5 : "0");
	print_field(path);
	if (target) {
		fputs(" -> ", stdout);
		print_field(target);
	}
	printf("|%llu|%c/%s|%u|%u|%llu|%lld|%lld|%lld|%lld\n", (unsigned long long)stx->stx_ino,
	       mode[0], mode, stx->stx_uid, stx->stx_gid, (unsigned long long)stx->stx_size,
	       (long long)stx->stx_atime.tv_sec, (long long)stx->stx_mtime.tv_sec,
	       (long long)stx->stx_ctime.tv_sec, (long long)born->tv_sec);
}
