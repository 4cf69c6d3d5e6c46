// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-setfacl.c - anyfs setfacl: change POSIX ACLs
 *
 * The entries are those of setfacl(1).  Names are looked up in the image.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "acl.h"
#include "change.h"
#include "messages.h"
#include "options.h"
#include "run.h"
#include "side.h"
#include "verbs.h"

#define PERM_KEEP_X	8		/* "X": execute, for directories or if any class has it */

/* One entry of the command line. */
struct entry {
	bool of_default;
	unsigned int tag, perm;
	uint32_t id;
};

struct entries {
	const char *text;		/* argument of the option, or NULL */
	struct entry *list;
	size_t nr;
};

struct setfacl {
	struct tool *t;
	struct entries modify, remove, set;
	bool all_default;		/* -d: all entries belong to the default ACL */
	bool remove_all, remove_default, keep_mask;
	struct owner_names names;
};

/* If the word at *@at, up to a colon, is @name or its first letter: move past the colon. */
static bool take_word(const char **at, const char *name)
{
	size_t len = strcspn(*at, ":");

	if (!len || strncmp(*at, name, len) || (len != 1 && len != strlen(name)) || !(*at)[len])
		return false;
	*at += len + 1;
	return true;
}

static bool parse_perm(const char *text, unsigned int *perm)
{
	static const char letters[] = "xwrX-";

	*perm = 0;
	if (*text >= '0' && *text <= '7' && !text[1]) {
		*perm = *text - '0';
		return true;
	}
	for (; *text; text++) {
		const char *letter = strchr(letters, *text);

		if (!letter)
			return false;
		if (*text != '-')
			*perm |= *text == 'X' ? PERM_KEEP_X : 1u << (letter - letters);
	}
	return true;
}

/* Parse the name or number at *@at up to a colon or the end. */
static bool parse_id(struct setfacl *s, const char **at, struct entry *e)
{
	size_t len = strcspn(*at, ":");
	char *text = strndup(*at, len);
	bool found;

	if (!text)
		tool_no_memory(s->t);
	*at += len;
	/* owner_id() remembers the last name by its address; strndup() may return it again. */
	s->names.last[e->tag == ACL_GROUP].text = NULL;
	found = owner_id(&s->names, e->tag == ACL_GROUP, text, &e->id);
	free(text);
	return found;
}

/* Parse "default:user:NAME:rwx" and the like; without @perm there must be no permissions. */
static bool parse_entry(struct setfacl *s, const char *p, bool perm, struct entry *e)
{
	*e = (struct entry){ .of_default = s->all_default };
	if (take_word(&p, "default"))
		e->of_default = true;
	if (take_word(&p, "user"))
		e->tag = ACL_USER;
	else if (take_word(&p, "group"))
		e->tag = ACL_GROUP;
	else if (take_word(&p, "mask"))
		e->tag = ACL_MASK;
	else if (take_word(&p, "other"))
		e->tag = ACL_OTHER;
	else
		return false;
	if (e->tag > ACL_GROUP) {
		p += *p == ':';
	} else if (*p == ':' || !*p) {
		e->tag = e->tag == ACL_USER ? ACL_USER_OBJ : ACL_GROUP_OBJ;
		p += *p == ':';
	} else {
		if (!parse_id(s, &p, e))
			return false;
		p += *p == ':';
	}
	return perm ? *p && parse_perm(p, &e->perm) : !*p;
}

/* Parse the entries of @text; with @perm they have permissions.  False: not valid. */
static bool parse_entries(struct setfacl *s, struct entries *e, bool perm)
{
	char *copy = tool_strdup(s->t, e->text), *rest = copy, *word;
	bool ok = true;

	while (ok && (word = strsep(&rest, ", \n"))) {
		struct entry *more;

		if (!*word)
			continue;
		more = reallocarray(e->list, e->nr + 1, sizeof(*more));
		if (!more)
			tool_no_memory(s->t);
		e->list = more;
		ok = parse_entry(s, word, perm, &e->list[e->nr++]);
	}
	free(copy);
	return ok;
}

/* State of one file while its ACLs are changed. */
struct target {
	bool is_dir, any_execute;
	bool mask_given[2];		/* the entries set or remove the mask */
};

/* Apply the entries to the access ACL @acls[0] and the default ACL @acls[1]. */
static void apply_entries(struct setfacl *s, struct acl acls[2], const struct entries *entries,
			  struct target *target)
{
	for (size_t i = 0; i < entries->nr; i++) {
		const struct entry *e = &entries->list[i];
		struct acl *acl = &acls[e->of_default];
		unsigned int perm = e->perm & 7;

		target->mask_given[e->of_default] |= e->tag == ACL_MASK;
		if ((e->perm & PERM_KEEP_X) && (target->is_dir || target->any_execute))
			perm |= ACL_EXECUTE;
		if (entries == &s->remove)
			acl_remove(acl, e->tag, e->id);
		else
			acl_set(s->t, acl, e->tag, e->id, perm);
	}
}

/* Add the basic entries that a default ACL lacks, like those of the file's access ACL. */
static void complete_default(struct setfacl *s, struct acl *acl, const struct acl *access)
{
	static const unsigned int basic[] = { ACL_USER_OBJ, ACL_GROUP_OBJ, ACL_OTHER };

	for (size_t i = 0; acl->nr && i < 3; i++) {
		const struct acl_item *item = acl_find(access, basic[i], 0);

		if (item && !acl_find(acl, basic[i], 0))
			acl_set(s->t, acl, basic[i], 0, item->perm);
	}
}

/* Keep the three basic entries, without the mask that may have limited the group. */
static void remove_extended(struct acl *acl)
{
	size_t kept = 0;

	for (size_t i = 0; i < acl->nr; i++)
		if (acl->items[i].tag & (ACL_USER_OBJ | ACL_GROUP_OBJ | ACL_OTHER))
			acl->items[kept++] = acl->items[i];
	acl->nr = kept;
}

/* Apply the options to the two ACLs of a file; the entries were checked before. */
static void change_acls(struct setfacl *s, struct acl acls[2], unsigned int mode)
{
	struct target target = { .is_dir = (mode & LKL_S_IFMT) == LKL_S_IFDIR };

	for (size_t i = 0; i < acls[0].nr; i++)
		target.any_execute |= acls[0].items[i].perm & ACL_EXECUTE;
	if (s->remove_all || s->set.text)
		remove_extended(&acls[0]);
	if (s->remove_all || s->remove_default || (s->set.text && s->all_default))
		acl_free(&acls[1]);
	apply_entries(s, acls, &s->set, &target);
	apply_entries(s, acls, &s->modify, &target);
	apply_entries(s, acls, &s->remove, &target);
	complete_default(s, &acls[1], &acls[0]);
	for (int i = 0; i < 2; i++)
		if (!target.mask_given[i] && (!s->keep_mask || !acl_find(&acls[i], ACL_MASK, 0)))
			acl_set_mask(s->t, &acls[i]);
}

static long store_acl(struct setfacl *s, const struct side_file *f, const char *key,
		      const struct acl *acl)
{
	size_t len;
	void *value;
	long rc;

	if (!acl->nr) {
		rc = side_image.removexattr(f, key);
		return rc == -ENODATA || rc == -EOPNOTSUPP ? 0 : rc;
	}
	value = acl_encode(s->t, acl, &len);
	rc = side_image.setxattr(f, key, value, len);
	free(value);
	return rc;
}

static long change_file(void *data, const struct side_file *f, const char *path)
{
	struct setfacl *s = data;
	struct acl acls[2] = { 0 };
	struct lkl_statx stx;
	bool had_default, is_dir;
	long rc = side_image.stat_file(f, &stx);

	if (rc >= 0 && (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFLNK)
		return 0;		/* a link has no ACL */
	is_dir = rc >= 0 && (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR;
	if (rc >= 0)
		rc = acl_read(s->t, f, ACL_KEY, &acls[0]);
	if (rc >= 0 && is_dir)
		rc = acl_read(s->t, f, ACL_DEFAULT_KEY, &acls[1]);
	had_default = acls[1].nr;
	if (rc >= 0) {
		if (!acls[0].nr)
			acl_from_mode(s->t, stx.stx_mode, &acls[0]);
		change_acls(s, acls, stx.stx_mode);
		/* Like setfacl -R, set default ACLs only on directories: other files have none. */
		rc = store_acl(s, f, ACL_KEY, &acls[0]);
		if (rc >= 0 && is_dir && (acls[1].nr || had_default))
			rc = store_acl(s, f, ACL_DEFAULT_KEY, &acls[1]);
	}
	acl_free(&acls[0]);
	acl_free(&acls[1]);
	return rc;
}

static void must_parse(struct setfacl *s, const char *option, struct entries *e, bool perm)
{
	if (!e->text || parse_entries(s, e, perm))
		return;
	tool_error(s->t, "%s %s: not entries of an ACL, or a name is not in the image; nothing was changed",
		   option, e->text);
	tool_finish(s->t);
}

enum { OPT_SET = OPT_VERB };

static unsigned int parse_options(struct setfacl *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "default", no_argument, NULL, 'd' },
		{ "modify", required_argument, NULL, 'm' },
		{ "no-mask", no_argument, NULL, 'n' },
		{ "recursive", no_argument, NULL, 'R' },
		{ "remove", required_argument, NULL, 'x' },
		{ "remove-all", no_argument, NULL, 'b' },
		{ "remove-default", no_argument, NULL, 'k' },
		{ "set", required_argument, NULL, OPT_SET },
		TOOL_LONG_OPTIONS
	};
	unsigned int flags = CHANGE_FOLLOW;
	int c;

	while ((c = tool_getopt(s->t, argc, argv, "bdkm:nRx:", options)) != -1) {
		if (c == 'm')
			s->modify.text = optarg;
		else if (c == 'x')
			s->remove.text = optarg;
		else if (c == OPT_SET)
			s->set.text = optarg;
		else if (c == 'R')
			flags = CHANGE_TREE;
		s->all_default |= c == 'd';
		s->remove_all |= c == 'b';
		s->remove_default |= c == 'k';
		s->keep_mask |= c == 'n';
	}
	if (!s->modify.text && !s->remove.text && !s->set.text &&
	    !s->remove_all && !s->remove_default)
		tool_usage(s->t, "no change given; use -m, -x, -b, -k or --set");
	tool_need_args(s->t, argc, 2, 0);
	return flags;
}

static int run(struct tool *t, int argc, char **argv)
{
	struct setfacl s = { .t = t };
	unsigned int flags = parse_options(&s, argc, argv);

	tool_open(t, argv[optind]);
	owner_names_load(t, &s.names, argv[optind + 1]);
	must_parse(&s, "-m", &s.modify, true);
	must_parse(&s, "--set", &s.set, true);
	must_parse(&s, "-x", &s.remove, false);
	change_each(t, argv + optind + 1, flags, "ACL not changed", change_file, &s);
	owner_names_free(&s.names);
	free(s.modify.list);
	free(s.remove.list);
	free(s.set.list);
	return 0;
}

const struct verb verb_setfacl = {
	.name = "setfacl",
	.args = "{-m ENTRIES | -x ENTRIES | --set ENTRIES | -b | -k} [-dnR] [--json] IMAGE PATH...",
	.summary = "change POSIX ACLs",
	.operands = "p+",
	.help = "ENTRIES are separated by commas: [default:]user:[NAME]:PERM, group:, mask::, other::,\n"
		"as for setfacl(1); PERM is letters of rwxX or a digit, and left out for -x.\n\n"
		"  -m, --modify ENTRIES  add these entries, or change them\n"
		"  -x, --remove ENTRIES  remove these entries\n"
		"  --set ENTRIES     replace the ACL by these entries\n"
		"  -b, --remove-all  remove everything that the mode cannot store\n"
		"  -k, --remove-default  remove the default ACL\n"
		"  -d, --default     change the entries of the default ACL\n"
		"  -n, --no-mask     do not compute the mask again\n"
		"  -R, --recursive   change everything below directories, too\n\n"
		"Example: anyfs setfacl -R -m user:www-data:rX disk.img /p2/srv\n\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
