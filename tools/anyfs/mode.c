// SPDX-License-Identifier: GPL-2.0
/*
 * mode.c - parse modes like chmod(1)
 */
#include <string.h>
#include <sys/stat.h>
#include "mode.h"

#define UMASK	022

static bool octal(const char *spec, unsigned int *mode)
{
	unsigned int m = 0;

	for (; *spec >= '0' && *spec <= '7' && m <= 07777; spec++)
		m = m * 8 + (*spec - '0');
	*mode = m;
	return !*spec && m <= 07777;
}

/*
 * The mode bits of the letters at *@p, limited to the classes in @who (0700, 070, 07), plus
 * set-id and sticky bits.
 */
static unsigned int parse_bits(const char **p, unsigned int who, unsigned int old, bool is_dir)
{
	unsigned int bits = 0, all = 0;

	for (; **p && strchr("rwxXst", **p); ++*p) {
		switch (**p) {
		case 'r':
			all |= 0444;
			break;
		case 'w':
			all |= 0222;
			break;
		case 'X':
			if (!is_dir && !(old & 0111))
				break;
			/* fall through */
		case 'x':
			all |= 0111;
			break;
		case 's':
			bits |= (who & 0700 ? S_ISUID : 0) | (who & 0070 ? S_ISGID : 0);
			break;
		case 't':
			bits |= S_ISVTX;
			break;
		}
	}
	return bits | (all & who);
}

/* For "g=u": the three bits of the class @from, for each class in @who. */
static unsigned int copy_class(char from, unsigned int who, unsigned int old)
{
	unsigned int three = old >> (from == 'u' ? 6 : from == 'g' ? 3 : 0) & 7;

	return three * 0111 & who;
}

static unsigned int change(char op, unsigned int mode, unsigned int bits, unsigned int who)
{
	unsigned int special = (who & 0700 ? S_ISUID : 0) | (who & 0070 ? S_ISGID : 0) |
			       (who == 0777 ? S_ISVTX : 0);

	switch (op) {
	case '+':
		return mode | bits;
	case '-':
		return mode & ~bits;
	default:
		return (mode & ~(who | special)) | bits;
	}
}

/* Apply one clause, up to a comma or the end of the text. */
static bool apply_clause(const char **p, bool is_dir, unsigned int *mode)
{
	unsigned int who = 0, mask = 0777;

	for (; **p && strchr("ugoa", **p); ++*p)
		who |= **p == 'u' ? 0700 : **p == 'g' ? 0070 : **p == 'o' ? 0007 : 0777;
	if (!who) {
		who = 0777;
		mask = 0777 & ~UMASK;
	}
	if (!**p || !strchr("+-=", **p))
		return false;
	while (**p && strchr("+-=", **p)) {
		char op = *(*p)++;
		unsigned int bits;

		if (**p && strchr("ugo", **p))
			bits = copy_class(*(*p)++, who & mask, *mode);
		else
			bits = parse_bits(p, who & mask, *mode, is_dir);
		*mode = change(op, *mode, bits, who);
	}
	return true;
}

bool mode_apply(const char *spec, unsigned int old, bool is_dir, unsigned int *mode)
{
	*mode = old & 07777;
	if (*spec >= '0' && *spec <= '9')
		return octal(spec, mode);
	for (;;) {
		if (!apply_clause(&spec, is_dir, mode))
			return false;
		if (!*spec)
			return true;
		if (*spec++ != ',')
			return false;
	}
}
