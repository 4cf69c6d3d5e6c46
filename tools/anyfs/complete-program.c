// SPDX-License-Identifier: GPL-2.0
/*
 * complete-program.c - words that may follow on the command lines of the other programs
 *
 * Options are read from the program's --help, like those of verbs.  Operands are files of
 * the host, except those of anyfs-umount, which are the mounts of anyfs-fuse.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "complete.h"
#include "messages.h"
#include "mountinfo.h"

/* The programs that are completed here; others are not run. */
static const char *const programs[] = {
	"anyfs-fuse", "anyfs-umount", "anyfs-lspart", "anyfs-nfsd", "anyfs-ksmbd",
	"cptofs", "cpfromfs", "fs2tar", "lklfuse",
};

static bool is_known(const char *name)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (!strcmp(programs[i], name))
			return true;
	return false;
}

/* Offer the mount point of a mount of anyfs-fuse. */
static void offer_mount(void *data, const struct mount_info *m)
{
	struct completion *c = data;

	if (!strncmp(m->point, c->partial, strlen(c->partial)))
		c->word(c, m->point, false, "a mount of anyfs-fuse");
}

/*
 * Offer the names after "-o" in @help for the last part of the value c->partial: "rw,pa"
 * becomes "rw,part=".
 */
static void offer_mount_options(struct completion *c, const char *help)
{
	const char *comma = strrchr(c->partial, ','), *last = comma ? comma + 1 : c->partial;

	for (const char *p = help; (p = strstr(p, " -o ")); p++) {
		const char *name = p + 4;
		size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
		char *word;

		if (!len || strncmp(name, last, strlen(last)))
			continue;
		if (asprintf(&word, "%.*s%.*s%s", (int)(last - c->partial), c->partial, (int)len,
			     name, name[len] == '=' ? "=" : "") < 0)
			tool_no_memory(c->t);
		c->word(c, word, name[len] == '=', NULL);
		free(word);
	}
}

void complete_program(struct completion *c, const char *name, char *const *args, size_t nr)
{
	char *place;

	if (!is_known(name))
		return;
	if (asprintf(&place, "bin/%s", name) < 0)
		tool_no_memory(c->t);
	complete_read_help(c, place, NULL);
	free(place);
	if (nr && !strcmp(args[nr - 1], "-o") && strstr(c->help, "  -o ")) {
		offer_mount_options(c, c->help);
		return;
	}
	complete_options(c, args, nr);
	if (c->files && !strcmp(name, "anyfs-umount")) {
		c->files = false;
		mounts_each(offer_mount, c);
	}
}
