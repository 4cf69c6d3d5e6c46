/* SPDX-License-Identifier: GPL-2.0 */
/*
 * keys.h - keys of encrypted volumes, from the command line
 */
#ifndef ANYFS_KEYS_H
#define ANYFS_KEYS_H

#include "tool.h"

/*
 * Take the value of --key: [PATH:]file:FILE, [PATH:]fd:N or [PATH:]env:NAME.  The key is
 * read at once, before the program gives up its rights; ends the program on a bad one.
 */
void keys_add(struct tool *t, const char *text);
/* True if there is a key for any volume. */
bool keys_given(void);
/* For AnyfsImageOpts.key: the @attempt-th key for the volume @node. */
int keys_find(void *data, const struct anyfs_node *node, unsigned int attempt, AnyfsKey *key);

#endif /* ANYFS_KEYS_H */
