// SPDX-License-Identifier: GPL-2.0
/*
 * color.c - colours on terminals (--color, NO_COLOR, LS_COLORS)
 *
 * LS_COLORS has entries KEY=CODES with colons between: two letters for a type of file, or "*" and
 * the end of a name.  Codes that are not digits and semicolons are ignored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "color.h"
#include "options.h"
#include <lkl/linux/stat.h>

enum when { AUTO, ALWAYS, NEVER };

static enum when when;

void color_option(struct tool *t, const char *text)
{
	if (!text || !strcmp(text, "always"))
		when = ALWAYS;
	else if (!strcmp(text, "never"))
		when = NEVER;
	else if (!strcmp(text, "auto"))
		when = AUTO;
	else
		tool_usage(t, "--color=%s: give always, never or auto", text);
}

void color_reset(void)
{
	when = AUTO;
}

bool color_wanted(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when != AUTO)
		return when == ALWAYS;
	return isatty(STDOUT_FILENO) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

/* The key of LS_COLORS for the type of file, and in *@codes what ls(1) uses by default. */
static const char *type_key(unsigned int mode, const char **codes)
{
	/* The first one with the type, and with all of the bits, decides. */
	static const struct { unsigned int type, bits; const char *key, *codes; } types[] = {
		{ LKL_S_IFDIR, LKL_S_ISVTX | 0002, "tw", "30;42" },
		{ LKL_S_IFDIR, 0002, "ow", "34;42" }, { LKL_S_IFDIR, LKL_S_ISVTX, "st", "37;44" },
		{ LKL_S_IFDIR, 0, "di", "01;34" }, { LKL_S_IFREG, LKL_S_ISUID, "su", "37;41" },
		{ LKL_S_IFREG, LKL_S_ISGID, "sg", "30;43" }, { LKL_S_IFLNK, 0, "ln", "01;36" },
		{ LKL_S_IFIFO, 0, "pi", "33" }, { LKL_S_IFSOCK, 0, "so", "01;35" },
		{ LKL_S_IFBLK, 0, "bd", "01;33" }, { LKL_S_IFCHR, 0, "cd", "01;33" },
	};
	unsigned int type = mode & LKL_S_IFMT;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == type && (mode & types[i].bits) == types[i].bits) {
			*codes = types[i].codes;
			return types[i].key;
		}
	*codes = mode & 0111 ? "01;32" : "";
	return mode & 0111 ? "ex" : "fi";
}

static bool ends_with(const char *name, const char *end, size_t len)
{
	size_t n = strlen(name);

	return n >= len && !strncmp(name + n - len, end, len);
}

/* The codes of the last entry of LS_COLORS for @key or, if @key is NULL, for the end of @name. */
static const char *find_codes(const char *key, const char *name, size_t *len)
{
	const char *p = getenv("LS_COLORS"), *found = NULL;

	while (p && *p) {
		size_t entry = strcspn(p, ":"), k = strcspn(p, "=:");
		bool match = k < entry && (key ? k == strlen(key) && !strncmp(p, key, k) :
					  *p == '*' && ends_with(name, p + 1, k - 1));
		size_t n = match ? strspn(p + k + 1, "0123456789;") : 0;

		if (match && k + 1 + n == entry) {
			found = p + k + 1;
			*len = n;
		}
		p += entry + (p[entry] == ':');
	}
	return found;
}

bool color_file(unsigned int mode, const char *name)
{
	const char *codes, *key = type_key(mode, &codes), *own;
	size_t len = strlen(codes);

	own = strcmp(key, "fi") ? NULL : find_codes(NULL, name, &len);
	if (!own)
		own = find_codes(key, name, &len);
	if (own)
		codes = own;
	if (!len || (len == 1 && *codes == '0') || (len == 2 && !strncmp(codes, "00", 2)))
		return false;
	printf("\033[%.*sm", (int)len, codes);
	return true;
}

void color_begin(const char *code)
{
	printf("\033[%sm", code);
}

void color_end(void)
{
	fputs("\033[0m", stdout);
}
