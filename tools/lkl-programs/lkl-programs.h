/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl-programs.h - the names and options of LKL's programs, for the tools of anyfs
 */
#ifndef ANYFS_LKL_PROGRAMS_H
#define ANYFS_LKL_PROGRAMS_H

#include <stddef.h>

#define ARGS_MAX	65536

/* main.c */

/* A command line that is put together; add_arg() ends the program when it is full. */
struct command {
	const char *args[ARGS_MAX + 1];
	size_t nr;
};

void add_arg(struct command *c, const char *arg);
/* Add the text that @fmt makes; it is never freed. */
void add_text(struct command *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Replace this process by the command; args[0] is a program beside this one. */
void run_command(struct command *c) __attribute__((noreturn));
/* "NAME: TEXT" on standard error, and exit with @status. */
void fail(int status, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));

/* lklfuse.c */

int lklfuse_main(int argc, char **argv);

#endif /* ANYFS_LKL_PROGRAMS_H */
