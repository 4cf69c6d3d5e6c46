/* SPDX-License-Identifier: GPL-2.0 */
/*
 * words.h - split text into words, with the quotes of sh(1)
 */
#ifndef ANYFS_WORDS_H
#define ANYFS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define WORD_BLANKS	" \t\r\n"

/*
 * Take one word from *@at, which ends at a blank or one of @stops outside of quotes.  Its text,
 * without quotes, goes to @text, which has room for the rest of *@at.  False if a quote is open.
 */
bool word_take(const char **at, const char *stops, char *text);
/* Split @text into a NULL-terminated array of *@nr words.  NULL: a quote is open, or no memory. */
char **words_split(const char *text, size_t *nr);
void words_free(char **words);

#endif /* ANYFS_WORDS_H */
