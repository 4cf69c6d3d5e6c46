// SPDX-License-Identifier: GPL-2.0
/*
 * crc32.c - CRC-32 and CRC-32C by instructions of the processor, if it has them
 *
 * ext4, xfs, btrfs and others check every block of metadata with CRC-32C, f2fs and others
 * use CRC-32.  These functions replace the weak ones of lib/crc32.c, which the drivers
 * crc32-generic and crc32c-generic of the crypto API call.
 */
#include <linux/align.h>
#include <linux/compiler.h>
#include <linux/crc32.h>
#include <linux/linkage.h>
#include <linux/minmax.h>
#include <linux/types.h>
#include <linux/unaligned.h>
#include <asm/cpufeature.h>

/* From this length, three streams at once are faster than one. */
#define THREE_STREAMS	256
/* crc32_pclmul_le_16() takes blocks of 16 bytes, at least four. */
#define BLOCK		16
#define FOUR_BLOCKS	(4 * BLOCK)

/* arch/x86/crypto/crc32c-pcl-intel-asm_64.S */
asmlinkage unsigned int crc_pcl(const u8 *p, int len, unsigned int crc);
/* arch/x86/crypto/crc32-pclmul_asm.S */
asmlinkage u32 crc32_pclmul_le_16(const u8 *p, size_t len, u32 crc);

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

static u32 by_three_streams(u32 crc, const u8 *p, size_t len)
{
	while (len) {
		int part = min(len, (size_t)1 << 30);

		crc = crc_pcl(p, part, crc);
		p += part;
		len -= part;
	}
	return crc;
}

u32 __pure __crc32c_le(u32 crc, unsigned char const *p, size_t len)
{
	if (!boot_cpu_has(X86_FEATURE_XMM4_2))
		return __crc32c_le_base(crc, p, len);
	if (len >= THREE_STREAMS && boot_cpu_has(X86_FEATURE_PCLMULQDQ))
		return by_three_streams(crc, p, len);
	return by_instruction(crc, p, len);
}

u32 __pure crc32_le(u32 crc, unsigned char const *p, size_t len)
{
	size_t head = -(unsigned long)p % BLOCK, middle;

	if (len < head + FOUR_BLOCKS || !boot_cpu_has(X86_FEATURE_PCLMULQDQ))
		return crc32_le_base(crc, p, len);
	crc = crc32_le_base(crc, p, head);
	p += head;
	len -= head;
	middle = ALIGN_DOWN(len, BLOCK);
	crc = crc32_pclmul_le_16(p, middle, crc);
	return crc32_le_base(crc, p + middle, len - middle);
}
