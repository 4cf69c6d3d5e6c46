// SPDX-License-Identifier: GPL-2.0
/*
 * words.c - split text into words, with the quotes of sh(1)
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "words.h"

bool word_take(const char **at, const char *stops, char *text)
{
	const char *p = *at;
	char quote = '\0';

	for (; *p && (quote || (!strchr(WORD_BLANKS, *p) && !strchr(stops, *p))); p++) {
		if (quote && *p == quote)
			quote = '\0';
		else if (!quote && (*p == '\'' || *p == '"'))
			quote = *p;
		else if (*p == '\\' && p[1] && (!quote || (quote == '"' && strchr("\\\"", p[1]))))
			*text++ = *++p;
		else
			*text++ = *p;
	}
	*text = '\0';
	*at = p;
	return !quote;
}

char **words_split(const char *text, size_t *nr)
{
	char *word = malloc(strlen(text) + 1);
	char **words = calloc(strlen(text) / 2 + 2, sizeof(*words));
	bool ok = word && words;

	*nr = 0;
	while (ok) {
		text += strspn(text, WORD_BLANKS);
		if (!*text)
			break;
		ok = word_take(&text, "", word) && (words[(*nr)++] = strdup(word));
	}
	free(word);
	if (ok)
		return words;
	words_free(words);
	return NULL;
}

void words_free(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}
