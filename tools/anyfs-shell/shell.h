/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shell.h - the part of anyfs shell that is outside the sandbox
 */
#ifndef ANYFS_SHELL_H
#define ANYFS_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#define STATUS_USAGE	2

struct shell {
	int sock;			/* to the process with the image */
	const char *image;
	const char *name;		/* of the image, for the prompt */
	bool stop;			/* -e: end at the first command that fails */
	bool interactive;
	bool ended;			/* by "exit" or -e */
	bool lost;			/* the process with the image has ended */
	int status;			/* of the last command, or the first one that failed */
	char *directory;		/* current directory in the image, from the last answer */
};

/* main.c */

/* One line on standard error, "anyfs: TEXT". */
void shell_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* command.c: the words of a line */

struct command {
	char **words;			/* NULL-terminated */
	size_t nr;
	char *host;			/* "!COMMAND": this command of the host, nothing else */
	char *pipe;			/* command of the host that reads the output, or NULL */
	char *in, *out;			/* files of redirections, or NULL */
	bool append;
};

/* Parse @line.  False, after a message, if it is not valid. */
bool command_parse(const char *line, struct command *c);
void command_free(struct command *c);
/* The words of an unfinished @line; the last one is empty if the line ends in a blank. */
bool command_split(const char *line, struct command *c);

/* client.c: requests; see shell-protocol.h */

/* Wait until the image is open; false if it cannot be opened. */
bool client_wait_open(struct shell *sh);
/*
 * Send the request @kind with the NULL-terminated @words; @fds: descriptors 0 and 1 of a verb, or
 * NULL.  False if that fails.
 */
bool client_send(struct shell *sh, char kind, char *const *words, const int fds[2]);
/* Wait for the end of the verb, and return its exit code. */
int client_wait(struct shell *sh);
/*
 * Receive the next completion into @text, and whether it is a directory; false at the end.  Those
 * that are too long or have characters that control a terminal are skipped.
 */
bool client_completion(struct shell *sh, char *text, size_t len, bool *directory);

/* run-command.c */

/* Run the line; returns the exit code. */
int run_line(struct shell *sh, const char *line);
/*
 * Run a verb with arguments, @words, and wait for its end; returns the exit code.  @in, if not -1,
 * and @out are its standard input and output.
 */
int run_verb(struct shell *sh, char *const *words, int in, int out);
/* Run a command of the host with sh(1); @argument is its $1, or NULL. */
int run_host(const char *command, const char *argument);

/* edit-file.c: "edit PATH" */
int edit_file(struct shell *sh, char *const *words, size_t nr);

/* terminal.c: read lines from a terminal, with history and completion */
void terminal_loop(struct shell *sh);

#endif /* ANYFS_SHELL_H */
