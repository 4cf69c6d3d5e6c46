// SPDX-License-Identifier: GPL-2.0
/*
 * json.c - output of --json: strings, and an array of objects
 */
#include "output.h"

/* Returns false if bytes that are not UTF-8 were replaced. */
static bool json_quoted(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned int code = 0;
	bool exact = true;

	putchar('"');
	while (*p) {
		int len = utf8_len(p, &code);

		if (!len) {
			fputs("\\ufffd", stdout);
			exact = false;
			p++;
			continue;
		}
		if (code == '"' || code == '\\')
			printf("\\%c", code);
		else if (code < 0x10000 && text_unsafe(code))
			printf("\\u%04x", code);
		else
			fwrite(p, 1, len, stdout);
		p += len;
	}
	putchar('"');
	return exact;
}

void json_string(const char *text)
{
	json_quoted(text);
}

void json_text(const char *key, const char *text)
{
	printf("\"%s\": ", key);
	if (json_quoted(text))
		return;
	printf(", \"%s_hex\": \"", key);
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		printf("%02x", *p);
	putchar('"');
}

void json_separator(struct tool *t)
{
	fputs(t->json_begun ? ",\n{" : "[\n{", stdout);
	t->json_begun = true;
}
