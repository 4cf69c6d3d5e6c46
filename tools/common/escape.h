/* SPDX-License-Identifier: GPL-2.0 */
/*
 * escape.h - make text from images safe for terminals
 */
#ifndef ANYFS_ESCAPE_H
#define ANYFS_ESCAPE_H

#include <stdbool.h>

/*
 * A copy of @text, to be freed, with bytes that control a terminal written as \n, \x1b ...;
 * with @space blanks are escaped too.  NULL if out of memory.
 */
char *escape_text(const char *text, bool space);
/* Print @name unchanged, or escaped if stdout is a terminal. */
void print_name(const char *name);
/* Call this after standard output was redirected: print_name() then looks for a terminal again. */
void print_name_reset(void);
/*
 * Length of the UTF-8 sequence at @p, and its character in *@code; 0 if it is not valid
 * (overlong forms and surrogates are not).
 */
int utf8_len(const unsigned char *p, unsigned int *code);
/* True for control characters of ASCII and Latin-1 and those that change text direction. */
bool text_unsafe(unsigned int code);

#endif /* ANYFS_ESCAPE_H */
