// SPDX-License-Identifier: GPL-2.0
/*
 * ntfs-special.c - symbolic links and devices that ntfs-3g stores as regular files
 *
 * Such a file has the attribute "system" and begins with an eight-byte magic number.  After
 * it come the text of a link in UTF-16, or the major and minor number of a device in 64
 * bits each.  All fields are little endian.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "ntfs-special.h"
#include "utf16.h"
#include "utf8.h"
#include <lkl/asm/statfs.h>

#define ATTRIB_SYSTEM		0x4u
#define ATTRIB_REPARSE_POINT	0x400u

#define NTFS_MAGIC		0x7366746e	/* f_type of the driver ntfs3 */

#define MAGIC_LEN	8
#define DEVICE_LEN	(MAGIC_LEN + 16)
#define LINK_UNITS_MAX	4095
#define FILE_MAX	(MAGIC_LEN + 2 * LINK_UNITS_MAX)

char *ntfs_decode_name(const char *text, size_t nr)
{
	const uint8_t *p = (const uint8_t *)text, *end = p + 2 * nr;
	char *out = malloc(3 * nr + 1), *at = out;

	while (out && p < end) {
		int32_t c = utf16_get(&p, end, false);

		if (c <= 0) {
			free(out);
			errno = EILSEQ;
			return NULL;
		}
		at += utf8_put(at, c);
	}
	if (out)
		*at = '\0';
	return out;
}

static void set_device(struct lkl_statx *stx, unsigned int type, const char *numbers)
{
	uint64_t number[2];

	memcpy(number, numbers, sizeof(number));
	stx->stx_mode = (stx->stx_mode & ~LKL_S_IFMT) | type;
	stx->stx_rdev_major = le64toh(number[0]);
	stx->stx_rdev_minor = le64toh(number[1]);
}

static long decode(const char *buf, size_t len, struct lkl_statx *stx, char **target)
{
	if (len > MAGIC_LEN && len % 2 == 0 && !memcmp(buf, "IntxLNK\1", MAGIC_LEN)) {
		*target = ntfs_decode_name(buf + MAGIC_LEN, (len - MAGIC_LEN) / 2);
		if (!*target)
			return -errno;
		stx->stx_mode = LKL_S_IFLNK | 0777;
	} else if (len == DEVICE_LEN && !memcmp(buf, "IntxCHR", MAGIC_LEN)) {
		set_device(stx, LKL_S_IFCHR, buf + MAGIC_LEN);
	} else if (len == DEVICE_LEN && !memcmp(buf, "IntxBLK", MAGIC_LEN)) {
		set_device(stx, LKL_S_IFBLK, buf + MAGIC_LEN);
	} else {
		return 0;
	}
	return 1;
}

static long read_special(const struct side *side, int fd, struct lkl_statx *stx, char **target)
{
	const struct side_file f = { .dir = -1, .name = "", .fd = fd };
	char buf[FILE_MAX];
	uint32_t attrib;
	long n = side->getxattr(&f, "system.ntfs_attrib", &attrib, sizeof(attrib));

	if (n != sizeof(attrib))
		return 0;		/* not NTFS */
	attrib = le32toh(attrib);
	if (!stx->stx_size)
		return attrib & ATTRIB_REPARSE_POINT ? NTFS_UNREADABLE : 0;
	if (!(attrib & ATTRIB_SYSTEM))
		return 0;
	n = side->pread(fd, buf, stx->stx_size, 0);
	return n < 0 ? n : decode(buf, n, stx, target);
}

/* The answer is cached for one file system, since there may be many small files. */
bool ntfs_is(int dir, const struct lkl_statx *stx)
{
	static uint32_t major, minor;
	static bool known, ntfs;
	struct lkl_statfs fs;

	if (!known || major != stx->stx_dev_major || minor != stx->stx_dev_minor) {
		ntfs = lkl_sys_fstatfs(dir, &fs) >= 0 && fs.f_type == NTFS_MAGIC;
		major = stx->stx_dev_major;
		minor = stx->stx_dev_minor;
		known = true;
	}
	return ntfs;
}

long ntfs_special(const struct side *side, int dir, const char *name, struct lkl_statx *stx,
		  char **target)
{
	long fd, rc;

	*target = NULL;
	if (!side->is_image || (stx->stx_mode & LKL_S_IFMT) != LKL_S_IFREG ||
	    stx->stx_size > FILE_MAX || !ntfs_is(dir, stx))
		return 0;
	fd = side->open_file(dir, name);
	if (fd < 0)
		return 0;		/* the caller's own open reports the error */
	rc = read_special(side, fd, stx, target);
	side->close(fd);
	return rc;
}
