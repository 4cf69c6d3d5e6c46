/* SPDX-License-Identifier: GPL-2.0 */
/*
 * own-program.h - find the other programs of this installation
 */
#ifndef ANYFS_OWN_PROGRAM_H
#define ANYFS_OWN_PROGRAM_H

#include "tool.h"

/*
 * The path of @program, such as "libexec/anyfs/anyfs-tar", below the installation prefix, which
 * is taken from the path PREFIX/bin/NAME of this program; to be freed.  On failure, ends the
 * program.
 */
char *own_program(struct tool *t, const char *program);

#endif /* ANYFS_OWN_PROGRAM_H */
