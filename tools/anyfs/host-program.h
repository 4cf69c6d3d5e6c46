/* SPDX-License-Identifier: GPL-2.0 */
/*
 * host-program.h - run the host's programs that make disks and file systems
 */
#ifndef ANYFS_HOST_PROGRAM_H
#define ANYFS_HOST_PROGRAM_H

#include "tool.h"

#define HOST_PROGRAM_MORE	"/dev/fd/3"	/* argument: a file with other input */

/* Bytes that a program reads from a file in memory; data NULL: there is none. */
struct host_input {
	const void *data;
	size_t len;
};

struct host_program {
	const char *name;		/* searched in PATH and sbin, unless it contains a slash */
	const char *package;		/* package of Debian that contains it, or NULL */
	const char *seed;		/* of random numbers if SOURCE_DATE_EPOCH is set, or NULL */
	const char *about;		/* prefix of messages, such as the image, or NULL */
	struct host_input input;	/* its standard input; data NULL: inherit it */
	struct host_input more;		/* what HOST_PROGRAM_MORE names */
	bool quiet;			/* discard its standard output without --verbose */
};

/* Store the path of the program @name, searched as above.  False if it is not installed. */
bool host_program_find(const char *name, char *path, size_t len);
/* Whether the program is installed.  If not, prints a message that names the package. */
bool host_program_exists(struct tool *t, const struct host_program *program);
/*
 * Run the program with @args, whose first member is ignored, and wait for its end.  With --json
 * its standard output goes to stderr.  False if it cannot be run, fails, or a signal came: one
 * message then quotes the first line that the program wrote to stderr.
 */
bool host_program_run(struct tool *t, const struct host_program *program, char **args);

#endif /* ANYFS_HOST_PROGRAM_H */
