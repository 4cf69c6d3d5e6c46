// SPDX-License-Identifier: GPL-2.0
/*
 * stat-format.c - the output of stat --format, with the directives of GNU stat
 */
#include <string.h>
#include "output.h"
#include "stat-format.h"

bool stat_format_check(const char *format, char *bad)
{
	for (const char *p = format; (p = strchr(p, '%')); p++) {
		p += 1 + strspn(p + 1, "-0123456789");
		*bad = *p;
		if (!*p || !strchr(STAT_DIRECTIVES, *p))
			return false;
	}
	return true;
}

static const char *type_name(const struct lkl_statx *stx)
{
	switch (stx->stx_mode & LKL_S_IFMT) {
	case LKL_S_IFREG:
		return stx->stx_size ? "regular file" : "regular empty file";
	case LKL_S_IFDIR:
		return "directory";
	case LKL_S_IFLNK:
		return "symbolic link";
	case LKL_S_IFBLK:
		return "block special file";
	case LKL_S_IFCHR:
		return "character special file";
	case LKL_S_IFIFO:
		return "fifo";
	default:
		return "socket";
	}
}

/* The value of a directive: a text, or a number if @text is NULL. */
struct field {
	const char *text;
	unsigned long long number;
	bool octal;
	char buf[80];
};

static void time_field(const struct lkl_statx_timestamp *ts, bool known, bool seconds,
		       struct field *f)
{
	if (seconds)
		snprintf(f->buf, sizeof(f->buf), "%lld", known ? (long long)ts->tv_sec : 0);
	else if (known)
		format_time(ts, true, f->buf, sizeof(f->buf));
	else
		strcpy(f->buf, "-");
	f->text = f->buf;
}

static bool take_time(char c, const struct lkl_statx *stx, struct field *f)
{
	bool born = stx->stx_mask & LKL_STATX_BTIME;

	if (!strchr("wWxXyYzZ", c))
		return false;
	if (c == 'w' || c == 'W')
		time_field(&stx->stx_btime, born, c == 'W', f);
	else if (c == 'x' || c == 'X')
		time_field(&stx->stx_atime, true, c == 'X', f);
	else if (c == 'y' || c == 'Y')
		time_field(&stx->stx_mtime, true, c == 'Y', f);
	else
		time_field(&stx->stx_ctime, true, c == 'Z', f);
	return true;
}

/* Set @f to the value of the directive @c. */
static void take_field(char c, const char *path, const struct lkl_statx *stx,
		       const struct owner_names *names, struct field *f)
{
	if (take_time(c, stx, f))
		return;
	if (c == 'U' || c == 'G')
		f->text = owner_text(names, c == 'G', c == 'G' ? stx->stx_gid : stx->stx_uid,
				     f->buf);
	if (c == 'A') {
		format_mode(stx->stx_mode, f->buf);
		f->text = f->buf;
	}
	if (c == 'F')
		f->text = type_name(stx);
	if (c == 'n')
		f->text = path;
	f->octal = c == 'a';
	f->number = c == 'a' ? stx->stx_mode & 07777 : c == 'b' ? stx->stx_blocks :
		    c == 'B' ? 512 : c == 'g' ? stx->stx_gid : c == 'h' ? stx->stx_nlink :
		    c == 'i' ? stx->stx_ino : c == 's' ? stx->stx_size : stx->stx_uid;
}

static void print_field(const char *width, int len, const struct field *f)
{
	char format[40];

	if (f->text && !len) {
		print_name(f->text);
		return;
	}
	snprintf(format, sizeof(format), "%%%.*s%s", len < 20 ? len : 20, width,
		 f->text ? "s" : f->octal ? "llo" : "llu");
	if (f->text)
		printf(format, f->text);
	else
		printf(format, f->number);
}

void stat_format_print(struct tool *t, const char *format, const char *path,
		       const struct lkl_statx *stx, const char *target,
		       struct owner_names *names)
{
	for (const char *p = format; *p; p++) {
		struct field f = { 0 };
		const char *width = p + 1;

		if (*p != '%') {
			putchar(*p);
			continue;
		}
		p += 1 + strspn(width, "-0123456789");
		if (*p == '%') {
			putchar('%');
			continue;
		}
		if (*p == 'U' || *p == 'G')
			owner_names_load(t, names, path);
		if (*p == 'N') {
			print_name(path);
			if (target) {
				fputs(" -> ", stdout);
				print_name(target);
			}
			continue;
		}
		take_field(*p, path, stx, names, &f);
		print_field(width, p - width, &f);
	}
	putchar('\n');
}
