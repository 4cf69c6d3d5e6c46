// SPDX-License-Identifier: GPL-2.0
/*
 * diff-content.c - compare the content of two regular files
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "diff.h"
#include "messages.h"
#include "pread-full.h"

#define TEXT_MAX	(16u << 20)	/* bytes; longer files are compared as binary ones */

/* 0: equal, 1: they differ from *@at on, -1: reading failed, which was reported. */
static int compare(struct diff *d, const int fd[2], const char *path, uint64_t *at)
{
	for (*at = 0;;) {
		long n[2];
		size_t same = 0;

		for (int i = 0; i < 2; i++) {
			n[i] = side_pread_full(d->ends[i].side, fd[i], d->buf[i], DIFF_BUFFER, *at);
			if (n[i] < 0) {
				diff_failed(d, i, path, n[i]);
				return -1;
			}
		}
		if (n[0] != n[1] || memcmp(d->buf[0], d->buf[1], n[0])) {
			while (same < (size_t)n[0] && same < (size_t)n[1] &&
			       d->buf[0][same] == d->buf[1][same])
				same++;
			*at += same;
			return 1;
		}
		if (!n[0])
			return 0;
		*at += n[0];
	}
}

/* The whole file, to be freed, if it is text, else NULL. */
static char *read_text(struct diff *d, int end, int fd, const struct diff_file *f, size_t *len)
{
	char *text;
	long n;

	if (f->stx.stx_size > TEXT_MAX)
		return NULL;
	text = tool_alloc(d->t, f->stx.stx_size + 1);
	n = side_pread_full(d->ends[end].side, fd, text, f->stx.stx_size, 0);
	if (n < 0 || memchr(text, 0, n)) {
		free(text);
		return NULL;
	}
	*len = n;
	return text;
}

static void show(struct diff *d, const int fd[2], const struct diff_file f[2], const char *path,
		 uint64_t at)
{
	char *text[2] = { NULL, NULL }, byte[40];
	size_t len[2];

	snprintf(byte, sizeof(byte), "content from byte %llu on", (unsigned long long)at);
	if (d->brief || d->t->json) {
		diff_found(d, path, d->t->json ? "content" : byte, NULL, NULL);
		return;
	}
	for (int i = 0; i < 2 && (!i || text[0]); i++)
		text[i] = read_text(d, i, fd[i], &f[i], &len[i]);
	if (text[0] && text[1]) {
		d->found++;
		diff_lines(d, (const char **)text, len, path);
	} else {
		diff_found(d, path, byte, NULL, NULL);
	}
	free(text[0]);
	free(text[1]);
}

void diff_content(struct diff *d, const struct diff_file f[2], const char *path)
{
	int fd[2] = { -1, -1 };
	uint64_t at;

	for (int i = 0; i < 2 && (!i || fd[0] >= 0); i++) {
		fd[i] = d->ends[i].side->open_file(f[i].dir, f[i].name);
		if (fd[i] < 0)
			diff_failed(d, i, path, fd[i]);
	}
	if (fd[0] >= 0 && fd[1] >= 0 && compare(d, fd, path, &at) > 0)
		show(d, fd, f, path, at);
	for (int i = 0; i < 2; i++)
		if (fd[i] >= 0)
			d->ends[i].side->close(fd[i]);
}
