// SPDX-License-Identifier: GPL-2.0
/*
 * diff-print.c - report differences as text or as objects of JSON
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "diff.h"
#include "messages.h"
#include "output.h"
#include "run.h"

char *diff_path(struct diff *d, int end, const char *path)
{
	const char *top = d->ends[end].at.path;
	size_t len = strlen(top);
	char *text;

	while (len && top[len - 1] == '/')
		len--;
	if (asprintf(&text, "%.*s%s%s", (int)len, top, *path || !len ? "/" : "", path) < 0)
		tool_no_memory(d->t);
	return text;
}

void diff_failed(struct diff *d, int end, const char *path, long err)
{
	char *text = diff_path(d, end, path);

	tool_use_image(d->t, d->ends[end].image);
	d->t->paths_are_host = !d->ends[end].at.image;
	tool_not_done(d->t, text, "not compared", err);
	d->t->paths_are_host = false;
	free(text);
}

static void print_json(struct diff *d, const char *path, const char *what, const char *a,
		       const char *b)
{
	json_separator(d->t);
	json_text("path", path);
	fputs(", ", stdout);
	json_text("difference", what);
	if (a) {
		fputs(", ", stdout);
		json_text("a", a);
	}
	if (b) {
		fputs(", ", stdout);
		json_text("b", b);
	}
	putchar('}');
}

/* The differences of one file are found one after the other. */
static void print_path0(struct diff *d, const char *path)
{
	if (d->printed && !strcmp(d->printed, path))
		return;
	free(d->printed);
	d->printed = tool_strdup(d->t, path);
	fputs(path, stdout);
	putchar('\0');
}

void diff_found(struct diff *d, const char *path, const char *what, const char *a, const char *b)
{
	d->found++;
	path = *path ? path : ".";
	if (d->print0) {
		print_path0(d, path);
	} else if (d->t->json) {
		print_json(d, path, what, a, b);
	} else {
		print_name(path);
		printf(": %s differs", what);
		if (a || b) {
			fputs(": ", stdout);
			print_name(a ? a : "none");
			fputs(", ", stdout);
			print_name(b ? b : "none");
		}
		putchar('\n');
	}
	tool_check_output(d->t);
}

void diff_only(struct diff *d, int end, const char *path)
{
	d->found++;
	if (d->print0) {
		print_path0(d, path);
	} else if (d->t->json) {
		print_json(d, path, end ? "only in b" : "only in a", NULL, NULL);
	} else {
		fputs("only in ", stdout);
		print_name(d->ends[end].at.text);
		fputs(": ", stdout);
		print_name(path);
		putchar('\n');
	}
	tool_check_output(d->t);
}
