// SPDX-License-Identifier: GPL-2.0
/*
 * lklfuse.c - lklfuse: mount an image with anyfs-fuse
 *
 * The options of LKL are type=, mb=, part=, ro, lock= and opts=.  Unless ro is given, the mount
 * can be written to.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lkl-programs.h"

/* The end of the option at @p: a comma that no backslash precedes. */
static char *option_end(char *p)
{
	while (*p && *p != ',')
		p += p[0] == '\\' && p[1] ? 2 : 1;
	return p;
}

/* Translate one option of -o; true if it was "ro". */
static bool take_option(struct command *c, char *option)
{
	if (!strncmp(option, "type=", 5))
		add_text(c, "-ofstype=%s", option + 5);
	else if (!strncmp(option, "mb=", 3))
		add_text(c, "-omem=%s", option + 3);
	else if (!strcmp(option, "part=0") || !strcmp(option, "ro") || !*option)
		return !strcmp(option, "ro");
	else if (!strncmp(option, "part=", 5))
		add_text(c, "-opart=p%s", option + 5);
	else
		add_text(c, "-o%s", option);
	return false;
}

/* Translate the value of -o; true if it has "ro". */
static bool take_options(struct command *c, char *text)
{
	bool readonly = false;

	for (;;) {
		char *end = option_end(text), last = *end;

		*end = '\0';
		readonly |= take_option(c, text);
		if (!last)
			return readonly;
		text = end + 1;
	}
}

static const char usage_line[] =
	"usage: lklfuse IMAGE MOUNTPOINT [-f] [-o type=TYPE,mb=MB,part=N,ro,lock=FILE,opts=OPTIONS]\n";

static void usage(void) __attribute__((noreturn));
static void usage(void)
{
	fputs(usage_line, stderr);
	exit(1);
}

static void help(void) __attribute__((noreturn));
static void help(void)
{
	fputs(usage_line, stdout);
	fputs("Mount an image; the mount can be written to.\n\n"
	      "  -o type=TYPE          type of the file system, instead of detecting it\n"
	      "  -o mb=MB              memory of the kernel\n"
	      "  -o part=N             number of the partition (0: the whole image)\n"
	      "  -o ro                 mount read-only\n"
	      "  -o lock=FILE          lock FILE as long as the mount exists\n"
	      "  -o opts=OPTIONS       mount options of the file system\n"
	      "  -f                    stay in the foreground\n"
	      "  -h, --help            this text\n", stdout);
	exit(0);
}

int lklfuse_main(int argc, char **argv)
{
	static struct command c;
	const char *operands[2];
	bool readonly = false;
	int nr = 0;

	add_arg(&c, "anyfs-fuse");
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-o") && i + 1 < argc)
			readonly |= take_options(&c, argv[++i]);
		else if (!strncmp(argv[i], "-o", 2) && argv[i][2])
			readonly |= take_options(&c, argv[i] + 2);
		else if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			help();
		else if (*argv[i] == '-')
			add_arg(&c, argv[i]);
		else if (nr == 2)
			usage();
		else
			operands[nr++] = argv[i];
	}
	if (nr < 2)
		usage();
	if (!readonly)
		add_arg(&c, "-orw");
	add_arg(&c, operands[0]);
	add_arg(&c, operands[1]);
	run_command(&c);
}
