// SPDX-License-Identifier: GPL-2.0
/*
 * holes.c - find holes in files where the file system does not report them
 *
 * SEEK_HOLE is exact on most file systems.  Those without it (ntfs, squashfs) report the
 * whole file as data although fewer blocks are allocated than its size needs; there,
 * blocks of zeros are treated as holes.
 */
#include "holes.h"
#include "zeros.h"
#include <lkl/linux/magic.h>
#include <lkl/asm/statfs.h>

#define NTFS_ATTRIB		"system.ntfs_attrib"
#define NTFS_ATTRIB_SPARSE	0x200u

bool holes_possible(const struct lkl_statx *stx)
{
	return stx->stx_blocks * 512 < stx->stx_size;
}

/*
 * Compressed files of erofs have fewer blocks too, and reading them twice to look for zeros
 * costs too much.
 */
static bool is_erofs(const struct side *side, int fd)
{
	struct lkl_statfs fs;

	return side->is_image && lkl_sys_fstatfs(fd, &fs) >= 0 &&
	       fs.f_type == LKL_EROFS_SUPER_MAGIC_V1;
}

bool holes_unreported(const struct side *side, int fd, const struct lkl_statx *stx)
{
	if (!holes_possible(stx) || side->seek(fd, 0, LKL_SEEK_DATA) == -LKL_ENXIO)
		return false;
	return side->seek(fd, 0, LKL_SEEK_DATA) <= 0 &&
	       side->seek(fd, 0, LKL_SEEK_HOLE) == (int64_t)stx->stx_size &&
	       !is_erofs(side, fd);
}

size_t holes_run(const char *buf, size_t len, bool *zero)
{
	size_t run = 0;

	while (run < len) {
		size_t n = len - run < HOLES_BLOCK ? len - run : HOLES_BLOCK;
		bool z = all_zeros(buf + run, n);

		if (run && z != *zero)
			break;
		*zero = z;
		run += n;
	}
	return run;
}

void holes_allow(const struct side *side, int fd)
{
	const struct side_file f = { .dir = -1, .name = "", .fd = fd };
	uint32_t attrib;

	if (!side->is_image ||
	    side->getxattr(&f, NTFS_ATTRIB, &attrib, sizeof(attrib)) != sizeof(attrib))
		return;
	attrib |= NTFS_ATTRIB_SPARSE;
	side->setxattr(&f, NTFS_ATTRIB, &attrib, sizeof(attrib));
}
