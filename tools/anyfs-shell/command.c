// SPDX-License-Identifier: GPL-2.0
/*
 * command.c - parse a line: words, quotes, redirections, and a pipe to the host
 *
 * Quotes work like in sh(1).  Patterns are left to the verbs, because they match names of the
 * image.  The text after a "|" is a command of the host, which sh(1) parses.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "shell.h"
#include "words.h"

enum token { TOKEN_END, TOKEN_WORD, TOKEN_PIPE, TOKEN_IN, TOKEN_OUT, TOKEN_APPEND, TOKEN_BAD };

static enum token take_token(const char **at, char *text)
{
	const char *p = *at + strspn(*at, WORD_BLANKS);

	*at = p;
	if (!*p || *p == '#')
		return TOKEN_END;
	*at = p + 1;
	switch (*p) {
	case '|':
		return TOKEN_PIPE;
	case '<':
		return TOKEN_IN;
	case '>':
		*at += p[1] == '>';
		return p[1] == '>' ? TOKEN_APPEND : TOKEN_OUT;
	default:
		*at = p;
		return word_take(at, "|<>", text) ? TOKEN_WORD : TOKEN_BAD;
	}
}

static bool add_word(struct command *c, const char *text)
{
	char **more = reallocarray(c->words, c->nr + 2, sizeof(*more));

	if (!more)
		return false;
	c->words = more;
	c->words[c->nr] = strdup(text);
	if (!c->words[c->nr])
		return false;
	c->words[++c->nr] = NULL;
	return true;
}

static bool add_file(struct command *c, enum token token, const char **at, char *text)
{
	char **file = token == TOKEN_IN ? &c->in : &c->out;

	if (take_token(at, text) != TOKEN_WORD) {
		shell_error("a file name must follow < or >");
		return false;
	}
	free(*file);
	*file = strdup(text);
	c->append = token == TOKEN_APPEND;
	return *file;
}

static bool add_pipe(struct command *c, const char *rest)
{
	rest += strspn(rest, WORD_BLANKS);
	if (!*rest || !c->nr) {
		shell_error(c->nr ? "a command of the host must follow |" : "a verb must precede |");
		return false;
	}
	c->pipe = strdup(rest);
	return c->pipe;
}

static bool parse_tokens(const char *line, struct command *c, char *text)
{
	for (;;) {
		enum token token = take_token(&line, text);

		switch (token) {
		case TOKEN_END:
			return true;
		case TOKEN_WORD:
			if (!add_word(c, text))
				return false;
			break;
		case TOKEN_PIPE:
			return add_pipe(c, line);
		case TOKEN_BAD:
			shell_error("a quote is not closed");
			return false;
		default:
			if (!add_file(c, token, &line, text))
				return false;
		}
	}
}

bool command_parse(const char *line, struct command *c)
{
	char *text = malloc(strlen(line) + 1);
	bool ok;

	*c = (struct command){ 0 };
	if (!text)
		return false;
	line += strspn(line, WORD_BLANKS);
	if (*line == '!') {
		c->host = strdup(line + 1);
		free(text);
		return c->host;
	}
	ok = parse_tokens(line, c, text);
	if (ok && c->pipe && c->out) {
		shell_error("the output goes to a file or to a pipe, not to both");
		ok = false;
	}
	free(text);
	if (!ok)
		command_free(c);
	return ok;
}

bool command_split(const char *line, struct command *c)
{
	char *text = malloc(strlen(line) + 1);
	size_t len = strlen(line);
	bool ok = text;

	*c = (struct command){ 0 };
	while (ok) {
		enum token token = take_token(&line, text);

		if (token == TOKEN_END)
			break;
		/* The word before the cursor may have an open quote. */
		ok = (token == TOKEN_WORD || (token == TOKEN_BAD && !*line)) && add_word(c, text);
		len = strlen(line);
	}
	if (ok && (!c->nr || len))
		ok = add_word(c, "");
	free(text);
	if (!ok)
		command_free(c);
	return ok;
}

void command_free(struct command *c)
{
	for (size_t i = 0; i < c->nr; i++)
		free(c->words[i]);
	free(c->words);
	free(c->host);
	free(c->pipe);
	free(c->in);
	free(c->out);
	*c = (struct command){ 0 };
}
