// SPDX-License-Identifier: GPL-2.0
/*
 * result.c - failures and notes of a run in the output of --json
 *
 * A verb that copies or changes files prints one object, and its failures are printed as
 * they occur, since there may be many.  A verb that prints data lists its failures after
 * the data, since they occur in the middle of its objects.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "output.h"

struct entry {
	struct entry *next;
	char *path;			/* or NULL */
	char *text;
	long err;
};

struct list {
	struct entry *first, **end;
};

static struct list failures = { .end = &failures.first }, notes = { .end = &notes.first };
static bool array_begun;
static bool has_failures;

static void add(struct tool *t, struct list *l, const char *path, const char *text, long err)
{
	struct entry *e = tool_alloc(t, sizeof(*e));

	*e = (struct entry){ .path = path ? strdup(path) : NULL, .text = strdup(text), .err = err };
	if (!e->text || (path && !e->path))
		tool_no_memory(t);
	*l->end = e;
	l->end = &e->next;
}

static void free_entries(struct list *l)
{
	for (struct entry *e = l->first, *next; e; e = next) {
		next = e->next;
		free(e->path);
		free(e->text);
		free(e);
	}
	l->first = NULL;
	l->end = &l->first;
}

void result_reset(void)
{
	free_entries(&failures);
	free_entries(&notes);
	array_begun = has_failures = false;
}

/* Print the members of a failure's object. */
static void print_failure(const char *path, const char *reason, long err)
{
	const char *code = strerrorname_np(err < 0 ? -err : err);

	if (path) {
		json_text("path", path);
		fputs(", ", stdout);
	}
	json_text("reason", reason);
	if (err && code)
		printf(", \"code\": \"%s\"", code);
}

void result_failure(struct tool *t, const char *path, const char *reason, long err)
{
	if (!t->json || t->json_ended)
		return;
	if (!t->verb->has_result) {
		add(t, &failures, path, reason, err);
		return;
	}
	fputs(!array_begun ? "{\"failed\": [\n{" : has_failures ? ",\n{" : "\n{", stdout);
	array_begun = has_failures = true;
	print_failure(path, reason, err);
	putchar('}');
}

void result_note(struct tool *t, const char *text)
{
	if (t->json && !t->json_ended)
		add(t, &notes, NULL, text, 0);
}

static void print_notes(void)
{
	fputs("\"notes\": [", stdout);
	for (const struct entry *e = notes.first; e; e = e->next) {
		json_string(e->text);
		fputs(e->next ? ", " : "", stdout);
	}
	putchar(']');
}

static void end_result(struct tool *t)
{
	if (!array_begun)
		fputs("{\"failed\": [", stdout);
	fputs(has_failures ? "\n], " : "], ", stdout);
	print_notes();
	printf(", \"files\": %llu, \"bytes\": %llu, \"exit\": %d}\n",
	       (unsigned long long)t->files, (unsigned long long)t->bytes, t->status);
}

void result_end_object(struct tool *t)
{
	print_notes();
	fputs(", \"failed\": [", stdout);
	for (const struct entry *e = failures.first; e; e = e->next) {
		fputs("\n{", stdout);
		print_failure(e->path, e->text, e->err);
		fputs(e->next ? "}," : "}\n", stdout);
	}
	fputs("]}\n", stdout);
	t->json_ended = true;
}

static void end_array(struct tool *t)
{
	for (const struct entry *e = notes.first; e; e = e->next) {
		json_separator(t);
		json_text("note", e->text);
		putchar('}');
	}
	for (const struct entry *e = failures.first; e; e = e->next) {
		json_separator(t);
		print_failure(e->path, e->text, e->err);
		putchar('}');
	}
	if (!t->json_lines)
		fputs(t->json_begun ? "\n]\n" : "[]\n", stdout);
	else if (t->json_begun)
		putchar('\n');
}

void result_end(struct tool *t)
{
	if (!t->json || t->json_ended)
		return;
	if (t->verb->has_result) {
		end_result(t);
	} else if (t->verb->has_json_object) {
		putchar('{');
		if (t->image_path) {
			json_text("image", t->image_path);
			fputs(", ", stdout);
		}
		result_end_object(t);
	} else {
		end_array(t);
	}
	t->json_ended = true;
}
