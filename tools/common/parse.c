// SPDX-License-Identifier: GPL-2.0
/*
 * parse.c - parse sizes and times of the command line
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "options.h"
#include "parse.h"

bool parse_size(const char *text, uint64_t *size)
{
	static const char units[] = "KMGTPE";
	const char *unit;
	long double value;
	char *end;

	if (*text < '0' || *text > '9' || strpbrk(text, "xXpP") == text + 1)
		return false;
	value = strtold(text, &end);
	unit = *end ? strchr(units, *end >= 'a' ? *end - 'a' + 'A' : *end) : NULL;
	for (const char *u = units; unit && u <= unit; u++)
		value *= 1024;
	if (end[!!unit] || value > INT64_MAX)
		return false;
	*size = value;
	return *size == value;
}

/* Parse ".123456789" or nothing. */
static bool parse_fraction(const char **p, long *nsec)
{
	long unit = 100000000;

	*nsec = 0;
	if (**p != '.' && **p != ',')
		return true;
	++*p;
	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; ++*p, unit /= 10)
		*nsec += unit * (**p - '0');
	return true;
}

/* Parse "Z", "+01:00" or nothing, which sets *@local. */
static bool parse_zone(const char *p, bool *local, long *offset)
{
	int sign, hours, minutes, used;

	*local = !*p;
	*offset = 0;
	if (!*p || !strcmp(p, "Z"))
		return true;
	sign = *p == '-' ? -1 : 1;
	if ((*p != '+' && *p != '-') ||
	    (sscanf(p + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 &&
	     sscanf(p + 1, "%2d%2d%n", &hours, &minutes, &used) != 2))
		return false;
	*offset = sign * (hours * 3600L + minutes * 60L);
	return !p[1 + used] && hours < 24 && minutes < 60;
}

static bool parse_epoch(const char *text, struct timespec *ts)
{
	const char *p;
	char *end;

	ts->tv_sec = strtoll(text, &end, 10);
	p = end;
	if (p == text || !parse_fraction(&p, &ts->tv_nsec) || *p)
		return false;
	/* "-1.5" is half a second after -2. */
	if (*text == '-' && ts->tv_nsec) {
		ts->tv_sec--;
		ts->tv_nsec = 1000000000 - ts->tv_nsec;
	}
	return true;
}

bool parse_time(const char *text, struct timespec *ts)
{
	struct tm tm = { .tm_isdst = -1 };
	const char *p, *more;
	bool local;
	long offset;

	if (*text == '@')
		return parse_epoch(text + 1, ts);
	p = strptime(text, "%Y-%m-%d", &tm);
	if (!p)
		return false;
	ts->tv_nsec = 0;
	if (*p == ' ' || *p == 'T') {
		p = strptime(p + 1, "%H:%M", &tm);
		if (!p)
			return false;
		more = strptime(p, ":%S", &tm);
		if (more) {
			p = more;
			if (!parse_fraction(&p, &ts->tv_nsec))
				return false;
		}
		p += *p == ' ';
	}
	if (!parse_zone(p, &local, &offset))
		return false;
	ts->tv_sec = local ? mktime(&tm) : timegm(&tm) - offset;
	return true;
}
