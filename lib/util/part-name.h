/* SPDX-License-Identifier: GPL-2.0 */
/*
 * part-name.h - "p12", the name of a partition in a path
 */
#ifndef ANYFS_PART_NAME_H
#define ANYFS_PART_NAME_H

#include <limits.h>
#include <stddef.h>

/* Parse a decimal number without leading zeros, up to INT_MAX.  Returns its end, or NULL. */
static inline const char *part_number_parse(const char *p, unsigned int *number)
{
	unsigned long long n = 0;

	if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
		return NULL;
	for (; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > INT_MAX)
			return NULL;
	}
	*number = n;
	return p;
}

/* Parse "p12" or "P12" at the beginning of @p.  Returns its end, or NULL. */
static inline const char *part_name_parse(const char *p, unsigned int *number)
{
	return *p == 'p' || *p == 'P' ? part_number_parse(p + 1, number) : NULL;
}

#endif /* ANYFS_PART_NAME_H */
