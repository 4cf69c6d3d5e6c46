// SPDX-License-Identifier: GPL-2.0
/*
 * ufs.c - detect the variant of a ufs
 *
 * The kernel needs the variant as a mount option and accepts a wrong one: a ufs of Sun
 * mounted as one of BSD shows wrong owners.  The variants differ in the format of inodes,
 * which BSD records, and in the byte order, which for Sun is that of the processor (SPARC
 * or x86).
 */
#include <endian.h>
#include <string.h>
#include "image.h"

#define AT_UFS2		65536
#define AT_UFS1		8192
#define MAGIC_UFS2	0x19540119
#define MAGIC_UFS1	0x011954
#define INODES_44BSD	2
#define TABLES_42BSD	-1

struct ufs_super {
	unsigned char other[1324];
	uint32_t inode_format;
	unsigned char more[28];
	uint32_t table_format;
	unsigned char rest[12];
	uint32_t magic;
};

static const char *kind_of_ufs1(const struct ufs_super *s)
{
	bool big = be32toh(s->magic) == MAGIC_UFS1;

	if (!big && le32toh(s->magic) != MAGIC_UFS1)
		return NULL;
	if ((int32_t)(big ? be32toh(s->inode_format) : le32toh(s->inode_format)) == INODES_44BSD)
		return "ufstype=44bsd";
	if ((int32_t)s->table_format == TABLES_42BSD)	/* the same value in both byte orders */
		return "ufstype=old";
	return big ? "ufstype=sun" : "ufstype=sunx86";
}

const char *ufs_options(const struct device *d)
{
	struct ufs_super super;

	if (!device_read(d, &super, sizeof(super), AT_UFS2) &&
	    (le32toh(super.magic) == MAGIC_UFS2 || be32toh(super.magic) == MAGIC_UFS2))
		return "ufstype=ufs2";
	return device_read(d, &super, sizeof(super), AT_UFS1) ? NULL : kind_of_ufs1(&super);
}
