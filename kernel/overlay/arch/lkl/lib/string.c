// SPDX-License-Identifier: GPL-2.0
/*
 * string.c - memory functions: short ranges here, long ones by the host's libc,
 * which is optimised for the processor
 */
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>
#include <asm/lkl.h>

/* Up to this many bytes, a call of the host costs more than it saves. */
#define SHORT	32

/* Two overlapping words cover any length between one and two words. */
static __always_inline void copy_short(u8 *d, const u8 *s, size_t len)
{
	if (len >= 16) {
		u64 a = get_unaligned((const u64 *)s);
		u64 b = get_unaligned((const u64 *)(s + 8));
		u64 c = get_unaligned((const u64 *)(s + len - 16));
		u64 e = get_unaligned((const u64 *)(s + len - 8));

		put_unaligned(a, (u64 *)d);
		put_unaligned(b, (u64 *)(d + 8));
		put_unaligned(c, (u64 *)(d + len - 16));
		put_unaligned(e, (u64 *)(d + len - 8));
	} else if (len >= 8) {
		u64 a = get_unaligned((const u64 *)s);
		u64 b = get_unaligned((const u64 *)(s + len - 8));

		put_unaligned(a, (u64 *)d);
		put_unaligned(b, (u64 *)(d + len - 8));
	} else if (len >= 4) {
		u32 a = get_unaligned((const u32 *)s);
		u32 b = get_unaligned((const u32 *)(s + len - 4));

		put_unaligned(a, (u32 *)d);
		put_unaligned(b, (u32 *)(d + len - 4));
	} else if (len) {
		u8 a = s[0], b = s[len / 2], c = s[len - 1];

		d[0] = a;
		d[len / 2] = b;
		d[len - 1] = c;
	}
}

#undef memcpy
void *memcpy(void *dst, const void *src, size_t len)
{
	if (len > SHORT)
		return lkl_host->memcpy(dst, src, len);
	copy_short(dst, src, len);
	return dst;
}
EXPORT_SYMBOL(memcpy);

/* copy_short() reads everything before it writes, so the ranges may overlap. */
#undef memmove
void *memmove(void *dst, const void *src, size_t len)
{
	if (len > SHORT)
		return lkl_host->memmove(dst, src, len);
	copy_short(dst, src, len);
	return dst;
}
EXPORT_SYMBOL(memmove);

#undef memset
void *memset(void *dst, int byte, size_t len)
{
	u64 word = (u8)byte * 0x0101010101010101ULL;
	u8 *d = dst;

	if (len > SHORT)
		return lkl_host->memset(dst, byte, len);
	if (len >= 8) {
		size_t i;

		for (i = 0; i + 8 <= len; i += 8)
			put_unaligned(word, (u64 *)(d + i));
		put_unaligned(word, (u64 *)(d + len - 8));
	} else if (len >= 4) {
		put_unaligned((u32)word, (u32 *)d);
		put_unaligned((u32)word, (u32 *)(d + len - 4));
	} else if (len) {
		d[0] = byte;
		d[len / 2] = byte;
		d[len - 1] = byte;
	}
	return dst;
}
EXPORT_SYMBOL(memset);

#undef memcmp
int memcmp(const void *a, const void *b, size_t len)
{
	const u8 *x = a, *y = b;

	if (len > SHORT)
		return lkl_host->memcmp(a, b, len);
	for (; len; len--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}
EXPORT_SYMBOL(memcmp);
