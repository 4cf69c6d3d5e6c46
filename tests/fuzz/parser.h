/* SPDX-License-Identifier: GPL-2.0 */
/*
 * parser.h - a parser of untrusted bytes that is fuzzed
 *
 *	parse-*.c		one program for each group of parsers
 *	parser-main.c		runs a parser over files and damaged copies of them
 *	parser-libfuzzer.c	runs it under libFuzzer, for tests/fuzz/parsers
 *	parser-disk.c		the bytes as a blockdev
 */
#ifndef TESTS_FUZZ_PARSER_H
#define TESTS_FUZZ_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct blockdev;

struct parser {
	/*
	 * Parse @len bytes; returns whether they were accepted.  The same bytes give the same
	 * result.
	 */
	bool (*parse)(const uint8_t *data, size_t len);
	/* Correct the checksums, so that the code after their checks is reached.  NULL: none. */
	void (*repair)(uint8_t *data, size_t len);
};

/* Defined by each program. */
extern const struct parser parser;

/*
 * parser-disk.c: a blockdev with a copy of @data, padded with zeros to @size bytes if that is
 * larger.
 */
struct blockdev *disk_of(const uint8_t *data, size_t len, uint64_t size);

#endif /* TESTS_FUZZ_PARSER_H */
