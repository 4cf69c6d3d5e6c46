// SPDX-License-Identifier: GPL-2.0
/*
 * json.c - output of --json: strings, and an array or lines of objects
 */
#include "output.h"

/* Returns false if bytes that are not UTF-8 were replaced. */
static bool json_quoted(FILE *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned int code = 0;
	bool exact = true;

	putc('"', out);
	while (*p) {
		int len = utf8_len(p, &code);

		if (!len) {
			fputs("\\ufffd", out);
			exact = false;
			p++;
			continue;
		}
		if (code == '"' || code == '\\')
			fprintf(out, "\\%c", code);
		else if (code < 0x10000 && text_unsafe(code))
			fprintf(out, "\\u%04x", code);
		else
			fwrite(p, 1, len, out);
		p += len;
	}
	putc('"', out);
	return exact;
}

void json_string(const char *text)
{
	json_quoted(stdout, text);
}

void json_text_to(FILE *out, const char *key, const char *text)
{
	fprintf(out, "\"%s\": ", key);
	if (json_quoted(out, text))
		return;
	fprintf(out, ", \"%s_hex\": \"", key);
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		fprintf(out, "%02x", *p);
	putc('"', out);
}

void json_text(const char *key, const char *text)
{
	json_text_to(stdout, key, text);
}

void json_separator(struct tool *t)
{
	const char *begin = t->json_lines ? "{" : "[\n{";
	const char *next = t->json_lines ? "\n{" : ",\n{";

	fputs(t->json_begun ? next : begin, stdout);
	t->json_begun = true;
}
