// SPDX-License-Identifier: GPL-2.0
/*
 * find-tests.c - the tests of anyfs find, and the table of all tests and actions
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "dirlist.h"
#include "find.h"
#include "messages.h"
#include "mode.h"
#include "output.h"
#include "walk.h"
#include "xattr.h"

/* ---- the current file ---- */

struct side_file find_side(const struct find *f)
{
	const struct walk_node *n = f->file.node;

	return (struct side_file){
		.dir = n->fd >= 0 ? n->fd : n->dirfd, .name = n->fd >= 0 ? "." : n->name, .fd = -1,
	};
}

const struct lkl_statx *find_stat(struct find *f)
{
	struct find_file *file = &f->file;

	if (!file->has_stx && !file->stat_error) {
		const struct side_file side = find_side(f);

		file->stat_error = side_image.stat_file(&side, &file->stx);
		file->has_stx = file->stat_error >= 0;
		if (!file->has_stx)
			tool_errno(f->t, file->node->path, file->stat_error);
	}
	return file->has_stx ? &file->stx : NULL;
}

const char *find_name(const struct find *f, int *len)
{
	const char *path = f->file.node->path, *end = path + strlen(path), *start;

	while (end > path + 1 && end[-1] == '/')
		end--;
	for (start = end; start > path && start[-1] != '/';)
		start--;
	if (start == end)
		start = path;		/* "/" */
	*len = end - start;
	return start;
}

/* ---- patterns ---- */

static bool parse_pattern(struct find *f, struct expr *e, const char *text)
{
	return true;
}

static bool matches(const struct expr *e, const char *text)
{
	return !fnmatch(e->text, text, e->fold ? FNM_CASEFOLD : 0);
}

static bool test_name(struct find *f, const struct expr *e)
{
	char name[1024];
	int len;
	const char *start = find_name(f, &len);

	if (len >= (int)sizeof(name))
		return false;
	memcpy(name, start, len);
	name[len] = '\0';
	return matches(e, name);
}

static bool test_path(struct find *f, const struct expr *e)
{
	return matches(e, f->file.node->path);
}

static bool test_link_name(struct find *f, const struct expr *e)
{
	const struct walk_node *n = f->file.node;
	char *target;
	bool same;
	long err;

	if (n->type != DT_LNK)
		return false;
	target = entry_target(&side_image, n->dirfd, n->name, 0, &err);
	if (!target) {
		tool_errno(f->t, n->path, err);
		return false;
	}
	same = matches(e, target);
	free(target);
	return same;
}

static bool parse_regex(struct find *f, struct expr *e, const char *text)
{
	const char *error;

	re_syntax_options = f->syntax | (e->fold ? RE_ICASE : 0);
	error = re_compile_pattern(text, strlen(text), &e->regex);
	if (error)
		tool_error(f->t, "%s: %s", text, error);
	return !error;
}

static bool test_regex(struct find *f, const struct expr *e)
{
	const char *path = f->file.node->path;
	long len = strlen(path);

	return re_match((struct re_pattern_buffer *)&e->regex, path, len, 0, NULL) == len;
}

/* ---- type, owner, mode ---- */

static bool parse_types(struct find *f, struct expr *e, const char *text)
{
	for (; *text; text += 2) {
		if (!strchr("bcdpfls", *text) || (text[1] && (text[1] != ',' || !text[2])))
			return false;
		if (!text[1])
			return true;
	}
	return false;
}

static bool test_type(struct find *f, const struct expr *e)
{
	static const char letters[] = "?pc?d?b?f?l?s???";
	unsigned char type = f->file.node->type;

	return type < 16 && letters[type] != '?' && strchr(e->text, letters[type]);
}

static bool test_owner(struct find *f, const struct expr *e, bool group)
{
	const struct lkl_statx *stx = find_stat(f);
	uint32_t id;

	if (!stx)
		return false;
	owner_names_load(f->t, &f->names, f->file.node->path);
	if (!owner_id(&f->names, group, e->text, &id))
		return false;
	return id == (group ? stx->stx_gid : stx->stx_uid);
}

static bool test_user(struct find *f, const struct expr *e)
{
	return test_owner(f, e, false);
}

static bool test_group(struct find *f, const struct expr *e)
{
	return test_owner(f, e, true);
}

static bool lacks_name(struct find *f, bool group)
{
	const struct lkl_statx *stx = find_stat(f);

	if (!stx)
		return false;
	owner_names_load(f->t, &f->names, f->file.node->path);
	return !owner_name(&f->names, group, group ? stx->stx_gid : stx->stx_uid);
}

static bool test_nouser(struct find *f, const struct expr *e)
{
	return lacks_name(f, false);
}

static bool test_nogroup(struct find *f, const struct expr *e)
{
	return lacks_name(f, true);
}

static bool parse_perm(struct find *f, struct expr *e, const char *text)
{
	if (*text == '-' || *text == '/')
		e->mode_sign = *text++;
	return mode_apply(text, 0, false, &e->mode) && mode_apply(text, 0, true, &e->dir_mode);
}

static bool test_perm(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);
	unsigned int mode = f->file.node->type == DT_DIR ? e->dir_mode : e->mode;

	if (!stx)
		return false;
	if (e->mode_sign == '/')
		return !mode || (stx->stx_mode & mode);
	return (stx->stx_mode & (e->mode_sign == '-' ? mode : 07777)) == mode;
}

/* ---- numbers ---- */

bool parse_number_operand(const char *text, struct find_number *n)
{
	char *end;

	n->sign = *text == '+' || *text == '-' ? *text++ : 0;
	if (*text < '0' || *text > '9')
		return false;
	n->n = strtoull(text, &end, 10);
	return !*end;
}

bool number_matches(const struct find_number *n, uint64_t value)
{
	return n->sign == '+' ? value > n->n : n->sign == '-' ? value < n->n : value == n->n;
}

static bool parse_number(struct find *f, struct expr *e, const char *text)
{
	return parse_number_operand(text, &e->number);
}

static bool parse_find_size(struct find *f, struct expr *e, const char *text)
{
	static const char units[] = "cwbkMG";
	static const uint64_t bytes[] = { 1, 2, 512, 1 << 10, 1 << 20, 1 << 30 };
	size_t len = strlen(text);
	const char *unit = len ? strchr(units, text[len - 1]) : NULL;
	char number[32];

	e->unit = unit ? bytes[unit - units] : 512;
	len -= unit != NULL;
	if (len >= sizeof(number))
		return false;
	memcpy(number, text, len);
	number[len] = '\0';
	return parse_number_operand(number, &e->number);
}

static bool test_size(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);

	return stx && number_matches(&e->number, stx->stx_size / e->unit +
						 (stx->stx_size % e->unit != 0));
}

static bool test_links(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);

	return stx && number_matches(&e->number, stx->stx_nlink);
}

static bool test_inum(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);

	return stx && number_matches(&e->number, stx->stx_ino);
}

static bool test_uid(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);

	return stx && number_matches(&e->number, stx->stx_uid);
}

static bool test_gid(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);

	return stx && number_matches(&e->number, stx->stx_gid);
}

static bool is_empty_dir(struct find *f)
{
	long fd = side_image.open_dir(f->file.node->fd, ".");
	struct dirlist list;
	long rc = fd;

	if (fd >= 0) {
		rc = dirlist_read(&side_image, fd, ORDER_NAME, &list);
		side_image.close(fd);
	}
	if (rc < 0) {
		tool_errno(f->t, f->file.node->path, rc);
		return false;
	}
	rc = list.nr;
	dirlist_free(&list);
	return !rc;
}

static bool test_empty(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx;

	if (f->file.node->type == DT_DIR)
		return is_empty_dir(f);
	if (f->file.node->type != DT_REG)
		return false;
	stx = find_stat(f);
	return stx && !stx->stx_size;
}

static long match_key(void *data, const char *key, const void *value, size_t len)
{
	return matches(data, key);
}

static bool test_xattr(struct find *f, const struct expr *e)
{
	const struct side_file side = find_side(f);
	long rc = xattr_each(&side_image, &side, match_key, (void *)e);

	if (rc < 0)
		tool_errno(f->t, f->file.node->path, rc);
	return rc > 0;
}

/* ---- constants, and actions that do not replace the default output ---- */

static bool test_true(struct find *f, const struct expr *e)
{
	return true;
}

static bool test_false(struct find *f, const struct expr *e)
{
	return false;
}

static bool do_prune(struct find *f, const struct expr *e)
{
	f->prune = true;
	return true;
}

static bool do_quit(struct find *f, const struct expr *e)
{
	f->quit = true;
	return true;
}

/* ---- the table ---- */

#define PATTERN	"a pattern"
#define NUMBER	"a number, with + for more or - for less"
#define TIME	"a number of days or minutes, with + for more or - for less"
#define DATE	"a date such as \"2024-02-29 12:34:56\" or @1709210096"
#define REGEX	"a regular expression"

#define TEST(n, p, e, o)	{ .name = n, .parse = p, .eval = e, .operand = o }
#define ACTION(n, p, e, o)	{ .name = n, .parse = p, .eval = e, .operand = o, \
				  .is_action = true }

static const struct find_primary primaries[] = {
	TEST("-name", parse_pattern, test_name, PATTERN),
	TEST("-path", parse_pattern, test_path, PATTERN),
	TEST("-wholename", parse_pattern, test_path, PATTERN),
	TEST("-lname", parse_pattern, test_link_name, PATTERN),
	TEST("-regex", parse_regex, test_regex, REGEX),
	TEST("-type", parse_types, test_type, "letters of b, c, d, p, f, l, s with commas between"),
	TEST("-size", parse_find_size, test_size, "a number and c, w, b, k, M or G"),
	TEST("-empty", NULL, test_empty, NULL),
	TEST("-links", parse_number, test_links, NUMBER),
	TEST("-inum", parse_number, test_inum, NUMBER),
	TEST("-uid", parse_number, test_uid, NUMBER),
	TEST("-gid", parse_number, test_gid, NUMBER),
	TEST("-user", parse_pattern, test_user, "a user's name or number"),
	TEST("-group", parse_pattern, test_group, "a group's name or number"),
	TEST("-nouser", NULL, test_nouser, NULL),
	TEST("-nogroup", NULL, test_nogroup, NULL),
	TEST("-perm", parse_perm, test_perm, "a mode, with - for all of its bits or / for any"),
	TEST("-xattr", parse_pattern, test_xattr, PATTERN),
	TEST("-Xtime", parse_age, test_age, TIME),
	TEST("-Xmin", parse_age, test_age, TIME),
	TEST("-newerXt", parse_newer_date, test_newer, DATE),
	TEST("-newerXY", parse_newer_file, test_newer, "a path of the image"),
	TEST("-true", NULL, test_true, NULL),
	TEST("-false", NULL, test_false, NULL),
	TEST("-prune", NULL, do_prune, NULL),
	TEST("-quit", NULL, do_quit, NULL),
	ACTION("-print", NULL, find_print, NULL),
	ACTION("-print0", NULL, find_print0, NULL),
	ACTION("-ls", NULL, find_ls, NULL),
	ACTION("-printf", parse_format, find_printf, "a format"),
};

static const struct find_primary *find_primary_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(primaries) / sizeof(primaries[0]); i++)
		if (!strcmp(name, primaries[i].name))
			return &primaries[i];
	return NULL;
}

/* Find "-mtime", "-amin" and the like: the table has "-Xtime" and "-Xmin". */
static const struct find_primary *age_test(const char *name, struct expr *e)
{
	if (strlen(name) < 5 || !strchr("acmB", name[1]))
		return NULL;
	e->time = name[1];
	e->unit = strcmp(name + 2, "time") ? 60 : 86400;
	return !strcmp(name + 2, "time") ? find_primary_by_name("-Xtime") :
	       !strcmp(name + 2, "min") ? find_primary_by_name("-Xmin") : NULL;
}

/* Find "-newer", "-anewer", "-newerBt": the table has "-newerXt" and "-newerXY". */
static const struct find_primary *newer_test(const char *name, struct expr *e)
{
	e->time = e->other_time = 'm';
	if (!strcmp(name, "-newer"))
		return find_primary_by_name("-newerXY");
	if (!strcmp(name, "-anewer") || !strcmp(name, "-cnewer")) {
		e->time = name[1];
		return find_primary_by_name("-newerXY");
	}
	if (strncmp(name, "-newer", 6) || strlen(name) != 8 || !strchr("acmB", name[6]) ||
	    !strchr("acmBt", name[7]))
		return NULL;
	e->time = name[6];
	e->other_time = name[7];
	return find_primary_by_name(name[7] == 't' ? "-newerXt" : "-newerXY");
}

const struct find_primary *find_primary(const char *name, struct expr *e)
{
	static const char *const folded[] = {
		"-iname", "-name", "-ipath", "-path", "-iwholename", "-path", "-ilname", "-lname",
		"-iregex", "-regex",
	};
	const struct find_primary *p = strchr(name, 'X') ? NULL : find_primary_by_name(name);

	for (size_t i = 0; i < sizeof(folded) / sizeof(folded[0]); i += 2)
		if (!strcmp(name, folded[i])) {
			e->fold = true;
			return find_primary_by_name(folded[i + 1]);
		}
	if (!p)
		p = age_test(name, e);
	return p ? p : newer_test(name, e);
}
