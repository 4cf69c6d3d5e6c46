/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tester.h - what the programs share that make many inputs from one seed
 */
#ifndef TESTS_COMMON_TESTER_H
#define TESTS_COMMON_TESTER_H

#include <stdint.h>

/* The tester itself cannot go on: one line on stderr, exit 2. */
void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* An option's value. */
unsigned long number(const char *text);

/* A generator that gives the same numbers for the same start; any start will do. */
struct random {
	uint64_t state;
};
uint64_t random_next(struct random *r);
/* 0 ... @n - 1 */
uint64_t random_below(struct random *r, uint64_t n);
/* One number for each @x, with nothing to see of it. */
uint64_t random_mix(uint64_t x);

#endif /* TESTS_COMMON_TESTER_H */
