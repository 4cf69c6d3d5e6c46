// SPDX-License-Identifier: GPL-2.0
/*
 * fsck-programs.c - the programs that check file systems
 *
 * Their exit codes are those of fsck(8): 0 is a file system without errors, 1 to 7 one with
 * errors, more is a failure of the program.
 */
#include <string.h>
#include "fsck.h"

#define EXT(type) \
	{ type, { "e2fsck", "e2fsprogs", { "-p", "-E", "journal_only", VOLUME_FILE } }, \
	  { "e2fsck", "e2fsprogs", { "-f", "-n", VOLUME_FILE } }, \
	  { "e2fsck", "e2fsprogs", { "-f", "-y", VOLUME_FILE } } }

/* @replay replays the copy's journal before the check; without a name there is no such step. */
static const struct {
	const char *type;
	struct volume_program replay, check, repair;
} programs[] = {
	EXT("ext2"), EXT("ext3"), EXT("ext4"), EXT("ext4dev"),
	{ "xfs", { 0 }, { "xfs_repair", "xfsprogs", { "-f", "-n", VOLUME_FILE } },
	  { "xfs_repair", "xfsprogs", { "-f", VOLUME_FILE } } },
	{ "btrfs", { 0 }, { "btrfs", "btrfs-progs", { "check", "--readonly", VOLUME_FILE } },
	  { "btrfs", "btrfs-progs", { "check", "--repair", "--force", VOLUME_FILE } } },
	{ "vfat", { 0 }, { "fsck.vfat", "dosfstools", { "-n", VOLUME_FILE } },
	  { "fsck.vfat", "dosfstools", { "-a", "-w", VOLUME_FILE } } },
	{ "exfat", { 0 }, { "fsck.exfat", "exfatprogs", { "-n", VOLUME_FILE } },
	  { "fsck.exfat", "exfatprogs", { "-y", VOLUME_FILE } } },
	{ "f2fs", { 0 }, { "fsck.f2fs", "f2fs-tools", { "--dry-run", VOLUME_FILE } },
	  { "fsck.f2fs", "f2fs-tools", { "-f", VOLUME_FILE } } },
	{ "ntfs", { 0 }, { "ntfsfix", "ntfs-3g", { "-n", VOLUME_FILE } },
	  { "ntfsfix", "ntfs-3g", { VOLUME_FILE } } },
	{ "jfs", { 0 }, { "fsck.jfs", "jfsutils", { "-n", "-f", VOLUME_FILE } },
	  { "fsck.jfs", "jfsutils", { "-a", "-f", VOLUME_FILE } } },
	{ "reiserfs", { 0 },
	  { "reiserfsck", "reiserfsprogs", { "--check", "-q", "-y", VOLUME_FILE } },
	  { "reiserfsck", "reiserfsprogs", { "--fix-fixable", "-q", "-y", VOLUME_FILE } } },
	{ "gfs2", { 0 }, { "fsck.gfs2", "gfs2-utils", { "-n", VOLUME_FILE } },
	  { "fsck.gfs2", "gfs2-utils", { "-y", VOLUME_FILE } } },
	{ "ocfs2", { 0 }, { "fsck.ocfs2", "ocfs2-tools", { "-f", "-n", VOLUME_FILE } },
	  { "fsck.ocfs2", "ocfs2-tools", { "-f", "-y", VOLUME_FILE } } },
	{ "bcachefs", { 0 }, { "bcachefs", "bcachefs-tools", { "fsck", "-n", VOLUME_FILE } },
	  { "bcachefs", "bcachefs-tools", { "fsck", "-y", VOLUME_FILE } } },
	{ "hfsplus", { 0 }, { "fsck.hfsplus", "hfsprogs", { "-f", "-n", VOLUME_FILE } },
	  { "fsck.hfsplus", "hfsprogs", { "-f", "-y", VOLUME_FILE } } },
	{ "minix", { 0 }, { "fsck.minix", "util-linux", { "-f", VOLUME_FILE } },
	  { "fsck.minix", "util-linux", { "-f", "-a", VOLUME_FILE } } },
	{ "erofs", { 0 }, { "fsck.erofs", "erofs-utils", { VOLUME_FILE } }, { 0 } },
	{ "cramfs", { 0 }, { "fsck.cramfs", "util-linux", { VOLUME_FILE } }, { 0 } },
};

const struct volume_program *fsck_program(void *data, const char *fstype, unsigned int step)
{
	const struct volume_program *p = NULL;

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (!strcmp(programs[i].type, fstype))
			p = step == FSCK_REPLAY ? &programs[i].replay :
			    step == FSCK_CHECK ? &programs[i].check : &programs[i].repair;
	return p && p->name ? p : NULL;
}
