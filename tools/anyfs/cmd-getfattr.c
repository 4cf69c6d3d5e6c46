// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-getfattr.c - anyfs getfattr: print extended attributes
 *
 * The output is that of getfattr -d -m -, which setfattr --restore reads; with --only-values
 * the output is the values alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "acl.h"
#include "cap-text.h"
#include "fattr.h"
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "verbs.h"
#include "xattr.h"

struct getfattr {
	struct tool *t;
	const char *name;		/* NULL: all */
	enum fattr_encoding encoding;
	bool only_values, follow;
	const char *path;		/* path whose "# file:" line is not printed yet, or NULL */
	bool found;
};

static void begin_json(struct getfattr *g)
{
	json_separator(g->t);
	json_text("path", g->path);
	fputs(", \"xattrs\": {", stdout);
}

/* Print a member of the object "xattrs", in the same form as stat --json. */
static void print_json(const char *key, const unsigned char *value, size_t len, bool first)
{
	if (!first)
		fputs(", ", stdout);
	json_string(key);
	fputs(": \"", stdout);
	for (size_t i = 0; i < len; i++)
		printf("%02x", value[i]);
	putchar('"');
}

/* Print an ACL or capabilities in words; false if @value is neither. */
static bool print_words(struct getfattr *g, const char *key, const void *value, size_t len)
{
	struct file_caps caps;
	struct acl acl;
	char *line;

	if (!strcmp(key, CAP_KEY) && caps_decode(value, len, &caps)) {
		putchar('"');
		caps_print(stdout, &caps);
		putchar('"');
		return true;
	}
	if ((strcmp(key, ACL_KEY) && strcmp(key, ACL_DEFAULT_KEY)) ||
	    !acl_decode(g->t, value, len, &acl))
		return false;
	line = acl_format_line(g->t, &acl, "");
	printf("\"%s\"", line);
	free(line);
	acl_free(&acl);
	return true;
}

static long print_one(void *data, const char *key, const void *value, size_t len)
{
	struct getfattr *g = data;

	if (g->name && strcmp(g->name, key))
		return 0;
	if (g->t->json) {
		if (!g->found)
			begin_json(g);
		print_json(key, value, len, !g->found);
		g->found = true;
		return 0;
	}
	g->found = true;
	if (g->only_values) {
		fwrite(value, 1, len, stdout);
		return 0;
	}
	if (g->path) {
		printf("# file: ");
		print_name(g->path + strspn(g->path, "/"));
		putchar('\n');
		g->path = NULL;
	}
	print_name(key);
	putchar('=');
	if (g->encoding != FATTR_TEXT || !print_words(g, key, value, len))
		fattr_print(value, len, g->encoding);
	putchar('\n');
	return 0;
}

static void get_path(struct getfattr *g, const char *path)
{
	struct side_file f = { .fd = -1 };
	char *name;
	long rc;

	f.dir = g->follow ? tool_locate_target(g->t, path, &name) :
			    tool_locate(g->t, path, &name);
	if (f.dir < 0)
		return;
	f.name = name;
	g->path = path;
	g->found = false;
	rc = xattr_each(&side_image, &f, print_one, g);
	if (g->t->json && rc >= 0 && !g->found)
		begin_json(g);
	if (g->t->json && (rc >= 0 || g->found))
		fputs("}}", stdout);
	if (rc >= 0 && g->name && !g->found)
		rc = -ENODATA;
	if (rc < 0)
		tool_not_done(g->t, path, g->name, rc);
	else if (g->found && !g->only_values && !g->t->json)
		putchar('\n');
	tool_check_output(g->t);
	lkl_sys_close(f.dir);
	free(name);
}

static enum fattr_encoding parse_encoding(struct tool *t, const char *text)
{
	static const char *const names[] = { "auto", "text", "hex", "base64" };

	for (int i = 0; i < 4; i++)
		if (!strcmp(text, names[i]))
			return i;
	tool_usage(t, "--encoding %s: give text, hex or base64", text);
}

enum { OPT_ONLY_VALUES = OPT_VERB };

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "encoding", required_argument, NULL, 'e' },
		{ "only-values", no_argument, NULL, OPT_ONLY_VALUES },
		{ "no-dereference", no_argument, NULL, 'h' },
		TOOL_LONG_OPTIONS
	};
	struct getfattr g = { .t = t, .follow = true };
	char **paths;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "n:e:h", options)) != -1) {
		if (c == 'n')
			g.name = optarg;
		else if (c == 'e')
			g.encoding = parse_encoding(t, optarg);
		else if (c == 'h')
			g.follow = false;
		else
			g.only_values = true;
	}
	tool_need_args(t, argc, 2, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr; i++)
		get_path(&g, paths[i]);
	paths_free(paths);
	return 0;
}

const struct verb verb_getfattr = {
	.name = "getfattr",
	.args = "[-n NAME] [-e ENCODING] [--only-values] [-h] [--json] IMAGE PATH...",
	.summary = "print extended attributes",
	.operands = "p+",
	.help = "  -n, --name NAME   print only this attribute\n"
		"  -e, --encoding ENCODING  print values as text, hex or base64 (default: text if\n"
		"                    the value is text, else base64); text prints ACLs and\n"
		"                    capabilities in words, which setfattr does not read\n"
		"  --only-values     print only the bytes of the values\n"
		"  -h, --no-dereference  read a symbolic link, not its target\n",
	.has_json = true,
	.run = run,
};
