// SPDX-License-Identifier: GPL-2.0
/*
 * parser-libfuzzer.c - run a parser under libFuzzer, which is part of clang
 */
#include "parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t max);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len)
		parser.parse(data, len);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max, unsigned int seed)
{
	len = LLVMFuzzerMutate(data, len, max);
	if (parser.repair && seed % 8)
		parser.repair(data, len);
	return len;
}
