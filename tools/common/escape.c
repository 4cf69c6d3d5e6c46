// SPDX-License-Identifier: GPL-2.0
/*
 * escape.c - make text from images safe for terminals
 *
 * Names and labels are hostile: they may contain escape sequences, line breaks and bytes
 * that are not UTF-8.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "escape.h"

int utf8_len(const unsigned char *p, unsigned int *code)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int len = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;
	unsigned int c;

	if (len == 1)
		*code = *p;
	if (len < 2)
		return len;
	c = *p & (0x7f >> len);
	for (int i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*code = c;
	return len;
}

bool text_unsafe(unsigned int code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e ||
	       code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

static char *escape_byte(char *out, unsigned char c)
{
	switch (c) {
	case '\n':
		return stpcpy(out, "\\n");
	case '\t':
		return stpcpy(out, "\\t");
	default:
		return out + sprintf(out, "\\x%02x", c);
	}
}

char *escape_text(const char *text, bool space)
{
	const unsigned char *p = (const unsigned char *)text;
	char *out = malloc(strlen(text) * 4 + 1), *o = out;
	unsigned int code = 0;

	if (!out)
		return NULL;
	while (*p) {
		int len = utf8_len(p, &code);

		if (!len || text_unsafe(code) || (space && *p == ' ')) {
			for (len = len ? len : 1; len; len--)
				o = escape_byte(o, *p++);
			continue;
		}
		memcpy(o, p, len);
		o += len;
		p += len;
	}
	*o = '\0';
	return out;
}

static int terminal = -1;	/* whether standard output is a terminal; -1: not known yet */

void print_name_reset(void)
{
	terminal = -1;
}

void print_name(const char *name)
{
	char *safe;

	if (terminal < 0)
		terminal = isatty(STDOUT_FILENO);
	if (!terminal) {
		fputs(name, stdout);
		return;
	}
	safe = escape_text(name, false);
	fputs(safe ? safe : "?", stdout);
	free(safe);
}
