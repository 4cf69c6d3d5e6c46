// SPDX-License-Identifier: GPL-2.0
/*
 * find-times.c - the tests of anyfs find that compare times
 */
#include <errno.h>
#include <stdlib.h>
#include "find.h"
#include "image-path.h"
#include "messages.h"
#include "output.h"
#include "parse.h"

const struct lkl_statx_timestamp *find_time(const struct lkl_statx *stx, char which)
{
	switch (which) {
	case 'a':
		return &stx->stx_atime;
	case 'c':
		return &stx->stx_ctime;
	case 'B':
		return stx->stx_mask & LKL_STATX_BTIME ? &stx->stx_btime : NULL;
	default:
		return &stx->stx_mtime;
	}
}

bool parse_age(struct find *f, struct expr *e, const char *text)
{
	return parse_number_operand(text, &e->number);
}

/* Days are rounded down, so "-mtime 0" is less than a day ago; minutes are rounded up. */
bool test_age(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);
	const struct lkl_statx_timestamp *ts = stx ? find_time(stx, e->time) : NULL;
	int64_t age, unit = e->unit;
	bool part;

	if (!ts)
		return false;
	age = f->now.tv_sec - ts->tv_sec - (f->now.tv_nsec < ts->tv_nsec);
	part = f->now.tv_nsec != ts->tv_nsec || age % unit;
	age = age / unit - (age < 0 && age % unit);
	if (unit == 60 && part)
		age++;
	/* A time in the future is younger than any number. */
	if (age < 0)
		return e->number.sign == '-';
	return number_matches(&e->number, age);
}

bool parse_newer_date(struct find *f, struct expr *e, const char *text)
{
	struct timespec ts;

	if (!parse_time(text, &ts))
		return false;
	e->stamp.tv_sec = ts.tv_sec;
	e->stamp.tv_nsec = ts.tv_nsec;
	return true;
}

bool parse_newer_file(struct find *f, struct expr *e, const char *text)
{
	return true;			/* find_resolve() reads the time of the file */
}

static bool read_stamp(struct find *f, struct expr *e)
{
	const struct lkl_statx_timestamp *ts;
	struct lkl_statx stx;
	char *name;
	int dir = tool_locate(f->t, e->text, &name);
	long rc;

	if (dir < 0)
		return false;
	rc = side_image.stat(dir, name, &stx);
	lkl_sys_close(dir);
	free(name);
	if (rc < 0) {
		tool_errno(f->t, e->text, rc);
		return false;
	}
	ts = find_time(&stx, e->other_time);
	if (!ts) {
		tool_path_error(f->t, e->text, "its file system stores no birth times");
		return false;
	}
	e->stamp = *ts;
	return true;
}

bool find_resolve(struct find *f, struct expr *e)
{
	if (!e)
		return true;
	if (e->eval == test_newer && e->other_time != 't' && !read_stamp(f, e))
		return false;
	return find_resolve(f, e->a) && find_resolve(f, e->b);
}

bool test_newer(struct find *f, const struct expr *e)
{
	const struct lkl_statx *stx = find_stat(f);
	const struct lkl_statx_timestamp *ts = stx ? find_time(stx, e->time) : NULL;

	if (!ts)
		return false;
	if (ts->tv_sec != e->stamp.tv_sec)
		return ts->tv_sec > e->stamp.tv_sec;
	return ts->tv_nsec > e->stamp.tv_nsec;
}
