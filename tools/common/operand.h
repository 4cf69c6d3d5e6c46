/* SPDX-License-Identifier: GPL-2.0 */
/*
 * operand.h - arguments that name a path of the host or a path in an image
 *
 * IMAGE:/PATH, or IMAGE: for the root of the image, is in an image: the first ":/" that is
 * not part of "://" ends the name of the image.  Everything else is a path of the host; one
 * that contains ":/" is written with "://".
 */
#ifndef ANYFS_OPERAND_H
#define ANYFS_OPERAND_H

#include "tool.h"

struct operand {
	const char *text;		/* as given */
	char *image;			/* NULL: a path of the host */
	const char *path;
};

/* Parse @text, which must stay valid. */
struct operand operand_parse(struct tool *t, const char *text);
/* True if both are the same image; false if one is a path of the host. */
bool operand_same_image(const struct operand *a, const struct operand *b);

#endif /* ANYFS_OPERAND_H */
