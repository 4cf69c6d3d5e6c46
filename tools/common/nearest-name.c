// SPDX-License-Identifier: GPL-2.0
/*
 * nearest-name.c - how much two names differ, to suggest the right one
 */
#include <limits.h>
#include <string.h>
#include "nearest-name.h"

#define NAME_MAX_LEN	20

/* Optimal string alignment: like the edit distance, but a swap of neighbours is one edit. */
static unsigned int distance_of(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned int d[NAME_MAX_LEN + 1][NAME_MAX_LEN + 1];

	if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN)
		return UINT_MAX;
	for (size_t i = 0; i <= la; i++)
		for (size_t j = 0; j <= lb; j++) {
			unsigned int least;

			if (!i || !j) {
				d[i][j] = i + j;
				continue;
			}
			least = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < least)
				least = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < least)
				least = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < least)
				least = d[i - 2][j - 2] + 1;
			d[i][j] = least;
		}
	return d[la][lb];
}

const char *nearest_name(const char *name, nth_name_fn *nth, const void *list)
{
	const char *other, *near = NULL;
	unsigned int best = UINT_MAX;

	for (size_t i = 0; (other = nth(list, i)); i++) {
		unsigned int distance = distance_of(name, other);

		if (distance < best && distance <= 2 && distance < strlen(name) / 2 + 1) {
			best = distance;
			near = other;
		}
	}
	return near;
}
