/* SPDX-License-Identifier: GPL-2.0 */
/*
 * complete.h - the words that may follow on a command line
 */
#ifndef ANYFS_COMPLETE_H
#define ANYFS_COMPLETE_H

#include "tool.h"

struct completion {
	struct tool *t;
	const char *partial;		/* the word to complete */
	char *help;			/* help text of the verb, once it is known */
	bool files;			/* out: the word may also name a file of the host */
	/*
	 * Called for each word; @more: the word is a directory, and text may follow it.  @help may
	 * be NULL.
	 */
	void (*word)(struct completion *c, const char *text, bool more, const char *help);
	void *data;
	char last_option[40];		/* offered last, to offer -o once for all lines "-o NAME" */
};

/* The verbs that begin with c->partial. */
void complete_verbs(struct completion *c);
/*
 * Words for c->partial after the @nr words @args that follow the name of @verb.  Paths are of
 * the image c->t->image if that is not NULL.  @own_image: the operands do not name the image.
 */
void complete_args(struct completion *c, const struct verb *verb, char *const *args, size_t nr,
		   bool own_image);
/* The word that names the image whose paths may follow, or NULL.  Call before complete_args(). */
const char *complete_image(struct completion *c, const struct verb *verb, char *const *args,
			   size_t nr);

/*
 * Store in c->help the output of the program @place with --help, or with @verb and --help.
 * @place: as for own_program().
 */
void complete_read_help(struct completion *c, const char *place, const char *verb);
/* Words after @args for a program whose help is c->help: its options, or files. */
void complete_options(struct completion *c, char *const *args, size_t nr);
/* complete-program.c: words after the @nr words @args of the program @name, such as anyfs-fuse. */
void complete_program(struct completion *c, const char *name, char *const *args, size_t nr);

/* "anyfs __complete WORD...", for the completion scripts: see cmd-complete.c. */
int complete_command(struct tool *t, int argc, char **argv) __attribute__((noreturn));

#endif /* ANYFS_COMPLETE_H */
