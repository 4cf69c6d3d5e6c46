// SPDX-License-Identifier: GPL-2.0
/*
 * messages.c - messages on stderr, and the exit code that follows from them
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "output-write.h"
#include "output.h"
#include "run.h"

/*
 * Print "program: text".  Returns the text without escapes, for --json, to be freed; NULL if
 * out of memory.
 */
static char *print_line(struct tool *t, const char *fmt, va_list ap)
{
	char *text, *safe;

	if (vasprintf(&text, fmt, ap) < 0)
		return NULL;
	progress_end();
	safe = escape_text(text, false);
	/* Keep stdout and stderr in order if both are one terminal. */
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", t->program, safe ? safe : "out of memory");
	free(safe);
	return text;
}

/* Print "program: image: path: reason". */
static void print_path_line(struct tool *t, const char *path, const char *reason)
{
	const char *image = t->image && !t->paths_are_host ? t->image_path : NULL;
	char *safe_image = image ? escape_text(image, false) : NULL;
	char *safe = escape_text(path, false);

	progress_end();
	fflush(stdout);
	fprintf(stderr, "%s: %s%s%s: %s\n", t->program, safe_image ? safe_image : "",
		safe_image ? ": " : "", safe ? safe : "out of memory", reason);
	free(safe_image);
	free(safe);
}

int tool_failed_status(const struct tool *t)
{
	return t->verb && t->verb->failed_status ? t->verb->failed_status : EXIT_FAILED;
}

/* Count a failure.  EXIT_KEY stays, whatever else fails before or after it. */
static void count_failure(struct tool *t)
{
	if (t->status != EXIT_KEY)
		t->status = tool_failed_status(t);
	t->failures++;
}

void tool_error(struct tool *t, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = print_line(t, fmt, ap);
	va_end(ap);
	count_failure(t);
	result_failure(t, NULL, text ? text : "out of memory", 0);
	free(text);
}

void tool_path_error(struct tool *t, const char *path, const char *fmt, ...)
{
	char *reason;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&reason, fmt, ap);
	va_end(ap);
	tool_failed(t, path, len < 0 ? "out of memory" : reason, 0);
	if (len >= 0)
		free(reason);
}

const char *text_without_prefix(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(text, prefix, len) && !strncmp(text + len, ": ", 2) ? text + len + 2 : text;
}

bool tool_is_key_error(long err)
{
	return err == -ENOKEY || err == -EKEYREJECTED;
}

void tool_open_failed(struct tool *t, const char *path, long err)
{
	/* The library's text begins with the image, and with the path if the path failed. */
	const char *text = anyfs_strerror_last();
	const char *reason = text_without_prefix(text_without_prefix(text, t->image_path), path);

	tool_note(t, "%s", text);
	count_failure(t);
	if (tool_is_key_error(err))
		t->status = EXIT_KEY;
	result_failure(t, path, reason, err);
}

void tool_failed(struct tool *t, const char *path, const char *reason, long err)
{
	print_path_line(t, path, reason);
	count_failure(t);
	result_failure(t, path, reason, err);
}

void tool_not_done(struct tool *t, const char *path, const char *what, long err)
{
	const char *why = strerrordesc_np(err < 0 ? -err : err);
	char reason[256];

	/* After a kernel crash every call fails with EIO: report the crash instead. */
	if (err == -EIO && t->image && !anyfs_kernel_is_running(NULL)) {
		tool_path_error(t, path, "%s", anyfs_strerror_last());
		tool_finish(t);
	}
	snprintf(reason, sizeof(reason), "%s%s%s", what ? what : "", what ? ": " : "",
		 why ? why : "unknown error");
	tool_failed(t, path, reason, err);
}

void tool_errno(struct tool *t, const char *path, long err)
{
	tool_not_done(t, path, NULL, err);
}

void tool_note(struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	free(print_line(t, fmt, ap));
	va_end(ap);
}

void tool_no_memory(struct tool *t)
{
	tool_error(t, "out of memory");
	tool_finish(t);
}

void *tool_alloc(struct tool *t, size_t size)
{
	void *mem = malloc(size);

	if (!mem)
		tool_no_memory(t);
	return mem;
}

char *tool_strdup(struct tool *t, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		tool_no_memory(t);
	return copy;
}

void tool_check_output(struct tool *t)
{
	int err = tool_output_error();

	if (err)
		tool_output_failed(t, err);
}
