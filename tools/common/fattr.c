// SPDX-License-Identifier: GPL-2.0
/*
 * fattr.c - values of extended attributes as text, in the format of setfattr(1)
 */
#include <nettle/base64.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fattr.h"
#include "hex.h"

static bool decode_hex(const char *text, char *out, size_t *len)
{
	for (*len = 0; *text; text += 2) {
		int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0)
			return false;
		out[(*len)++] = high << 4 | low;
	}
	return true;
}

static bool decode_base64(const char *text, char *out, size_t *len)
{
	struct base64_decode_ctx ctx;

	base64_decode_init(&ctx);
	*len = BASE64_DECODE_LENGTH(strlen(text));
	return base64_decode_update(&ctx, len, (uint8_t *)out, strlen(text), text) &&
	       base64_decode_final(&ctx);
}

/* The character that a backslash before @p escapes: three octal digits, or any character. */
static char unescape(const char **p)
{
	const char *s = *p;

	if (s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' &&
	    s[2] <= '7') {
		*p += 3;
		return (s[0] - '0') << 6 | (s[1] - '0') << 3 | (s[2] - '0');
	}
	return *(*p)++;
}

/* In quoted text \" \\ and \ooo are escapes; unquoted text has none. */
static bool decode_text(const char *text, char *out, size_t *len)
{
	bool quoted = text[0] == '"' && text[1] && text[strlen(text) - 1] == '"';
	const char *end = text + strlen(text) - quoted;

	*len = 0;
	if (!quoted) {
		*len = strlen(text);
		memcpy(out, text, *len);
		return true;
	}
	for (text++; text < end;) {
		char c = *text++;

		if (c == '\\' && text < end)
			c = unescape(&text);
		out[(*len)++] = c;
	}
	return true;
}

char *fattr_decode(const char *text, size_t *len)
{
	char *out = malloc(strlen(text) + 4);
	bool ok = false;

	if (!out)
		return NULL;
	if (!strncmp(text, "0x", 2) || !strncmp(text, "0X", 2))
		ok = decode_hex(text + 2, out, len);
	else if (!strncmp(text, "0s", 2) || !strncmp(text, "0S", 2))
		ok = decode_base64(text + 2, out, len);
	else
		ok = decode_text(text, out, len);
	if (ok)
		return out;
	free(out);
	return NULL;
}

static bool is_text(const unsigned char *p, size_t len)
{
	/* A zero byte makes the value binary, even at its end. */
	for (size_t i = 0; i < len; i++)
		if (p[i] < 0x20 || p[i] == 0x7f)
			return false;
	return true;
}

static void print_text(const unsigned char *p, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		if (p[i] == '"' || p[i] == '\\')
			printf("\\%c", p[i]);
		else if (p[i] < 0x20 || p[i] >= 0x7f)
			printf("\\%03o", p[i]);
		else
			putchar(p[i]);
	}
	putchar('"');
}

static void print_base64(const void *value, size_t len)
{
	char *text = malloc(BASE64_ENCODE_RAW_LENGTH(len) + 1);

	if (!text)
		return;
	base64_encode_raw(text, len, value);
	printf("0s%.*s", (int)BASE64_ENCODE_RAW_LENGTH(len), text);
	free(text);
}

void fattr_print(const void *value, size_t len, enum fattr_encoding encoding)
{
	if (encoding == FATTR_AUTO)
		encoding = is_text(value, len) ? FATTR_TEXT : FATTR_BASE64;
	if (encoding == FATTR_TEXT) {
		print_text(value, len);
	} else if (encoding == FATTR_BASE64) {
		print_base64(value, len);
	} else {
		printf("0x");
		for (size_t i = 0; i < len; i++)
			printf("%02x", ((const unsigned char *)value)[i]);
	}
}
