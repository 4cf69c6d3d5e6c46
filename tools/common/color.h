/* SPDX-License-Identifier: GPL-2.0 */
/*
 * color.h - colours on terminals (--color, NO_COLOR, LS_COLORS)
 */
#ifndef ANYFS_COLOR_H
#define ANYFS_COLOR_H

#include "tool.h"

/* --color[=WHEN]; without @when, "always". */
void color_option(struct tool *t, const char *when);
/* Whether to print colours: as --color says, else on a terminal unless NO_COLOR is set. */
bool color_wanted(void);
/* Back to the default, before the next verb of a session. */
void color_reset(void);

/*
 * Begin the colour that ls(1) gives to a file with the mode @mode and the name @name, by
 * LS_COLORS or its own default.  False if there is no colour; else the caller calls color_end().
 */
bool color_file(unsigned int mode, const char *name);
/* Begin the colour @code, such as "1" or "31". */
void color_begin(const char *code);
void color_end(void);

#define COLOR_OPTION(value)	{ "color", optional_argument, NULL, value }
#define COLOR_HELP	"  --color[=WHEN]    colours: always, never, or auto (default): on a terminal, unless\n" \
			"                    NO_COLOR is set\n"

#endif /* ANYFS_COLOR_H */
