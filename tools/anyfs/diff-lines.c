// SPDX-License-Identifier: GPL-2.0
/*
 * diff-lines.c - the lines that differ between two texts, in the unified format of diff(1)
 *
 * Common lines at both ends are set apart; between them, the shortest edit script is searched
 * for with the algorithm of E. W. Myers ("An O(ND) Difference Algorithm", 1986).  A script of more
 * than MAX_EDITS lines would need too much memory: then all lines in between count as changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "color.h"
#include "diff.h"
#include "messages.h"
#include "output.h"

#define MAX_EDITS	3000

struct line {
	const char *text;
	size_t len;			/* with the newline, which the last line may lack */
};

struct lines {
	struct line *at;
	long nr;
	bool *changed;			/* deleted from the first text, added to the second */
};

static struct lines split(struct tool *t, const char *text, size_t len)
{
	const char *end = text + len;
	struct lines l = { 0 };
	long nr = 1;

	for (const char *p = text; p < end; p++)
		nr += *p == '\n';
	l.at = tool_alloc(t, nr * sizeof(*l.at));
	while (text < end) {
		const char *newline = memchr(text, '\n', end - text);
		size_t n = newline ? (size_t)(newline + 1 - text) : (size_t)(end - text);

		l.at[l.nr++] = (struct line){ text, n };
		text += n;
	}
	l.changed = calloc(nr, sizeof(*l.changed));
	if (!l.changed)
		tool_no_memory(t);
	return l;
}

static bool lines_equal(const struct line *a, const struct line *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

/* Mark the changed lines on the path to (n, m); trace[d] has the state before step d. */
static void mark_changed(long **trace, long d, struct lines l[2], long skip, long n, long m)
{
	long x = n, y = m;

	for (; d > 0; d--) {
		const long *v = trace[d] + d;	/* indices -d ... d */
		long k = x - y;
		bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
		long before = down ? k + 1 : k - 1;

		x = v[before];
		y = x - before;
		if (down)
			l[1].changed[skip + y] = true;
		else
			l[0].changed[skip + x] = true;
	}
}

/* Do step @d; true when it reaches (n, m). */
static bool extend_paths(long *v, long d, const struct line *a, const struct line *b, long n,
			 long m)
{
	for (long k = -d; k <= d; k += 2) {
		long x = k == -d || (k != d && v[k - 1] < v[k + 1]) ? v[k + 1] : v[k - 1] + 1;
		long y = x - k;

		while (x >= 0 && y >= 0 && x < n && y < m && lines_equal(&a[x], &b[y])) {
			x++;
			y++;
		}
		v[k] = x;
		if (x >= n && y >= m)
			return true;
	}
	return false;
}

/* Find the lines that differ in l[0][skip ... skip + n) and l[1][skip ... skip + m). */
static void find_changes(struct tool *t, struct lines l[2], long skip, long n, long m)
{
	long limit = n + m < MAX_EDITS ? n + m : MAX_EDITS, d;
	long *state = calloc(2 * limit + 3, sizeof(*state));
	long **trace = calloc(limit + 1, sizeof(*trace)), *v;
	bool done = false;

	if (!state || !trace)
		tool_no_memory(t);
	v = state + limit + 1;
	for (d = 0; d <= limit && !done; d++) {
		/* Step d reads v[-d ... d]; the first step reads v[1]. */
		trace[d] = tool_alloc(t, (2 * d + 3) * sizeof(**trace));
		memcpy(trace[d], v - d, (2 * d + 1) * sizeof(*v));
		done = extend_paths(v, d, l[0].at + skip, l[1].at + skip, n, m);
		if (done)
			mark_changed(trace, d, l, skip, n, m);
	}
	if (!done) {
		memset(l[0].changed + skip, true, n);
		memset(l[1].changed + skip, true, m);
	}
	for (long i = 0; i <= limit; i++)
		free(trace[i]);
	free(trace);
	free(state);
}

static void compare(struct tool *t, struct lines l[2])
{
	long begin = 0, n = l[0].nr, m = l[1].nr;

	while (begin < n && begin < m && lines_equal(&l[0].at[begin], &l[1].at[begin]))
		begin++;
	while (n > begin && m > begin && lines_equal(&l[0].at[n - 1], &l[1].at[m - 1])) {
		n--;
		m--;
	}
	if (n > begin || m > begin)
		find_changes(t, l, begin, n - begin, m - begin);
}

static void print_line(char sign, const struct line *line, bool color)
{
	bool whole = line->text[line->len - 1] == '\n', colored = color && sign != ' ';

	if (colored)
		color_begin(sign == '-' ? "31" : "32");
	putchar(sign);
	fwrite(line->text, 1, line->len - whole, stdout);
	if (colored)
		color_end();
	if (whole)
		putchar('\n');
	else
		fputs("\n\\ No newline at end of file\n", stdout);
}

static void print_range(char sign, long first, long nr)
{
	if (nr == 1)
		printf(" %c%ld", sign, first + 1);
	else
		printf(" %c%ld,%ld", sign, nr ? first + 1 : first, nr);
}

struct hunk {
	long a, b;			/* first lines */
	long a_end, b_end;
};

static void print_hunk(const struct lines l[2], const struct hunk *h, bool color)
{
	long a = h->a, b = h->b;

	if (color)
		color_begin("36");
	fputs("@@", stdout);
	print_range('-', h->a, h->a_end - h->a);
	print_range('+', h->b, h->b_end - h->b);
	fputs(" @@", stdout);
	if (color)
		color_end();
	putchar('\n');
	while (a < h->a_end || b < h->b_end) {
		if (a < h->a_end && l[0].changed[a]) {
			print_line('-', &l[0].at[a++], color);
		} else if (b < h->b_end && l[1].changed[b]) {
			print_line('+', &l[1].at[b++], color);
		} else {
			print_line(' ', &l[0].at[a++], color);
			b++;
		}
	}
}

/* Extend the hunk over changes that are at most 2 * @context lines apart. */
static void grow_hunk(const struct lines l[2], struct hunk *h, long context)
{
	long same = 0;

	while (h->a_end < l[0].nr || h->b_end < l[1].nr) {
		if (h->a_end < l[0].nr && l[0].changed[h->a_end]) {
			h->a_end++;
			same = 0;
		} else if (h->b_end < l[1].nr && l[1].changed[h->b_end]) {
			h->b_end++;
			same = 0;
		} else if (same < 2 * context + 1) {
			h->a_end++;
			h->b_end++;
			same++;
		} else {
			break;
		}
	}
	if (same > context) {
		h->a_end -= same - context;
		h->b_end -= same - context;
	}
}

static void print_hunks(const struct lines l[2], long context, bool color)
{
	long a = 0, b = 0;

	while (a < l[0].nr || b < l[1].nr) {
		struct hunk h;
		long before;

		if ((a >= l[0].nr || !l[0].changed[a]) && (b >= l[1].nr || !l[1].changed[b])) {
			a++;
			b++;
			continue;
		}
		before = a < context ? a : context;
		h = (struct hunk){ a - before, b - before, a, b };
		grow_hunk(l, &h, context);
		print_hunk(l, &h, color);
		a = h.a_end;
		b = h.b_end;
	}
}

void diff_lines(struct diff *d, const char *text[2], const size_t len[2], const char *path)
{
	struct lines l[2] = { split(d->t, text[0], len[0]), split(d->t, text[1], len[1]) };

	for (int i = 0; i < 2; i++) {
		const char *top = d->ends[i].at.text;
		size_t top_len = strlen(top);

		if (d->color)
			color_begin("1");
		fputs(i ? "+++ " : "--- ", stdout);
		print_name(top);
		if (*path && top[top_len - 1] != '/')
			putchar('/');
		print_name(path);
		if (d->color)
			color_end();
		putchar('\n');
	}
	compare(d->t, l);
	print_hunks(l, d->context, d->color);
	for (int i = 0; i < 2; i++) {
		free(l[i].at);
		free(l[i].changed);
	}
	tool_check_output(d->t);
}
