// SPDX-License-Identifier: GPL-2.0
/*
 * parse-ntfs.c - fuzz the search for named streams in an NTFS
 *
 * The input is the file $MFT.  This file defines the library functions that the search calls;
 * they read the input.
 */
#include <string.h>
#include <lkl.h>
#include <lkl/asm/statfs.h>
#include "messages.h"
#include "ntfs-special.h"
#include "ntfs-streams.h"
#include "parser.h"
#include "tester.h"

#define NTFS_MAGIC	0x7366746e
#define ROOT_RECORD	5
#define RECORDS_MAX	64

static const uint8_t *mft;
static size_t mft_len;
static unsigned int reports;

long lkl_sys_openat(int dfd, const char *filename, int flags, lkl_umode_t mode)
{
	return 1;
}

long lkl_sys_close(unsigned int fd)
{
	return 0;
}

long lkl_sys_statx(int dfd, const char *path, unsigned flags, unsigned mask,
		   struct lkl_statx *buffer)
{
	buffer->stx_ino = ROOT_RECORD;
	return 0;
}

long lkl_sys_fstatfs(unsigned int fd, struct lkl_statfs *buf)
{
	buf->f_type = NTFS_MAGIC;
	return 0;
}

long lkl_sys_pread64(unsigned int fd, void *buf, size_t count, lkl_loff_t pos)
{
	size_t left = pos >= 0 && (uint64_t)pos < mft_len ? mft_len - pos : 0;

	if (count > left)
		count = left;
	if (count)
		memcpy(buf, mft + pos, count);
	return count;
}

void tool_path_error(struct tool *t, const char *path, const char *fmt, ...)
{
	reports++;
}

void tool_note(struct tool *t, const char *fmt, ...)
{
	reports++;
}

static bool parse(const uint8_t *data, size_t len)
{
	static uint32_t device;
	struct lkl_statx stx = { .stx_mode = LKL_S_IFREG, .stx_dev_minor = ++device };
	const struct side_file f = { .dir = 0, .name = "file", .fd = -1 };

	mft = data;
	mft_len = len;
	reports = 0;
	for (stx.stx_ino = 0; stx.stx_ino < RECORDS_MAX; stx.stx_ino++)
		ntfs_report_streams(NULL, &f, &stx, "/file", "not kept", "");
	/* A record of a file that does not exist is an error, too. */
	return reports;
}

const struct parser parser = { .parse = parse };
