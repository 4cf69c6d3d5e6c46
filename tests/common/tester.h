/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tester.h - functions of the programs that make many inputs from one seed
 */
#ifndef TESTS_COMMON_TESTER_H
#define TESTS_COMMON_TESTER_H

#include <stdint.h>

/* The tester itself has failed: print one line to stderr and exit with 2. */
void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* The number in the value of an option; dies if the value is not a number. */
unsigned long number(const char *text);

/*
 * A generator of pseudo-random numbers.  The same state gives the same numbers; any state is
 * valid.
 */
struct random {
	uint64_t state;
};
uint64_t random_next(struct random *r);
/* 0 ... @n - 1 */
uint64_t random_below(struct random *r, uint64_t n);
/* A hash of @x: similar values give unrelated numbers. */
uint64_t random_mix(uint64_t x);

#endif /* TESTS_COMMON_TESTER_H */
