/* SPDX-License-Identifier: GPL-2.0 */
/*
 * session.h - several verbs on one open image
 *
 * A session opens the image once, in a sandbox that stays.  Each verb gets a copy of the
 * session's struct tool.  tool_open() then only checks that the verb may use the open image, and
 * the calls that end the program end the verb.
 */
#ifndef ANYFS_COMMON_SESSION_H
#define ANYFS_COMMON_SESSION_H

#include <setjmp.h>
#include "tool.h"

struct tool_session {
	bool write;			/* the image is open for writing */
	bool host;			/* verbs may use some directories of the host */
	int host_directory;		/* if host: the current directory there */
	char *directory;		/* absolute path in the image that relative ones begin at */
	void *data;			/* of the program that runs the session */
	bool has_verb;			/* a verb runs */
	jmp_buf end_verb;
	void **memory;			/* to be freed after the verb */
	size_t nr_memory;
	int *fds;			/* of the host, to be closed after the verb */
	size_t nr_fds;
};

/*
 * Run @verb with a copy of @base, which has the open image; @argv[1] is the image, and @argv ends
 * with NULL.  Returns the exit code of the verb.
 */
int session_run(struct tool *base, const struct verb *verb, int argc, char **argv);

/* True if @t belongs to a verb of a session. */
bool session_has_verb(const struct tool *t);
/* The directory that a verb of @t begins at if no path is given; "/" outside of a session. */
const char *session_directory(const struct tool *t);
/*
 * The path @path as seen from the session's directory; @path itself outside of a session.  ".."
 * at the beginning removes a component.  Valid until the verb ends.
 */
const char *session_path(struct tool *t, const char *path);

/*
 * A verb calls this before it looks at a file of the host: ends the verb if the session does not
 * allow that.  Does nothing outside of a session.
 */
void session_require_host(struct tool *t);
/* Returns @fd, a descriptor of the host or -1; in a session it is closed when the verb ends. */
int session_keep_fd(struct tool *t, int fd);

/* Like tool_alloc(); the verb does not free the memory, and in a session it is freed at its end. */
void *session_alloc(struct tool *t, size_t size);

/* ---- for run.c and options.c -------------------------------------------- */

/*
 * tool_open() of a verb.  Ends the verb if @path is not the open image, or if the verb writes and
 * the image is open for reading only.
 */
void session_open(struct tool *t, const char *path);
/* Replace paths of the image in @args, the operands from IMAGE on, by absolute ones. */
void session_resolve(struct tool *t, char **args);
/* End the verb with the exit code @status: continue in session_run(). */
void session_end_verb(struct tool *t, int status) __attribute__((noreturn));

#endif /* ANYFS_COMMON_SESSION_H */
