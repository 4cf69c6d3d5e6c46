// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-chattr.c - anyfs chattr: change the flags of files, like chattr(1)
 */
#include <errno.h>
#include <string.h>
#include "change.h"
#include "flag-letters.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "verbs.h"
#include <lkl/linux/fs.h>

struct chattr {
	unsigned int add, remove;
	bool set;			/* "=": the flags become those of @add */
};

static long change_flags(void *data, const struct side_file *f, const char *path)
{
	const struct chattr *ch = data;
	unsigned int old = 0, now, got = 0, type;
	struct lkl_statx stx;
	long fd, rc = side_image.stat(f->dir, f->name, &stx);

	if (rc < 0)
		return rc;
	/* Opening a device or FIFO may have effects. */
	type = stx.stx_mode & LKL_S_IFMT;
	if (type != LKL_S_IFREG && type != LKL_S_IFDIR)
		return -EOPNOTSUPP;
	fd = side_image.open_file(f->dir, f->name);
	if (fd < 0)
		return fd;
	rc = lkl_sys_ioctl(fd, LKL_FS_IOC_GETFLAGS, (unsigned long)&old);
	now = ch->set ? (old & flag_letters_fixed()) | ch->add : (old | ch->add) & ~ch->remove;
	if (rc >= 0 && now != old)
		rc = lkl_sys_ioctl(fd, LKL_FS_IOC_SETFLAGS, (unsigned long)&now);
	/* Read the flags back: a file system may ignore some. */
	if (rc >= 0)
		rc = lkl_sys_ioctl(fd, LKL_FS_IOC_GETFLAGS, (unsigned long)&got);
	side_image.close(fd);
	if (rc >= 0 && ((got & ch->add) != ch->add || (got & ch->remove)))
		rc = -EOPNOTSUPP;
	return rc == -ENOTTY ? -EOPNOTSUPP : rc;
}

/* Take "+aA", "-i" or "=j"; false if @text is none of these. */
static bool parse_flags(struct chattr *ch, const char *text)
{
	unsigned int flags = 0;

	if (!strchr("+-=", *text) || (!text[1] && *text != '='))
		return false;
	for (const char *p = text + 1; *p; p++) {
		unsigned int flag = flag_letter_parse(*p);

		if (!flag || (flag & flag_letters_fixed()))
			return false;
		flags |= flag;
	}
	if (*text == '-')
		ch->remove |= flags;
	else
		ch->add |= flags;
	ch->set |= *text == '=';
	return true;
}

/* Take the flags to remove out of @argv: they look like options. */
static int take_removals(struct chattr *ch, int argc, char **argv)
{
	int nr = 1;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--")) {
			while (i < argc)
				argv[nr++] = argv[i++];
			break;
		}
		if (*argv[i] != '-' || !parse_flags(ch, argv[i]))
			argv[nr++] = argv[i];
	}
	argv[nr] = NULL;
	return nr;
}

static bool is_change(const char *text)
{
	return *text == '+' || *text == '=';
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	unsigned int flags = 0;
	struct chattr ch = { 0 };
	bool given;
	int first;

	argc = take_removals(&ch, argc, argv);
	given = ch.remove;
	while (tool_getopt(t, argc, argv, "R", options) != -1)
		flags = CHANGE_TREE;
	for (first = optind + 1; first < argc && is_change(argv[first]); first++) {
		if (!parse_flags(&ch, argv[first]))
			tool_usage(t, "%s: give + or = and letters of aAcCdDeFijmPsStTux",
				   argv[first]);
		given = true;
	}
	if (!given)
		tool_usage(t, "give flags to set or clear, such as +i or -a");
	if (first >= argc)
		tool_usage(t, "give an image and a path");
	if ((ch.add & ch.remove) || (ch.set && ch.remove))
		tool_usage(t, "the flags contradict each other");
	tool_open(t, argv[optind]);
	progress_begin();
	change_each(t, argv + first, flags, "flags not changed", change_flags, &ch);
	return 0;
}

const struct verb verb_chattr = {
	.name = "chattr",
	.args = "[-R] IMAGE [+FLAGS] [-FLAGS] [=FLAGS] PATH...",
	.summary = "change the flags of files",
	.operands = "a+",
	.help = "FLAGS are letters of chattr(1): a append only, A no atime, c compress, C no copy on\n"
		"write, d no dump, D synchronous directory, e extents, F ignore case, i immutable,\n"
		"j journal data, m do not compress, P project, S synchronous, t no tail merging,\n"
		"T top of a hierarchy, x direct access, s and u (which file systems ignore).\n\n"
		"  -R                directories and everything below\n\n"
		"Example: anyfs chattr disk.img +i /p2/etc/resolv.conf\n\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
