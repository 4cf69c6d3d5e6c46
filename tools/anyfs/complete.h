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
	/* Called for each word; @more: a directory, so the word goes on.  @help may be NULL. */
	void (*word)(struct completion *c, const char *text, bool more, const char *help);
	void *data;
};

/* The verbs that begin with c->partial. */
void complete_verbs(struct completion *c);
/*
 * Words for c->partial after the @nr words @args that follow the name of @verb.  Paths are of
 * the image c->t->image if that is not NULL.  @own_image: the operands do not name the image.
 */
void complete_args(struct completion *c, const struct verb *verb, char *const *args, size_t nr,
		   bool own_image);
/* The operand of @args that names the image for paths that follow, or NULL.  Call it first. */
const char *complete_image(struct completion *c, const struct verb *verb, char *const *args,
			   size_t nr);

/* "anyfs __complete WORD...", for the completion scripts: see cmd-complete.c. */
int complete_command(struct tool *t, int argc, char **argv) __attribute__((noreturn));

#endif /* ANYFS_COMPLETE_H */
