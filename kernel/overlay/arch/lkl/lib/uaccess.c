// SPDX-License-Identifier: GPL-2.0
/*
 * uaccess.c - read strings of the caller
 *
 * The generic versions read whole words, and rely on a fixup if a word crosses
 * into a page that is not mapped.  There are no fixups here: stay inside the page.
 */
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/uaccess.h>
#include <asm/page.h>
#include <asm/word-at-a-time.h>

/* Length of @s without its terminating NUL, at most @max. */
static size_t string_length(const char *s, size_t max)
{
	const struct word_at_a_time c = WORD_AT_A_TIME_CONSTANTS;
	unsigned long data;
	size_t n = 0;

	while (n < max) {
		const char *p = s + n;

		if (((unsigned long)p & ~PAGE_MASK) <= PAGE_SIZE - sizeof(long)) {
			unsigned long word = *(const unsigned long *)p;

			if (has_zero(word, &data, &c)) {
				data = prep_zero_mask(word, data, &c);
				return min(max, n + find_zero(create_zero_mask(data)));
			}
			n += sizeof(long);
		} else {
			if (!*p)
				return n;
			n++;
		}
	}
	return max;
}

long strncpy_from_user(char *dst, const char __user *src, long count)
{
	long n;

	if (unlikely(count <= 0))
		return 0;
	if (!access_ok(src, 1))
		return -EFAULT;
	n = string_length((const char __force *)src, count);
	memcpy(dst, (const char __force *)src, n < count ? n + 1 : n);
	return n;
}
EXPORT_SYMBOL(strncpy_from_user);

long strnlen_user(const char __user *str, long count)
{
	if (unlikely(count <= 0) || !access_ok(str, 1))
		return 0;
	return string_length((const char __force *)str, count) + 1;
}
EXPORT_SYMBOL(strnlen_user);
