// SPDX-License-Identifier: GPL-2.0
/*
 * session.c - several verbs on one open image
 *
 * Verbs end the program when they cannot continue.  In a session these calls jump back to
 * session_run(); memory that the verb has not freed is lost then.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "color.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "session.h"
#include "signals.h"

bool session_has_verb(const struct tool *t)
{
	return t->session && t->session->has_verb;
}

const char *session_directory(const struct tool *t)
{
	return session_has_verb(t) ? t->session->directory : "/";
}

static void free_kept(struct tool_session *s)
{
	for (size_t i = 0; i < s->nr_memory; i++)
		free(s->memory[i]);
	free(s->memory);
	s->memory = NULL;
	s->nr_memory = 0;
	for (size_t i = 0; i < s->nr_fds; i++)
		close(s->fds[i]);
	free(s->fds);
	s->fds = NULL;
	s->nr_fds = 0;
}

int session_keep_fd(struct tool *t, int fd)
{
	struct tool_session *s = t->session;
	int *more;

	if (fd < 0 || !session_has_verb(t))
		return fd;
	more = reallocarray(s->fds, s->nr_fds + 1, sizeof(*more));
	if (!more) {
		close(fd);
		tool_no_memory(t);
	}
	s->fds = more;
	s->fds[s->nr_fds++] = fd;
	return fd;
}

/* Take @memory, which the caller has allocated, for the time of the verb. */
static void *keep_memory(struct tool *t, void *memory)
{
	struct tool_session *s = t->session;
	void **more = memory ? reallocarray(s->memory, s->nr_memory + 1, sizeof(*more)) : NULL;

	if (!more) {
		free(memory);
		tool_no_memory(t);
	}
	s->memory = more;
	s->memory[s->nr_memory++] = memory;
	return memory;
}

void *session_alloc(struct tool *t, size_t size)
{
	void *memory = tool_alloc(t, size);

	return session_has_verb(t) ? keep_memory(t, memory) : memory;
}

/* Remove "." and ".." at the beginning of @path, and for ".." the end of @dir. */
static const char *take_dots(const char *path, char *dir)
{
	for (;;) {
		size_t len = strcspn(path, "/");
		char *slash = strrchr(dir, '/');

		if (len == 2 && !strncmp(path, "..", 2))
			slash[slash == dir] = '\0';
		else if (len != 1 || *path != '.')
			return path;
		path += len;
		path += strspn(path, "/");
	}
}

const char *session_path(struct tool *t, const char *path)
{
	const char *dir = session_directory(t);
	char *full;

	if (!session_has_verb(t) || *path == '/' || !*path)
		return path;
	full = session_alloc(t, strlen(dir) + strlen(path) + 2);
	strcpy(full, dir);
	path = take_dots(path, full);
	if (*path && full[1])
		strcat(full, "/");
	return strcat(full, path);
}

/* Whether @text is an operand that the letter @kind of struct verb makes a path of the image. */
static bool is_path(char kind, const char *text)
{
	return kind == 'p' || (kind == 'a' && !strchr("+=-", *text));
}

void session_resolve(struct tool *t, char **args)
{
	const char *kinds = t->verb->operands ? t->verb->operands : "";
	size_t nr = 0, nr_kinds = strlen(kinds);

	if (!*args || *kinds == 'o')
		return;
	while (args[nr + 1])
		nr++;
	for (size_t i = 0, k = 0; i < nr && k < nr_kinds; i++) {
		char *text = args[i + 1];
		bool repeats = kinds[k + 1] == '+';
		size_t after = repeats && kinds[k + 2] && kinds[k + 2] != 'e';

		if (strchr(kinds, 'e') && strchr("-(!", *text))
			return;
		if (is_path(kinds[k], text))
			args[i + 1] = (char *)session_path(t, text);
		if (!repeats)
			k++;
		else if (nr - i - 1 == after)
			k += 2;
	}
}

void session_require_host(struct tool *t)
{
	if (!session_has_verb(t) || t->session->host)
		return;
	tool_error(t, "%s: the shell uses no files of the host; start it with --host DIRECTORY",
		   t->verb->name);
	tool_finish(t);
}

void session_open(struct tool *t, const char *path)
{
	if (strcmp(path, t->image_path))
		tool_error(t, "%s: the shell has opened only %s; use anyfs %s outside of the shell",
			   path, t->image_path, t->verb->name);
	else if (t->verb->writes && !t->session->write)
		tool_error(t, "%s: the shell only reads the image; start it with --write",
			   t->verb->name);
	else
		return;
	tool_finish(t);
}

void session_end_verb(struct tool *t, int status)
{
	t->status = status;
	longjmp(t->session->end_verb, 1);
}

int session_run(struct tool *base, const struct verb *verb, int argc, char **argv)
{
	struct tool *t = tool_alloc(base, sizeof(*t));
	int status;

	*t = *base;
	t->verb = verb;
	optind = 0;			/* getopt() starts again */
	result_reset();
	progress_reset();
	color_reset();
	print_name_reset();
	clearerr(stdout);
	clearerr(stdin);
	__fpurge(stdin);		/* the last verb may not have read all of its input */
	if (t->session->host && fchdir(t->session->host_directory))
		tool_error(base, "the current directory of the host: %s", strerror(errno));
	t->session->has_verb = true;
	if (!setjmp(t->session->end_verb)) {
		verb->run(t, argc, argv);
		tool_finish(t);
	}
	t->session->has_verb = false;
	status = t->status;
	free_kept(t->session);
	free(t);
	return status;
}
