/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hex.h - hexadecimal digits
 */
#ifndef ANYFS_HEX_H
#define ANYFS_HEX_H

/* The value of a hexadecimal digit; -1 for any other character. */
static inline int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif /* ANYFS_HEX_H */
