/* SPDX-License-Identifier: GPL-2.0 */
/*
 * keys.h - keys of encrypted volumes, from the command line or the terminal
 */
#ifndef ANYFS_KEYS_H
#define ANYFS_KEYS_H

#include "tool.h"

/* Whether @c is one of the options of encrypted volumes: OPT_KEY ... */
bool keys_is_option(int c);
/* Whether @c is one of those that are also about volumes that are made. */
bool keys_is_option_of_new(int c);
/*
 * If @c is an option of encrypted volumes, take its @value and return true.  A key is read at
 * once, before the program gives up its rights; ends the program on a bad value.
 */
bool keys_option(struct tool *t, int c, char *value);
/*
 * Add the key that @query of a path names, for the volume @path; NULL: for any volume.  Does
 * nothing without a query.  Messages name @origin; ends the program on a bad query.
 */
void keys_add_query(struct tool *t, const char *origin, const char *path, const char *query);
/* All of @file, to be freed; ends the program if it cannot be read. */
char *keys_read_file(struct tool *t, const char *option, const char *file, size_t *len);
/*
 * Get the @attempt-th key of the encrypted volume @path in @image, or of the image itself if
 * @path is "/": one that was given, or typed.  The caller calls key->free(key), if it is set.
 * 0, -ENOKEY (there are no more), or -errno.
 */
int keys_choose(struct tool *t, const char *image, const char *path, unsigned int attempt,
		struct anyfs_key *key);
/*
 * Key number @nr, from 0, of a volume that will be made at @path: one of those that --key gives for
 * the path, else of those without a path, or one that is typed twice.  NULL: there are no more; if
 * there is not even one, ends the program.
 */
const void *keys_for_new(struct tool *t, const char *path, unsigned int nr, size_t *len);
/* End the program if keys_for_new() has not returned all keys that were given. */
void keys_check_used(struct tool *t);
/* Do not ask for passwords, because the program works without keys that were not given. */
void keys_never_ask(void);
/*
 * Before the sandbox: load what unlocking needs, if there are keys or a person can be
 * asked; @alive: see prompt_prepare().  0 or -errno with a text of the library.
 */
int keys_prepare(int alive);
/*
 * End the program if a key was given for a path that leads to no volume of @image: a mistyped
 * path would leave the volume closed.
 */
void keys_check(struct tool *t, struct anyfs_image *image);
/* Fill in the members of @opts that unlock volumes. */
void keys_configure(struct tool *t, struct anyfs_image_opts *opts);

#endif /* ANYFS_KEYS_H */
