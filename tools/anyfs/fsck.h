/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fsck.h - the programs that anyfs fsck runs
 */
#ifndef ANYFS_FSCK_H
#define ANYFS_FSCK_H

#include "volume.h"

enum fsck_step {
	FSCK_REPLAY,			/* replay the journal, and change nothing else */
	FSCK_CHECK,			/* change nothing */
	FSCK_REPAIR,			/* repair what can be repaired, and ask nothing */
};

/* fsck-programs.c */

/* The program of a step, a volume_program_fn. */
const struct volume_program *fsck_program(void *data, const char *fstype, unsigned int step);

#endif /* ANYFS_FSCK_H */
