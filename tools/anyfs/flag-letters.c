// SPDX-License-Identifier: GPL-2.0
/*
 * flag-letters.c - the letters of chattr(1) and lsattr(1), in the order of lsattr's output
 */
#include <stddef.h>
#include "flag-letters.h"
#include <lkl/linux/fs.h>

static const struct {
	unsigned int flag;
	char letter;
} known[FLAG_LETTERS] = {
	{ LKL_FS_SECRM_FL, 's' },
	{ LKL_FS_UNRM_FL, 'u' },
	{ LKL_FS_SYNC_FL, 'S' },
	{ LKL_FS_DIRSYNC_FL, 'D' },
	{ LKL_FS_IMMUTABLE_FL, 'i' },
	{ LKL_FS_APPEND_FL, 'a' },
	{ LKL_FS_NODUMP_FL, 'd' },
	{ LKL_FS_NOATIME_FL, 'A' },
	{ LKL_FS_COMPR_FL, 'c' },
	{ LKL_FS_ENCRYPT_FL, 'E' },
	{ LKL_FS_JOURNAL_DATA_FL, 'j' },
	{ LKL_FS_INDEX_FL, 'I' },
	{ LKL_FS_NOTAIL_FL, 't' },
	{ LKL_FS_TOPDIR_FL, 'T' },
	{ LKL_FS_EXTENT_FL, 'e' },
	{ LKL_FS_NOCOW_FL, 'C' },
	{ LKL_FS_DAX_FL, 'x' },
	{ LKL_FS_CASEFOLD_FL, 'F' },
	{ LKL_FS_INLINE_DATA_FL, 'N' },
	{ LKL_FS_PROJINHERIT_FL, 'P' },
	{ LKL_FS_VERITY_FL, 'V' },
	{ LKL_FS_NOCOMP_FL, 'm' },
};

void flag_letters_format(unsigned int flags, char text[FLAG_LETTERS + 1])
{
	for (size_t i = 0; i < FLAG_LETTERS; i++)
		text[i] = flags & known[i].flag ? known[i].letter : '-';
	text[FLAG_LETTERS] = '\0';
}

unsigned int flag_letter_parse(char letter)
{
	for (size_t i = 0; i < FLAG_LETTERS; i++)
		if (known[i].letter == letter)
			return known[i].flag;
	return 0;
}

unsigned int flag_letters_fixed(void)
{
	return LKL_FS_ENCRYPT_FL | LKL_FS_INDEX_FL | LKL_FS_INLINE_DATA_FL | LKL_FS_VERITY_FL;
}
