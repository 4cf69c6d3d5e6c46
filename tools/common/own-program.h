/* SPDX-License-Identifier: GPL-2.0 */
/*
 * own-program.h - find the other programs of this installation
 */
#ifndef ANYFS_OWN_PROGRAM_H
#define ANYFS_OWN_PROGRAM_H

#include "tool.h"

/*
 * The path of @program, such as "libexec/anyfs/anyfs-tar", below the prefix that this program
 * is installed in as PREFIX/bin/NAME; to be freed.  Ends the program on failure.
 */
char *own_program(struct tool *t, const char *program);

#endif /* ANYFS_OWN_PROGRAM_H */
