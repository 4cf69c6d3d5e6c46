// SPDX-License-Identifier: GPL-2.0
/*
 * facts.c - the list of facts from the superblock of a file system, and its output
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "facts.h"
#include "messages.h"
#include "output.h"

#define TITLE_WIDTH	22

static struct fact *add(struct facts *f, const char *key, enum fact_kind kind)
{
	struct fact *more = reallocarray(f->list, f->nr + 1, sizeof(*more));

	if (!more)
		tool_no_memory(f->t);
	f->list = more;
	more[f->nr] = (struct fact){ .key = key, .kind = kind };
	return &more[f->nr++];
}

void fact_bytes(struct facts *f, const char *key, const void *text, size_t len)
{
	char *copy = strndup(text, len);

	if (!copy)
		tool_no_memory(f->t);
	if (*copy)
		add(f, key, FACT_TEXT)->text = copy;
	else
		free(copy);
}

void fact_text(struct facts *f, const char *key, const char *text)
{
	fact_bytes(f, key, text, strlen(text));
}

void fact_uuid(struct facts *f, const char *key, const uint8_t uuid[16])
{
	static const uint8_t none[16];
	char text[37], *p = text;

	if (!memcmp(uuid, none, sizeof(none)))
		return;
	for (int i = 0; i < 16; i++)
		p += sprintf(p, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
	fact_text(f, key, text);
}

void fact_number(struct facts *f, const char *key, uint64_t number)
{
	add(f, key, FACT_NUMBER)->number = number;
}

void fact_time(struct facts *f, const char *key, int64_t seconds)
{
	if (seconds)
		add(f, key, FACT_TIME)->number = seconds;
}

void fact_features(struct facts *f, const char *key, uint64_t mask,
		   const struct feature_name *names)
{
	char text[64 * 24] = "";
	size_t len = 0;

	for (uint64_t bit = 1; bit; bit <<= 1) {
		const struct feature_name *n = names;

		if (!(mask & bit))
			continue;
		while (n->name && n->bit != bit)
			n++;
		if (n->name)
			len += snprintf(text + len, sizeof(text) - len, "%s%s", len ? " " : "", n->name);
		else
			len += snprintf(text + len, sizeof(text) - len, "%s0x%llx", len ? " " : "",
					(unsigned long long)bit);
	}
	add(f, key, FACT_LIST)->text = tool_strdup(f->t, text);
}

bool facts_have(const struct facts *f, const char *key)
{
	for (unsigned int i = 0; i < f->nr; i++)
		if (!strcmp(f->list[i].key, key))
			return true;
	return false;
}

static void print_value(const struct fact *fact)
{
	struct lkl_statx_timestamp ts = { .tv_sec = fact->number };
	char time[64];
	char *text;

	switch (fact->kind) {
	case FACT_NUMBER:
		printf("%llu\n", (unsigned long long)fact->number);
		return;
	case FACT_TIME:
		format_time(&ts, true, time, sizeof(time));
		puts(time);
		return;
	default:
		text = escape_text(fact->text, false);
		puts(text ? text : "");
		free(text);
	}
}

/* "last_mounted_on" as "last mounted on:", padded. */
static void print_title(const char *key)
{
	int width = printf("  ");

	for (const char *p = key; *p; p++, width++)
		putchar(*p == '_' ? ' ' : *p);
	printf(":%*s", width < TITLE_WIDTH ? TITLE_WIDTH - width : 1, "");
}

void facts_print(const struct facts *f)
{
	for (unsigned int i = 0; i < f->nr; i++) {
		/* The text output leaves out an empty list; JSON includes it. */
		if (f->list[i].kind == FACT_LIST && !*f->list[i].text)
			continue;
		print_title(f->list[i].key);
		print_value(&f->list[i]);
	}
}

static void print_json_list(const char *words)
{
	const char *before = "";

	putchar('[');
	while (*words) {
		size_t len = strcspn(words, " ");

		printf("%s\"%.*s\"", before, (int)len, words);
		before = ", ";
		words += len + (words[len] == ' ');
	}
	putchar(']');
}

void facts_print_json(const struct facts *f)
{
	for (unsigned int i = 0; i < f->nr; i++) {
		const struct fact *fact = &f->list[i];

		fputs(", ", stdout);
		if (fact->kind == FACT_TEXT) {
			json_text(fact->key, fact->text);
			continue;
		}
		printf("\"%s\": ", fact->key);
		if (fact->kind == FACT_LIST)
			print_json_list(fact->text);
		else
			printf("%lld", (long long)fact->number);
	}
}

void facts_free(struct facts *f)
{
	for (unsigned int i = 0; i < f->nr; i++)
		free(f->list[i].text);
	free(f->list);
	*f = (struct facts){ .t = f->t };
}
