// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-getfacl.c - anyfs getfacl: print POSIX ACLs
 *
 * The output is that of getfacl(1); names are those of the image's own /etc/passwd.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "acl.h"
#include "glob.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "verbs.h"
#include "walk.h"

struct getfacl {
	struct tool *t;
	bool recursive, numeric, no_header, only_access, only_default;
	struct owner_names names;
};

static const char *owner_of(struct getfacl *g, bool group, uint32_t id, char buf[11])
{
	static const struct owner_names none;

	return owner_text(g->numeric ? &none : &g->names, group, id, buf);
}

static void print_item(struct getfacl *g, const struct acl_item *item, const char *before,
		       const struct acl_item *mask)
{
	bool limited = mask && (item->tag & (ACL_USER | ACL_GROUP_OBJ | ACL_GROUP)) &&
		       (item->perm & ~mask->perm);
	char perm[4], effective[4], id[11] = "";
	const char *name = "";

	if (item->tag == ACL_USER || item->tag == ACL_GROUP)
		name = owner_of(g, item->tag == ACL_GROUP, item->id, id);
	acl_format_perm(item->perm, perm);
	printf("%s%s:%s:%s", before, acl_tag_name(item->tag), name, perm);
	if (limited) {
		acl_format_perm(item->perm & mask->perm, effective);
		printf("\t#effective:%s", effective);
	}
	putchar('\n');
}

static void print_text_acl(struct getfacl *g, const struct acl *acl, const char *before)
{
	for (size_t i = 0; i < acl->nr; i++)
		print_item(g, &acl->items[i], before, acl_find(acl, ACL_MASK, 0));
}

static void print_header(struct getfacl *g, const char *path, const struct lkl_statx *stx)
{
	char buf[11];

	printf("# file: ");
	print_name(path + strspn(path, "/"));
	printf("\n# owner: %s\n", owner_of(g, false, stx->stx_uid, buf));
	printf("# group: %s\n", owner_of(g, true, stx->stx_gid, buf));
	if (stx->stx_mode & 07000)
		printf("# flags: %c%c%c\n", stx->stx_mode & 04000 ? 's' : '-',
		       stx->stx_mode & 02000 ? 's' : '-', stx->stx_mode & 01000 ? 't' : '-');
}

static void print_json_acl(struct getfacl *g, const char *key, const struct acl *acl)
{
	char perm[4], buf[11];

	printf(", \"%s\": [", key);
	for (size_t i = 0; i < acl->nr; i++) {
		const struct acl_item *item = &acl->items[i];

		acl_format_perm(item->perm, perm);
		printf("%s{\"tag\": \"%s\"", i ? ", " : "", acl_tag_name(item->tag));
		if (item->tag == ACL_USER || item->tag == ACL_GROUP) {
			printf(", \"id\": %u, ", item->id);
			json_text("name", owner_of(g, item->tag == ACL_GROUP, item->id, buf));
		}
		printf(", \"permissions\": \"%s\"}", perm);
	}
	putchar(']');
}

static void print_acls(struct getfacl *g, const char *path, const struct lkl_statx *stx,
		       const struct acl *access, const struct acl *inherited)
{
	bool with_access = !g->only_default || g->only_access;
	bool with_default = !g->only_access || g->only_default;

	if (g->t->json) {
		json_separator(g->t);
		json_text("path", path);
		printf(", \"uid\": %u, \"gid\": %u, \"mode\": \"%04o\"", stx->stx_uid, stx->stx_gid,
		       stx->stx_mode & 07777);
		print_json_acl(g, "access", access);
		print_json_acl(g, "default", inherited);
		putchar('}');
		return;
	}
	if (!g->no_header)
		print_header(g, path, stx);
	if (with_access)
		print_text_acl(g, access, "");
	if (with_default)
		print_text_acl(g, inherited, g->only_default && !with_access ? "" : "default:");
	putchar('\n');
}

static void print_file(struct getfacl *g, const struct walk_node *node)
{
	const struct side_file f = { .dir = node->dirfd, .name = node->name, .fd = node->fd };
	struct acl access = { 0 }, inherited = { 0 };
	struct lkl_statx stx;
	long rc = side_image.stat_file(&f, &stx);

	/* A symbolic link has no ACL. */
	if (node->type == DT_LNK)
		return;
	if (rc >= 0)
		rc = acl_read(g->t, &f, ACL_KEY, &access);
	if (rc >= 0 && node->type == DT_DIR)
		rc = acl_read(g->t, &f, ACL_DEFAULT_KEY, &inherited);
	if (rc < 0) {
		tool_not_done(g->t, node->path, "no ACL", rc);
	} else {
		if (!access.nr)
			acl_from_mode(g->t, stx.stx_mode, &access);
		if (!g->numeric)
			owner_names_load(g->t, &g->names, node->path);
		print_acls(g, node->path, &stx, &access, &inherited);
	}
	acl_free(&access);
	acl_free(&inherited);
	tool_check_output(g->t);
}

static int enter_dir(void *data, const struct walk_node *node)
{
	struct getfacl *g = data;

	print_file(g, node);
	return g->recursive ? 0 : -1;
}

static void visit_file(void *data, const struct walk_node *node)
{
	print_file(data, node);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct walk_ops ops = { .enter_dir = enter_dir, .visit_file = visit_file };
	static const struct option options[] = {
		{ "access", no_argument, NULL, 'a' },
		{ "default", no_argument, NULL, 'd' },
		{ "numeric", no_argument, NULL, 'n' },
		{ "omit-header", no_argument, NULL, 'c' },
		{ "recursive", no_argument, NULL, 'R' },
		TOOL_LONG_OPTIONS
	};
	struct getfacl g = { .t = t };
	char **paths;
	int c, nr;

	while ((c = tool_getopt(t, argc, argv, "acdnR", options)) != -1) {
		g.only_access |= c == 'a';
		g.only_default |= c == 'd';
		g.numeric |= c == 'n';
		g.no_header |= c == 'c';
		g.recursive |= c == 'R';
	}
	tool_need_args(t, argc, 2, 0);
	tool_open(t, argv[optind]);
	paths = tool_expand(t, argv + optind + 1, &nr);
	for (int i = 0; i < nr && !tool_stopping(t); i++)
		walk_path(t, paths[i], &ops, &g);
	paths_free(paths);
	owner_names_free(&g.names);
	return 0;
}

const struct verb verb_getfacl = {
	.name = "getfacl",
	.args = "[-acdnR] [--json] IMAGE PATH...",
	.summary = "print POSIX ACLs",
	.operands = "p+",
	.help = "The output is that of getfacl(1), with names of the image's own /etc/passwd.\n\n"
		"  -a, --access      only the ACLs of the files\n"
		"  -d, --default     only the default ACLs of directories\n"
		"  -c, --omit-header without the lines that begin with #\n"
		"  -n, --numeric     numbers of users and groups instead of names\n"
		"  -R, --recursive   everything below directories, too\n\n"
		"Example: anyfs getfacl -R disk.img /p2/srv\n\n",
	.has_json = true,
	.run = run,
};
