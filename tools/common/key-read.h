/* SPDX-License-Identifier: GPL-2.0 */
/*
 * key-read.h - read a key that an option gives
 */
#ifndef ANYFS_KEY_READ_H
#define ANYFS_KEY_READ_H

#include "tool.h"

struct key {
	struct key *next;
	char *path;			/* of the volume; NULL: any */
	char *data;
	size_t len;
	bool used;			/* for a volume that is made */
};

/* Read the key that @text, "[PATH:]SOURCE:VALUE", names.  Ends the program on a mistake. */
struct key *key_read(struct tool *t, const char *text);

#endif /* ANYFS_KEY_READ_H */
