// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-copy.c - anyfs copy: copy trees between the host and images, or between images
 *
 * The image that is written to is opened first; an image that is only read is opened beside
 * it, read-only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "copy-filter.h"
#include "dest-host.h"
#include "dest.h"
#include "glob.h"
#include "host-path.h"
#include "image-path.h"
#include "messages.h"
#include "operand.h"
#include "options.h"
#include "output.h"
#include "owner.h"
#include "run.h"
#include "same-file.h"
#include "session.h"
#include "signals.h"
#include "source-host.h"
#include "verbs.h"

struct copying {
	struct copy c;
	struct copy_filter filter;
	struct operand *from, to;
	int nr;
	struct host_source *sources;	/* if the sources are on the host */
	size_t from_image;		/* number of the source image, for tool_use_image() */
	const char *chown;
	bool no_owner;
};

static bool is_inside_itself(struct copy *c, int dir, const char *name, const char *to_name)
{
	return (*to_name && side_same_file(c->to, dir, name, c->base, to_name)) ||
	       side_is_inside(c->to, c->base, dir, name);
}

/* Copy one path of the image that is in use. */
static void copy_image_path(struct copying *cg, const char *path, const char *to_name,
			    bool one_image)
{
	struct tool *t = cg->c.t;
	char *name;
	int dir = tool_locate(t, path, &name);

	if (dir < 0)
		return;
	if (one_image && is_inside_itself(&cg->c, dir, name, to_name))
		tool_path_error(t, path, "not copied: the destination is the source or inside it");
	else
		copy_path(&cg->c, dir, name, path, to_name);
	lkl_sys_close(dir);
	free(name);
}

static void copy_image_paths(struct copying *cg, const struct operand *from, const char *to_name)
{
	struct tool *t = cg->c.t;
	char *args[] = { (char *)from->path, NULL };
	char **paths;
	int nr;

	tool_use_image(t, cg->from_image);
	paths = tool_expand(t, args, &nr);
	if (nr > 1 && to_name)
		tool_error(t, "%s: %d paths match: give an existing directory as destination",
			   from->text, nr);
	for (int i = 0; i < nr && !(nr > 1 && to_name); i++) {
		char *name = to_name ? tool_strdup(t, to_name) : copy_last_name(t, paths[i]);

		copy_image_path(cg, paths[i], name, cg->to.image && !cg->from_image);
		free(name);
	}
	paths_free(paths);
	tool_use_image(t, 0);
}

static void copy_host_path(struct copying *cg, const struct host_source *s, const char *to_name)
{
	struct tool *t = cg->c.t;
	char *name = to_name ? tool_strdup(t, to_name) : copy_last_name(t, s->path);

	t->paths_are_host = true;
	if (s->dir >= 0)
		copy_path(&cg->c, s->dir, s->name, s->path, name);
	t->paths_are_host = false;
	free(name);
}

static void copy_all(struct copying *cg, const char *to_name)
{
	struct tool *t = cg->c.t;

	cg->c.dest = to_name ? host_parent(t, cg->to.path) : cg->to.path;
	for (int i = 0; i < cg->nr; i++) {
		if (tool_stopping(t))
			tool_not_done(t, cg->from[i].text, "not copied", -ECANCELED);
		else if (cg->sources)
			copy_host_path(cg, &cg->sources[i], to_name);
		else
			copy_image_paths(cg, &cg->from[i], to_name);
	}
}

/* Set the owners of the copies; looks up names in the destination image.  False after a message. */
static bool set_owners(struct copying *cg)
{
	struct copy *c = &cg->c;
	struct owner o;

	if (!c->to->is_image && cg->chown)
		tool_usage(c->t, "--chown sets owners in an image; the destination is on the host");
	if (!c->to->is_image) {
		c->owner = cg->no_owner || geteuid() ? COPY_OWNER_MINE : COPY_OWNER_KEEP;
		return true;
	}
	c->owner = cg->no_owner || cg->chown ? COPY_OWNER_SET : COPY_OWNER_KEEP;
	c->owner_given = cg->chown;
	if (!cg->chown)
		return true;
	if (!owner_parse(c->t, cg->to.path, cg->chown, &o))
		return false;
	c->uid = o.uid == OWNER_KEEP ? 0 : o.uid;
	c->gid = o.gid == OWNER_KEEP ? 0 : o.gid;
	return true;
}

static void run_to_image(struct copying *cg)
{
	struct tool *t = cg->c.t;
	char *name;

	if (!cg->from[0].image) {
		cg->sources = host_sources_open(t, cg->from, cg->nr);
	} else if (!operand_same_image(&cg->from[0], &cg->to)) {
		tool_add_image(t, cg->from[0].image);
		cg->from_image = t->nr_members;
		if (cg->c.reflink == COPY_REFLINK_AUTO)
			cg->c.reflink = COPY_REFLINK_NEVER;	/* two images share no blocks */
	}
	tool_open(t, cg->to.image);
	progress_begin();
	if (!set_owners(cg))
		return;
	cg->c.base = dest_open(t, cg->to.path, cg->nr == 1, &name);
	if (cg->c.base < 0)
		return;
	copy_all(cg, name);
	lkl_sys_close(cg->c.base);
}

static void run_to_host(struct copying *cg)
{
	struct tool *t = cg->c.t;
	char *name;

	session_require_host(t);
	set_owners(cg);
	cg->c.can_mknod = geteuid() == 0;
	cg->c.base = host_dest_open(t, cg->nr, cg->to.path, &name);
	tool_open(t, cg->from[0].image);
	progress_begin();
	copy_all(cg, name);
}

enum { OPT_SPARSE = OPT_VERB, OPT_REFLINK, OPT_NO_OWNER, OPT_NUMERIC_OWNER, OPT_CHOWN,
       OPT_EXCLUDE, OPT_INCLUDE, OPT_DELETE, OPT_PROGRESS, OPT_NO_XATTRS, OPT_NO_FLAGS,
       OPT_NO_DEVICES, OPT_SELINUX };

static void take_option(struct copying *cg, int opt)
{
	struct copy *c = &cg->c;

	switch (opt) {
	case OPT_CHOWN:
		cg->chown = optarg;
		break;
	case OPT_EXCLUDE:
	case OPT_INCLUDE:
		copy_filter_add(c->t, &cg->filter, optarg, opt == OPT_INCLUDE);
		break;
	case OPT_SELINUX:
		c->selinux = optarg;
		break;
	case OPT_PROGRESS:
		progress_force();
		break;
	case OPT_REFLINK:
		c->reflink = copy_parse_reflink(c->t, optarg);
	}
	c->sparse |= opt == OPT_SPARSE;
	cg->no_owner |= opt == OPT_NO_OWNER;
	c->no_project |= opt == OPT_NO_OWNER;
	c->delete |= opt == OPT_DELETE;
	c->update |= opt == 'u';
	c->dry_run |= opt == 'n';
	c->no_xattrs |= opt == OPT_NO_XATTRS;
	c->no_flags |= opt == OPT_NO_FLAGS;
	c->no_devices |= opt == OPT_NO_DEVICES;
}

static void parse_options(struct copying *cg, int argc, char **argv)
{
	static const struct option options[] = {
		{ "chown", required_argument, NULL, OPT_CHOWN },
		{ "delete", no_argument, NULL, OPT_DELETE },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "exclude", required_argument, NULL, OPT_EXCLUDE },
		{ "include", required_argument, NULL, OPT_INCLUDE },
		{ "no-devices", no_argument, NULL, OPT_NO_DEVICES },
		{ "no-flags", no_argument, NULL, OPT_NO_FLAGS },
		{ "no-owner", no_argument, NULL, OPT_NO_OWNER },
		{ "no-xattrs", no_argument, NULL, OPT_NO_XATTRS },
		{ "numeric-owner", no_argument, NULL, OPT_NUMERIC_OWNER },
		{ "progress", no_argument, NULL, OPT_PROGRESS },
		{ "reflink", optional_argument, NULL, OPT_REFLINK },
		{ "selinux", required_argument, NULL, OPT_SELINUX },
		{ "sparse", no_argument, NULL, OPT_SPARSE },
		{ "update", no_argument, NULL, 'u' },
		TOOL_LONG_OPTIONS
	};
	int opt;

	while ((opt = tool_getopt(cg->c.t, argc, argv, "nu", options)) != -1)
		take_option(cg, opt);
	tool_need_args(cg->c.t, argc, 2, 0);
	if (cg->no_owner && cg->chown)
		tool_usage(cg->c.t, "--no-owner and --chown exclude each other");
}

/* All sources must be on the host, or in one image. */
static void parse_operands(struct copying *cg, char **args, int nr)
{
	struct tool *t = cg->c.t;

	cg->nr = nr - 1;
	cg->from = session_alloc(t, cg->nr * sizeof(*cg->from));
	for (int i = 0; i < cg->nr; i++)
		cg->from[i] = operand_parse(t, args[i]);
	cg->to = operand_parse(t, args[cg->nr]);
	for (int i = 1; i < cg->nr; i++)
		if (!cg->from[i].image != !cg->from[0].image ||
		    (cg->from[i].image && !operand_same_image(&cg->from[i], &cg->from[0])))
			tool_usage(t, "%s: all sources must be on the host, or in one image",
				   cg->from[i].text);
	if (!cg->from[0].image && !cg->to.image)
		tool_usage(t, "neither %s nor %s is in an image: write IMAGE:/PATH",
			   cg->from[0].text, cg->to.text);
	cg->c.from = cg->from[0].image ? &side_image : &side_host;
	cg->c.to = cg->to.image ? &side_image : &side_host;
}

static int run(struct tool *t, int argc, char **argv)
{
	struct copying cg = { .c = { .t = t, .mode = -1, .can_mknod = true, .top = true } };
	struct verb reader = *t->verb;

	parse_options(&cg, argc, argv);
	parse_operands(&cg, argv + optind, argc - optind);
	cg.c.filter = &cg.filter;
	cg.c.buf = session_alloc(t, COPY_BUFFER);
	host_raise_limit(t);
	reader.writes = false;
	if (!cg.to.image || cg.c.dry_run)
		t->verb = &reader;
	if (cg.to.image)
		run_to_image(&cg);
	else
		run_to_host(&cg);
	copy_summarise(&cg.c);
	tool_finish(t);			/* t->verb is a variable of this function */
}

const struct verb verb_copy = {
	.name = "copy",
	.args = "[-n] [-u] [--delete] [--exclude GLOB]... SRC... DST",
	.summary = "copy trees between the host and images, or between images",
	.operands = "o+",
	.help = "SRC and DST are paths of the host, or IMAGE:/PATH; at least one is in an image.\n"
		"A path of the host that contains \":/\" is written with \"://\".  Copies go into DST if\n"
		"that is a directory, else DST is the name of the copy; of \"SRC/.\" the content is\n"
		"copied, and DST gets the metadata of SRC.  Owners, modes, times, attributes, links, holes and devices are kept; on the\n"
		"host, owners and devices only if run as root.\n\n"
		"  -n, --dry-run     only print what would be copied and deleted\n"
		"  -u, --update      skip files whose copy is newer, or of the same time and size\n"
		"  --delete          in directories that are copied, remove files that SRC lacks\n"
		"  --exclude GLOB, --include GLOB  leave files out, or not; the first match decides\n"
		"  --no-owner        copies belong to root in an image, to the user on the host\n"
		"  --chown USER[:GROUP]  owner of the copies: numbers, or names in the image\n"
		"  --numeric-owner   owners are always copied by number; accepted for scripts\n"
		"  --selinux CONTEXT SELinux context of the copies\n"
		"  --no-xattrs       do not copy extended attributes and ACLs\n"
		"  --no-flags        do not copy the flags of chattr\n"
		"  --no-devices      do not copy devices\n"
		"  --sparse          blocks of zeros become holes\n"
		"  --reflink[=WHEN]  inside one image, share blocks: auto (default), always, never\n"
		"  --progress        show progress even if standard error is not a terminal\n\n"
		"Example: anyfs copy --delete backup.qcow2:/p2/etc/. ./etc\n\n",
	.has_result = true,
	.writes = true,
	.has_progress = true,
	.catches_signals = true,
	.run = run,
};
