// SPDX-License-Identifier: GPL-2.0
/*
 * find-print.c - the actions of anyfs find that print
 *
 * The directives of -printf, and the columns of -ls, are those of GNU find.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "find.h"
#include "messages.h"
#include "output.h"

/*
 * The link text of the current file; NULL if it is not a link, or if reading failed with a
 * message.
 */
static char *link_target(struct find *f)
{
	const struct walk_node *n = f->file.node;
	char *target;
	long err;

	if (n->type != DT_LNK)
		return NULL;
	target = entry_target(&side_image, n->dirfd, n->name, 0, &err);
	if (!target)
		tool_errno(f->t, n->path, err);
	return target;
}

static void print_json(struct find *f)
{
	const struct lkl_statx *stx = find_stat(f);
	char *target;

	if (!stx)
		return;
	target = link_target(f);
	json_separator(f->t);
	entry_json(f->file.node->path, stx, target);
	putchar('}');
	free(target);
}

bool find_print(struct find *f, const struct expr *e)
{
	if (f->t->json) {
		print_json(f);
	} else {
		print_name(f->file.node->path);
		putchar('\n');
	}
	return true;
}

bool find_print0(struct find *f, const struct expr *e)
{
	fputs(f->file.node->path, stdout);
	putchar('\0');
	return true;
}

/* ---- -ls ---- */

#define HALF_YEAR	(31556952 / 2)

/* "Feb 29 12:34", or with the year if it is not of the last half year. */
static void format_ls_time(const struct find *f, int64_t sec, char *out, size_t len)
{
	time_t seconds = sec;
	bool recent = sec > f->now.tv_sec - HALF_YEAR && sec <= f->now.tv_sec;
	struct tm tm;

	if (!localtime_r(&seconds, &tm) ||
	    !strftime(out, len, recent ? "%b %e %H:%M" : "%b %e  %Y", &tm))
		snprintf(out, len, "@%lld", (long long)sec);
}

bool find_ls(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);
	char mode[11], date[64], size[32], user[11], group[11], *target;
	unsigned int fmt;

	if (!stx)
		return true;
	fmt = stx->stx_mode & LKL_S_IFMT;
	format_mode(stx->stx_mode, mode);
	format_ls_time(f, stx->stx_mtime.tv_sec, date, sizeof(date));
	if (fmt == LKL_S_IFBLK || fmt == LKL_S_IFCHR)
		snprintf(size, sizeof(size), "%3u, %3u", stx->stx_rdev_major, stx->stx_rdev_minor);
	else
		snprintf(size, sizeof(size), "%8llu", (unsigned long long)stx->stx_size);
	owner_names_load(f->t, &f->names, f->file.node->path);
	printf("%9llu %6llu %s %3u %-8s %-8s %s %s ", (unsigned long long)stx->stx_ino,
	       (unsigned long long)(stx->stx_blocks + 1) / 2, mode, stx->stx_nlink,
	       owner_text(&f->names, false, stx->stx_uid, user),
	       owner_text(&f->names, true, stx->stx_gid, group), size, date);
	print_name(f->file.node->path);
	target = link_target(f);
	if (target) {
		printf(" -> ");
		print_name(target);
	}
	free(target);
	putchar('\n');
	return true;
}

/* ---- -printf ---- */

/* A piece of a format: a text, or a directive when @conv is not 0. */
struct find_format {
	struct find_format *next;
	char *text;			/* @len bytes, or the directive's flags and width */
	size_t len;
	char conv, time;		/* %p: 'p', 0; %TY: 'T', 'Y' */
	bool end;			/* \c: the output of this format stops here */
};

#define PLAIN		"abcdDfgGhHiklmMnpPsStuUyZ"
#define TIME_FIELDS	"@aAbBcdDehHIjklmMnpPrsSTuUVwWxXyYZ+"

void find_format_free(struct find_format *format)
{
	while (format) {
		struct find_format *next = format->next;

		free(format->text);
		free(format);
		format = next;
	}
}

static struct find_format *add_piece(struct find *f, struct find_format ***end, const char *text,
				     size_t len)
{
	struct find_format *piece = calloc(1, sizeof(*piece));

	if (!piece)
		tool_no_memory(f->t);
	piece->text = strndup(text, len);
	piece->len = len;
	if (!piece->text)
		tool_no_memory(f->t);
	**end = piece;
	*end = &piece->next;
	return piece;
}

/* Parse the escape sequence at @p, after the backslash; returns its end, NULL: not valid. */
static const char *parse_escape(struct find *f, struct find_format ***end, const char *p)
{
	static const char names[] = "abfnrtv\\\"", bytes[] = "\a\b\f\n\r\t\v\\\"";
	const char *name = *p ? strchr(names, *p) : NULL;
	char c = 0;
	int digits = 0;

	if (*p == 'c') {
		add_piece(f, end, "", 0)->end = true;
		return p + 1;
	}
	if (name) {
		add_piece(f, end, &bytes[name - names], 1);
		return p + 1;
	}
	for (; digits < 3 && *p >= '0' && *p <= '7'; digits++)
		c = c * 8 + *p++ - '0';
	if (!digits)
		return NULL;
	*add_piece(f, end, "x", 1)->text = c;
	return p;
}

static const char *parse_directive(struct find *f, struct find_format ***end, const char *p)
{
	const char *flags = p;
	struct find_format *piece;

	if (*p == '%') {
		add_piece(f, end, "%", 1);
		return p + 1;
	}
	p += strspn(p, "-+ #0");
	p += strspn(p, "0123456789");
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	if (!*p || p - flags > 8 || !strchr(PLAIN "ACTB", *p))
		return NULL;
	piece = add_piece(f, end, flags, p - flags);
	piece->conv = *p++;
	if (!strchr("ACTB", piece->conv))
		return p;
	if (!*p || !strchr(TIME_FIELDS, *p))
		return NULL;
	piece->time = *p++;
	return p;
}

bool parse_format(struct find *f, struct expr *e, const char *text)
{
	struct find_format **end = &e->format;

	while (text && *text) {
		size_t len = strcspn(text, "\\%");

		if (len)
			add_piece(f, &end, text, len);
		text += len;
		if (*text == '\\')
			text = parse_escape(f, &end, text + 1);
		else if (*text == '%')
			text = parse_directive(f, &end, text + 1);
	}
	return text;
}

static void put_text(const struct find_format *p, const char *text)
{
	char format[16];

	if (!p->len) {
		print_name(text);
		return;
	}
	snprintf(format, sizeof(format), "%%%ss", p->text);
	printf(format, text);
}

static void put_number(const struct find_format *p, const char *conv, unsigned long long n)
{
	char format[16];

	snprintf(format, sizeof(format), "%%%sll%s", p->text, conv);
	printf(format, n);
}

/* Append the fraction of a second to @before, with ten digits like GNU find. */
static void format_seconds(const struct lkl_statx_timestamp *ts, const char *before, char *out,
			   size_t len)
{
	snprintf(out, len, "%s.%09u0", before, ts->tv_nsec);
}

static void put_time(const struct find_format *p, const struct lkl_statx_timestamp *ts, char field)
{
	time_t seconds = ts ? ts->tv_sec : 0;
	char text[160] = "", part[80], strf[] = { '%', field, '\0' };
	struct tm tm;

	if (!ts || !localtime_r(&seconds, &tm)) {
		put_text(p, text);
		return;
	}
	if (field == '@') {
		snprintf(part, sizeof(part), "%lld", (long long)ts->tv_sec);
		format_seconds(ts, part, text, sizeof(text));
	} else if (strchr("STX+", field)) {
		strftime(part, sizeof(part), field == 'S' ? "%S" : field == '+' ?
			 "%Y-%m-%d+%H:%M:%S" : "%H:%M:%S", &tm);
		format_seconds(ts, part, text, sizeof(text));
	} else if (field == 'c') {
		strftime(part, sizeof(part), "%a %b %e %H:%M:%S", &tm);
		format_seconds(ts, part, text, sizeof(text));
		strftime(part, sizeof(part), " %Y", &tm);
		strcat(text, part);
	} else {
		strftime(text, sizeof(text), strf, &tm);
	}
	put_text(p, text);
}

/* Print the part before the last slash, like GNU find: nothing for "/etc", "." for "etc". */
static void put_parent(struct find *f, const struct find_format *p)
{
	const char *path = f->file.node->path;
	int len;
	const char *name = find_name(f, &len);
	char *text;

	len = name - path;
	while (len && path[len - 1] == '/')
		len--;
	text = name == path && *path != '/' ? strdup(".") : strndup(path, len);
	if (!text)
		tool_no_memory(f->t);
	put_text(p, text);
	free(text);
}

static void put_name(struct find *f, const struct find_format *p)
{
	int len;
	const char *name = find_name(f, &len);
	char *text = strndup(name, len);

	if (!text)
		tool_no_memory(f->t);
	put_text(p, text);
	free(text);
}

static void put_target(struct find *f, const struct find_format *p)
{
	char *target = link_target(f);

	put_text(p, target ? target : "");
	free(target);
}

/* The SELinux context of the file; nothing if it has none. */
static void put_context(struct find *f, const struct find_format *p)
{
	const struct walk_node *n = f->file.node;
	const struct side_file file = { .dir = n->dirfd, .name = n->name, .fd = n->fd };
	char text[4097] = "";
	long len = side_image.getxattr(&file, "security.selinux", text, sizeof(text) - 1);

	if (len < 0 && len != -ENODATA && len != -EOPNOTSUPP)
		tool_not_done(f->t, n->path, "no SELinux context", len);
	put_text(p, text);
}

/* Print a directive about paths; false if @p is another directive. */
static bool put_path(struct find *f, const struct find_format *p)
{
	switch (p->conv) {
	case 'Z':
		put_context(f, p);
		return true;
	case 'p':
		put_text(p, f->file.node->path);
		return true;
	case 'P':
		put_text(p, f->file.node->below);
		return true;
	case 'f':
		put_name(f, p);
		return true;
	case 'h':
		put_parent(f, p);
		return true;
	case 'H':
		put_text(p, f->start);
		return true;
	case 'l':
		put_target(f, p);
		return true;
	case 'd':
		put_number(p, "u", f->file.node->depth);
		return true;
	default:
		return false;
	}
}

static void put_owner(struct find *f, const struct find_format *p, bool group, uint32_t id)
{
	char number[11];

	owner_names_load(f->t, &f->names, f->file.node->path);
	put_text(p, owner_text(&f->names, group, id, number));
}

static void put_sparseness(const struct find_format *p, const struct lkl_statx *stx)
{
	char text[32];

	snprintf(text, sizeof(text), "%g",
		 stx->stx_size ? 512.0 * stx->stx_blocks / stx->stx_size : 1.0);
	put_text(p, text);
}

static void put_mode(const struct find_format *p, const struct lkl_statx *stx)
{
	char mode[11];

	format_mode(stx->stx_mode, mode);
	put_text(p, mode);
}

static char type_letter(unsigned int mode)
{
	char text[11];

	format_mode(mode, text);
	return text[0] == '-' ? 'f' : text[0];
}

/* Print a directive about one number of the metadata; false if @p is another directive. */
static bool put_metadata_number(const struct find_format *p, const struct lkl_statx *stx)
{
	switch (p->conv) {
	case 'b':
		put_number(p, "u", stx->stx_blocks);
		return true;
	case 'k':
		put_number(p, "u", (stx->stx_blocks + 1) / 2);
		return true;
	case 's':
		put_number(p, "u", stx->stx_size);
		return true;
	case 'i':
		put_number(p, "u", stx->stx_ino);
		return true;
	case 'n':
		put_number(p, "u", stx->stx_nlink);
		return true;
	case 'm':
		put_number(p, "o", stx->stx_mode & 07777);
		return true;
	case 'U':
		put_number(p, "u", stx->stx_uid);
		return true;
	case 'G':
		put_number(p, "u", stx->stx_gid);
		return true;
	case 'D':
		put_number(p, "u", (uint64_t)stx->stx_dev_major << 8 | stx->stx_dev_minor);
		return true;
	default:
		return false;
	}
}

static void put_metadata(struct find *f, const struct find_format *p)
{
	const struct lkl_statx *stx = find_stat(f);
	char letter[2] = "";

	if (!stx || put_metadata_number(p, stx))
		return;
	switch (p->conv) {
	case 'u':
	case 'g':
		put_owner(f, p, p->conv == 'g', p->conv == 'g' ? stx->stx_gid : stx->stx_uid);
		break;
	case 'M':
		put_mode(p, stx);
		break;
	case 'S':
		put_sparseness(p, stx);
		break;
	case 'y':
		letter[0] = type_letter(stx->stx_mode);
		put_text(p, letter);
		break;
	case 'a':
	case 'c':
	case 't':
		put_time(p, find_time(stx, p->conv), 'c');
		break;
	default:
		put_time(p, find_time(stx, p->conv == 'B' ? 'B' : p->conv - 'A' + 'a'), p->time);
	}
}

bool find_printf(struct find *f, const struct expr *e)
{
	for (const struct find_format *p = e->format; p && !p->end; p = p->next) {
		if (!p->conv)
			fwrite(p->text, 1, p->len, stdout);
		else if (!put_path(f, p))
			put_metadata(f, p);
	}
	return true;
}
