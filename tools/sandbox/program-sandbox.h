/* SPDX-License-Identifier: GPL-2.0 */
/*
 * program-sandbox.h - restrict the rights of programs that parse an image
 */
#ifndef ANYFS_PROGRAM_SANDBOX_H
#define ANYFS_PROGRAM_SANDBOX_H

#include <stdbool.h>

/* Files that the program may open in addition to programs and libraries. */
struct program_sandbox {
	const char *image;		/* file to read and write */
	bool readonly;			/* the image must not be written to */
	const char *root;		/* directory to read; NULL: none */
	const char *program;		/* file to execute outside of /usr; NULL: none */
};

/*
 * Restrict the calling process, which executes the program next: it opens no other files, and
 * creates no sockets.  A host without Landlock skips the rules for files.  0, or -1 with the
 * failed step in *@why and errno.
 */
int program_sandbox_enter(const struct program_sandbox *sandbox, const char **why);

#endif /* ANYFS_PROGRAM_SANDBOX_H */
