// SPDX-License-Identifier: GPL-2.0
/*
 * crc32c.c - CRC-32C by an instruction of the processor, if it has one
 *
 * ext4, xfs, btrfs and others check every block of metadata with this sum.
 */
#include <linux/compiler.h>
#include <linux/crc32.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#ifdef __x86_64__

/* Intel SDM, CPUID leaf 1: SSE4.2 is bit 20 of ECX. */
static bool has_sse42(void)
{
	u32 eax = 1, ebx, ecx = 0, edx;

	asm("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return ecx & (1u << 20);
}

__attribute__((target("crc32")))
static u32 by_instruction(u32 crc, const u8 *p, size_t len)
{
	u64 crc64 = crc;

	for (; len >= 8; len -= 8, p += 8)
		crc64 = __builtin_ia32_crc32di(crc64, get_unaligned((const u64 *)p));
	for (crc = crc64; len; len--, p++)
		crc = __builtin_ia32_crc32qi(crc, *p);
	return crc;
}

/* Replaces the weak function of lib/crc32.c. */
u32 __pure __crc32c_le(u32 crc, unsigned char const *p, size_t len)
{
	static enum { UNKNOWN, TABLES, INSTRUCTION } how;

	/* CPUID may take long in a virtual machine: call it on first use only. */
	if (unlikely(how == UNKNOWN))
		how = has_sse42() ? INSTRUCTION : TABLES;
	return how == INSTRUCTION ? by_instruction(crc, p, len) : __crc32c_le_base(crc, p, len);
}

#endif
