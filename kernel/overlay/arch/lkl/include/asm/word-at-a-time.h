/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_LKL_WORD_AT_A_TIME_H
#define _ASM_LKL_WORD_AT_A_TIME_H

#include <asm-generic/word-at-a-time.h>
#include <asm/page.h>

/* There is no fixup for a fault: stay inside the page instead. */
static inline unsigned long load_unaligned_zeropad(const void *addr)
{
	unsigned long left = PAGE_SIZE - ((unsigned long)addr & ~PAGE_MASK);
	unsigned long word = 0;
	unsigned int i;

	if (likely(left >= sizeof(word)))
		return *(const unsigned long *)addr;
	for (i = 0; i < left; i++)
		word |= (unsigned long)((const unsigned char *)addr)[i] << (8 * i);
	return word;
}

#endif
