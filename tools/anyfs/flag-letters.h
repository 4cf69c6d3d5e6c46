/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flag-letters.h - the letters of chattr(1) and lsattr(1)
 */
#ifndef ANYFS_FLAG_LETTERS_H
#define ANYFS_FLAG_LETTERS_H

#include <stdbool.h>

#define FLAG_LETTERS	22

/* The text of lsattr(1): a letter for each flag that is set, else a dash. */
void flag_letters_format(unsigned int flags, char text[FLAG_LETTERS + 1]);
/* The flag LKL_FS_*_FL of @letter, 0 if there is none. */
unsigned int flag_letter_parse(char letter);
/* Flags that chattr(1) cannot change, since the file system sets them. */
unsigned int flag_letters_fixed(void);

#endif /* ANYFS_FLAG_LETTERS_H */
