// SPDX-License-Identifier: GPL-2.0
/*
 * grep-color.c - the colours of grep: GREP_COLORS
 *
 * The variable has entries KEY=CODES, or KEY alone for a switch, separated by colons.  Like GNU
 * grep, ignore other keys, and stop at the first entry whose codes are not digits and
 * semicolons.
 */
#include <stdlib.h>
#include <string.h>
#include "grep.h"

static const struct {
	const char *key;
	unsigned int colors;		/* bits of enum grep_color */
} keys[] = {
	{ "mt", 1u << GREP_COLOR_MATCH | 1u << GREP_COLOR_CONTEXT_MATCH },
	{ "ms", 1u << GREP_COLOR_MATCH }, { "mc", 1u << GREP_COLOR_CONTEXT_MATCH },
	{ "sl", 1u << GREP_COLOR_SELECTED }, { "cx", 1u << GREP_COLOR_CONTEXT },
	{ "fn", 1u << GREP_COLOR_FILE }, { "ln", 1u << GREP_COLOR_LINE },
	{ "se", 1u << GREP_COLOR_SEPARATOR },
};

static void set(struct grep_palette *p, enum grep_color color, const char *codes, size_t len)
{
	p->codes[color] = codes;
	p->len[color] = len;
}

static void set_key(struct grep_palette *p, const char *key, size_t key_len, const char *codes,
		    size_t len)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strlen(keys[i].key) != key_len || strncmp(keys[i].key, key, key_len))
			continue;
		for (unsigned int color = 0; color < GREP_COLORS; color++)
			if (keys[i].colors & 1u << color)
				set(p, color, codes, len);
	}
}

/* False if the codes are wrong. */
static bool take_entry(struct grep_palette *p, const char *text, size_t len)
{
	const char *equals = memchr(text, '=', len);
	size_t key = equals ? equals - text : len, codes = equals ? len - key - 1 : 0;

	p->reverse |= !equals && len == 2 && !strncmp(text, "rv", 2);
	p->keep_rest |= !equals && len == 2 && !strncmp(text, "ne", 2);
	if (!equals)
		return true;
	if (strspn(equals + 1, "0123456789;") < codes)
		return false;
	set_key(p, text, key, equals + 1, codes);
	return true;
}

void grep_palette_init(struct grep_palette *p)
{
	static const char *const defaults[GREP_COLORS] = {
		[GREP_COLOR_MATCH] = "01;31", [GREP_COLOR_CONTEXT_MATCH] = "01;31",
		[GREP_COLOR_SELECTED] = "", [GREP_COLOR_CONTEXT] = "", [GREP_COLOR_FILE] = "35",
		[GREP_COLOR_LINE] = "32", [GREP_COLOR_SEPARATOR] = "36",
	};
	const char *text = getenv("GREP_COLORS");

	*p = (struct grep_palette){ 0 };
	for (unsigned int color = 0; color < GREP_COLORS; color++)
		set(p, color, defaults[color], strlen(defaults[color]));
	while (text && *text) {
		size_t len = strcspn(text, ":");

		if (!take_entry(p, text, len))
			break;
		text += len + (text[len] == ':');
	}
}

bool grep_has_color(const struct grep *g, enum grep_color color)
{
	return g->color && g->palette.len[color];
}

/* \033[K clears the rest of the line, which may have the wrong background after a scroll. */
static const char *clear_rest(const struct grep *g)
{
	return g->palette.keep_rest ? "" : "\033[K";
}

void grep_color_begin(const struct grep *g, enum grep_color color)
{
	if (grep_has_color(g, color))
		printf("\033[%.*sm%s", (int)g->palette.len[color], g->palette.codes[color],
		       clear_rest(g));
}

void grep_color_end(const struct grep *g, enum grep_color color)
{
	if (grep_has_color(g, color))
		printf("\033[m%s", clear_rest(g));
}
