// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-complete.c - anyfs __complete, which the completion scripts of shells call
 *
 * The arguments are the words after "anyfs" up to the cursor, or "--program NAME" and the words
 * after that other program.  Each line of the output is a word, a tab, and a description or
 * nothing; the line ":files" says that files of the host may follow too.  There are no messages:
 * an image that cannot be opened has no paths.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "complete.h"
#include "messages.h"
#include "options.h"
#include "run.h"
#include "verbs.h"

#define SECONDS		5		/* a user would not wait longer */

static const struct option common_options[] = { TOOL_LONG_OPTIONS };

static void print_word(struct completion *c, const char *text, bool more, const char *help)
{
	printf("%s\t%s\n", text, help ? help : "");
}

/* The common option that @word names, such as --format or --format=raw, or NULL. */
static const struct option *find_common(const char *word)
{
	size_t len = strcspn(word, "=");

	if (strncmp(word, "--", 2))
		return NULL;
	for (const struct option *o = common_options; o->name; o++)
		if (strlen(o->name) == len - 2 && !strncmp(o->name, word + 2, len - 2))
			return o->val == OPT_HELP || o->val == OPT_JSON ? NULL : o;
	return NULL;
}

/* Take the options among the @nr words @args that say how the image is opened. */
static void take_options(struct tool *t, char *const *args, int nr)
{
	char **found = tool_alloc(t, (nr + 2) * sizeof(*found));
	int n = 0;

	found[n++] = "complete";
	for (int i = 0; i < nr; i++) {
		const struct option *o = find_common(args[i]);
		bool separate;

		if (!o && strcmp(args[i], "-o"))
			continue;
		found[n++] = args[i];
		separate = !o || (o->has_arg == required_argument && !strchr(args[i], '='));
		if (separate && i + 1 < nr)
			found[n++] = args[++i];
	}
	found[n] = NULL;
	while (tool_getopt(t, n, found, "", common_options) != -1)
		;
	free(found);
}

static void complete(struct completion *c, const struct verb *verb, char *const *args, int nr)
{
	const char *image = complete_image(c, verb, args, nr);

	if (image) {
		take_options(c->t, args, nr);
		tool_open(c->t, image);
	}
	complete_args(c, verb, args, nr, false);
	if (c->files)
		puts(":files");
}

int complete_command(struct tool *t, int argc, char **argv)
{
	static const struct verb verb = { .name = "complete", .never_asks = true };
	struct completion c = { .t = t, .word = print_word };
	const struct verb *of;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	t->verb = &verb;
	t->wait_given = true;		/* do not wait for a locked image: wait_s is 0 */
	if (argc < 1)
		tool_usage(t, "give the words after \"anyfs\"");
	dup2(null, STDERR_FILENO);
	tool_set_timeout(t, SECONDS);
	c.partial = argv[argc - 1];
	of = argc > 1 ? find_verb(argv[0]) : NULL;
	if (argc > 2 && !strcmp(argv[0], "--program")) {
		complete_program(&c, argv[1], argv + 2, argc - 3);
		if (c.files)
			puts(":files");
	} else if (of) {
		complete(&c, of, argv + 1, argc - 2);
	} else if (argc == 1 || (argc == 2 && !strcmp(argv[0], "help"))) {
		complete_verbs(&c);
	}
	tool_finish(t);
}
