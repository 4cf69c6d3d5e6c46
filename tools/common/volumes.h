/* SPDX-License-Identifier: GPL-2.0 */
/*
 * volumes.h - volumes that the user describes on the command line (--crypt)
 */
#ifndef ANYFS_VOLUMES_H
#define ANYFS_VOLUMES_H

#include "tool.h"

/*
 * Take the value of --crypt: [PATH:]TYPE[,OPTION[=VALUE]]...  Ends the program on a bad
 * value.  Changes @text and keeps pointers into it.
 */
void volumes_add(struct tool *t, char *text);
/* Whether --crypt was given. */
bool volumes_given(void);
/* Before the sandbox: open the files of headers and hashes.  0 or -errno with a text. */
int volumes_prepare(void);
/* Describe the volumes to @image.  0 or -errno with a text. */
int volumes_configure(struct anyfs_image *image);

#endif /* ANYFS_VOLUMES_H */
