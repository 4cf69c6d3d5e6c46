/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ndr.h - read and write values as DCE/RPC marshals them: aligned, little endian
 *
 * Reading beyond the end and running out of memory set failed; values are 0 then.
 */
#ifndef ANYFS_NDR_H
#define ANYFS_NDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ndr {
	uint8_t *data;
	size_t len;			/* bytes of the data to read, or written so far */
	size_t pos;			/* offset of the next byte to read */
	size_t size;			/* size of the memory, only for writing */
	uint32_t pointers;		/* written so far */
	bool failed;
};

uint32_t ndr_read32(struct ndr *n);
uint16_t ndr_read16(struct ndr *n);
/* Skip @len bytes. */
void ndr_skip(struct ndr *n, size_t len);
/* The number of bytes that are left to read. */
size_t ndr_rest(const struct ndr *n);
/* Read a string of UTF-16 as UTF-8, cut to @size bytes with its NUL. */
void ndr_read_string(struct ndr *n, char *text, size_t size);
/*
 * Read an RPC_UNICODE_STRING like ndr_read_string(): its fixed part from @fixed, and its
 * characters from @n.  In an array the characters follow after the fixed parts of all strings.
 */
void ndr_read_counted(struct ndr *fixed, struct ndr *n, char *text, size_t size);

void ndr_write(struct ndr *n, const void *data, size_t len);
void ndr_align(struct ndr *n, size_t to);
void ndr_write8(struct ndr *n, uint8_t value);
void ndr_write16(struct ndr *n, uint16_t value);
void ndr_write32(struct ndr *n, uint32_t value);
/* A pointer that is not NULL; its target is written later. */
void ndr_write_pointer(struct ndr *n);
/* A pointer, or NULL if there is no target. */
void ndr_write_pointer_if(struct ndr *n, bool target);
/* Begin an array of @nr elements, which follow: their number, a pointer, the number again. */
void ndr_begin_array(struct ndr *n, uint32_t nr);
/* Write UTF-8 as a string of UTF-16 with its zero. */
void ndr_write_string(struct ndr *n, const char *text);
/*
 * Write UTF-8 as an RPC_UNICODE_STRING: the fixed part, and later, in the same order, the
 * characters.  An empty string has none.
 */
void ndr_write_counted(struct ndr *n, const char *text);
void ndr_write_characters(struct ndr *n, const char *text);
/* Write a 64-bit number as two 32-bit numbers, the lower one first, aligned to 4 bytes. */
void ndr_write_halves(struct ndr *n, uint64_t value);
void ndr_free(struct ndr *n);

/* Convert UTF-8 to UTF-16, little endian.  Returns the number of bytes, at most @size. */
size_t utf16_from(const char *text, uint8_t *out, size_t size);

#endif /* ANYFS_NDR_H */
