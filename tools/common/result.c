// SPDX-License-Identifier: GPL-2.0
/*
 * result.c - what became of a run that copies or changes, for programs
 *
 * One object, whose failures are printed as they come: there may be many.
 */
#define _GNU_SOURCE
#include <string.h>
#include "output.h"

static bool begun;
static bool any;

static void begin(void)
{
	if (!begun)
		fputs("{\"failed\": [", stdout);
	begun = true;
}

void result_failure(struct tool *t, const char *path, const char *reason, long err)
{
	const char *code = strerrorname_np(err < 0 ? -err : err);

	if (!t->json || !t->verb->has_result)
		return;
	begin();
	fputs(any ? ",\n{" : "\n{", stdout);
	any = true;
	if (path) {
		json_text("path", path);
		fputs(", ", stdout);
	}
	json_text("reason", reason);
	if (err && code)
		printf(", \"code\": \"%s\"", code);
	putchar('}');
}

void result_end(struct tool *t)
{
	begin();
	printf("%s], \"files\": %llu, \"bytes\": %llu, \"exit\": %d}\n", any ? "\n" : "",
	       (unsigned long long)t->files, (unsigned long long)t->bytes, t->status);
}
