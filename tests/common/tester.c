// SPDX-License-Identifier: GPL-2.0
/*
 * tester.c - messages, options and random numbers of testers, see tester.h
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "tester.h"

void die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

unsigned long number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!*text || *end)
		die("%s: not a number", text);
	return n;
}

/* The generator is splitmix64. */
uint64_t random_mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

uint64_t random_next(struct random *r)
{
	return random_mix(r->state += 0x9e3779b97f4a7c15ull);
}

uint64_t random_below(struct random *r, uint64_t n)
{
	return random_next(r) % n;
}
