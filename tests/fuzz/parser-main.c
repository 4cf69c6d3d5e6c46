// SPDX-License-Identifier: GPL-2.0
/*
 * parser-main.c - run a parser over files, and over damaged copies of each file
 *
 *	parse-NAME [--mutants N] [--first N] [--seed N] [-v] FILE...
 *
 * Most damage is where headers and tables are: at the beginning, at the end, and at some
 * places in between.  The seed and the number of a copy determine its damage; -v prints each
 * number, and --first starts with that copy.  The program prints the number of accepted
 * copies.  A fault or the sanitizer ends the program.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "parser.h"
#include "tester.h"

static struct {
	unsigned long mutants, first, seed;
	bool verbose;
} options = { .seed = 1 };

static struct {
	uint8_t *data;
	size_t len;
} file;

static void load(const char *path)
{
	FILE *f = fopen(path, "rb");
	long len;

	if (!f || fseek(f, 0, SEEK_END) || (len = ftell(f)) <= 0)
		die("%s: cannot be read", path);
	rewind(f);
	file.len = len;
	file.data = malloc(file.len);
	if (!file.data || fread(file.data, 1, file.len, f) != file.len)
		die("%s: cannot be read", path);
	fclose(f);
}

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Choose an offset, mostly one with metadata. */
static size_t pick(struct random *r, size_t len)
{
	switch (random_below(r, 4)) {
	case 0:
		return random_below(r, min(len, 512));
	case 1:
		return len - 1 - random_below(r, min(len, 512));
	case 2:
		return random_below(r, min(len, 2 << 20));
	default:
		return random_below(r, min(len, 4096));
	}
}

/* Set a number of one to eight bytes. */
static void damage(struct random *r, uint8_t *copy, size_t len)
{
	static const uint64_t values[] = {
		0, 1, 511, 512, 0x7fffffff, 0xffffffff, 0x8000000000000000ull, ~0ull, 1ull << 40,
	};
	size_t width = 1u << random_below(r, 4), at = pick(r, len) / width * width;
	uint64_t value = values[random_below(r, sizeof(values) / sizeof(values[0]))];
	bool big = random_below(r, 2);

	if (random_below(r, 2))
		value = random_next(r) >> random_below(r, 64);
	for (size_t i = 0; i < width && at + i < len; i++)
		copy[at + i] = value >> 8 * (big ? width - 1 - i : i);
}

/* Make and parse damaged copy @number; number 0 is the unchanged file. */
static bool try_copy(unsigned long number)
{
	struct random r = { random_mix(options.seed << 32 ^ number) };
	size_t len = file.len;
	uint8_t *copy;
	bool accepted;

	if (number && !random_below(&r, 16))
		len = 1 + random_below(&r, len);
	/* The exact size lets a sanitizer detect reads beyond the end. */
	copy = malloc(len);
	if (!copy)
		die("out of memory");
	memcpy(copy, file.data, len);
	for (uint64_t n = number ? 1 + random_below(&r, 4) : 0; n; n--)
		damage(&r, copy, len);
	if (number && parser.repair && random_below(&r, 2))
		parser.repair(copy, len);
	accepted = parser.parse(copy, len);
	free(copy);
	return accepted;
}

static void parse_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "mutants", required_argument, NULL, 'm' },
		{ "first", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "v", longs, NULL)) != -1) {
		switch (c) {
		case 'm': options.mutants = number(optarg); break;
		case 'f': options.first = number(optarg); break;
		case 's': options.seed = number(optarg); break;
		case 'v': options.verbose = true; break;
		default: exit(2);
		}
	}
	if (optind == argc)
		die("usage: parse-NAME [OPTIONS] FILE...; see the head of parser-main.c");
}

int main(int argc, char **argv)
{
	parse_options(argc, argv);
	for (int i = optind; i < argc; i++) {
		unsigned long accepted = 0, end = options.first + options.mutants + 1;

		load(argv[i]);
		for (unsigned long n = options.first; n < end; n++) {
			if (options.verbose)
				fprintf(stderr, "%s: copy %lu\n", argv[i], n);
			accepted += try_copy(n);
		}
		free(file.data);
		printf("%s: %lu of %lu were accepted\n", argv[i], accepted,
		       options.mutants + 1);
	}
	return 0;
}
