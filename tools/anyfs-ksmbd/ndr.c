// SPDX-License-Identifier: GPL-2.0
/*
 * ndr.c - read and write values as DCE/RPC marshals them
 */
#include <stdlib.h>
#include <string.h>
#include "ndr.h"
#include "output.h"
#include "utf16.h"
#include "utf8.h"

#define TEXT_MAX	1024		/* bytes of UTF-16 of a string that is written */

static const uint8_t *next_bytes(struct ndr *n, size_t len, size_t align)
{
	size_t begin = (n->pos + align - 1) & ~(align - 1);

	if (n->failed || begin > n->len || len > n->len - begin) {
		n->failed = true;
		return NULL;
	}
	n->pos = begin + len;
	return n->data + begin;
}

uint32_t ndr_read32(struct ndr *n)
{
	const uint8_t *p = next_bytes(n, 4, 4);

	return p ? p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24 : 0;
}

uint16_t ndr_read16(struct ndr *n)
{
	const uint8_t *p = next_bytes(n, 2, 2);

	return p ? p[0] | p[1] << 8 : 0;
}

void ndr_skip(struct ndr *n, size_t len)
{
	next_bytes(n, len, 1);
}

size_t ndr_rest(const struct ndr *n)
{
	return n->failed ? 0 : n->len - n->pos;
}

void ndr_read_string(struct ndr *n, char *text, size_t size)
{
	const uint8_t *p, *end;
	uint32_t units;
	size_t len = 0;

	ndr_read32(n);			/* maximum count */
	ndr_read32(n);			/* offset of the first element */
	units = ndr_read32(n);
	p = units <= n->len ? next_bytes(n, 2 * (size_t)units, 1) : NULL;
	n->failed |= !p;
	end = p ? p + 2 * (size_t)units : NULL;
	while (p < end && len + 4 < size) {
		int32_t code = utf16_get(&p, end, false);

		if (!code)
			break;
		len += utf8_put(text + len, code < 0 ? 0xfffd : code);
	}
	text[len] = '\0';
}

void ndr_read_counted(struct ndr *fixed, struct ndr *n, char *text, size_t size)
{
	text[0] = '\0';
	next_bytes(fixed, 0, 4);
	ndr_read16(fixed);		/* length */
	ndr_read16(fixed);		/* maximum length */
	if (ndr_read32(fixed))
		ndr_read_string(n, text, size);
}

void ndr_write(struct ndr *n, const void *data, size_t len)
{
	if (n->failed || !len)
		return;
	if (n->len + len > n->size) {
		size_t size = 2 * n->size + len + 256;
		uint8_t *more = realloc(n->data, size);

		if (!more) {
			n->failed = true;
			return;
		}
		n->data = more;
		n->size = size;
	}
	memcpy(n->data + n->len, data, len);
	n->len += len;
}

void ndr_align(struct ndr *n, size_t to)
{
	static const uint8_t zeros[8];

	ndr_write(n, zeros, -n->len & (to - 1));
}

void ndr_write8(struct ndr *n, uint8_t value)
{
	ndr_write(n, &value, 1);
}

void ndr_write16(struct ndr *n, uint16_t value)
{
	const uint8_t bytes[] = { value, value >> 8 };

	ndr_align(n, 2);
	ndr_write(n, bytes, sizeof(bytes));
}

void ndr_write32(struct ndr *n, uint32_t value)
{
	const uint8_t bytes[] = { value, value >> 8, value >> 16, value >> 24 };

	ndr_align(n, 4);
	ndr_write(n, bytes, sizeof(bytes));
}

void ndr_write_pointer(struct ndr *n)
{
	ndr_write32(n, 0x20000 + 4 * n->pointers++);
}

void ndr_write_pointer_if(struct ndr *n, bool target)
{
	if (target)
		ndr_write_pointer(n);
	else
		ndr_write32(n, 0);
}

void ndr_begin_array(struct ndr *n, uint32_t nr)
{
	ndr_write32(n, nr);
	ndr_write_pointer_if(n, nr);
	if (nr)
		ndr_write32(n, nr);
}

static size_t put_utf16(uint8_t *out, size_t size, size_t len, unsigned int unit)
{
	if (len + 2 <= size) {
		out[len] = unit;
		out[len + 1] = unit >> 8;
	}
	return len + 2;
}

size_t utf16_from(const char *text, uint8_t *out, size_t size)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned int code;
	size_t len = 0;

	while (*p && len + 4 <= size) {
		int n = utf8_len(p, &code);

		if (!n)
			code = 0xfffd;
		p += n ? n : 1;
		if (code >= 0x10000) {
			len = put_utf16(out, size, len, 0xd800 + ((code - 0x10000) >> 10));
			code = 0xdc00 + ((code - 0x10000) & 0x3ff);
		}
		len = put_utf16(out, size, len, code);
	}
	return len;
}

static void write_units(struct ndr *n, const uint8_t *units, size_t bytes)
{
	ndr_write32(n, bytes / 2);
	ndr_write32(n, 0);
	ndr_write32(n, bytes / 2);
	ndr_write(n, units, bytes);
}

void ndr_write_string(struct ndr *n, const char *text)
{
	uint8_t buf[TEXT_MAX];
	size_t bytes = utf16_from(text, buf, sizeof(buf) - 2);

	buf[bytes] = buf[bytes + 1] = 0;
	write_units(n, buf, bytes + 2);
}

void ndr_write_counted(struct ndr *n, const char *text)
{
	uint8_t buf[TEXT_MAX];
	size_t bytes = utf16_from(text, buf, sizeof(buf));

	ndr_align(n, 4);
	ndr_write16(n, bytes);
	ndr_write16(n, bytes);
	ndr_write_pointer_if(n, bytes);
}

void ndr_write_characters(struct ndr *n, const char *text)
{
	uint8_t buf[TEXT_MAX];
	size_t bytes = utf16_from(text, buf, sizeof(buf));

	if (bytes)
		write_units(n, buf, bytes);
}

void ndr_write_halves(struct ndr *n, uint64_t value)
{
	ndr_write32(n, value);
	ndr_write32(n, value >> 32);
}

void ndr_free(struct ndr *n)
{
	free(n->data);
	*n = (struct ndr){ 0 };
}
