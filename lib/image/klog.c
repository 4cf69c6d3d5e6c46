// SPDX-License-Identifier: GPL-2.0
/*
 * klog.c - what the kernel's log says about a call that failed
 *
 * mount(2) has one number for many reasons; the kernel's log has the reason.
 * The log's last bytes are noted before the call and looked for after it, so
 * that only what the call added is quoted.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "ksys.h"

#define SYSLOG_READ_ALL	3

static size_t read_tail(struct anyfs_kernel *k, char *buf, size_t len)
{
	int64_t n = ksys(k, __lkl__NR_syslog, SYSLOG_READ_ALL, KPTR(buf), len, 0, 0);

	return n > 0 ? n : 0;
}

void klog_mark(struct anyfs_kernel *k, struct klog_mark *mark)
{
	mark->len = read_tail(k, mark->tail, sizeof(mark->tail));
}

/* Skip "<3>[    0.123456] " and spaces. */
static const char *skip_prefix(const char *line)
{
	const char *p = line, *end;

	if (*p == '<' && (end = strchr(p, '>')))
		p = end + 1;
	if (*p == '[' && (end = strchr(p, ']')))
		p = end + 1;
	while (*p == ' ')
		p++;
	return p;
}

static const char *last_line(char *text)
{
	size_t len = strlen(text);
	const char *nl;

	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	nl = strrchr(text, '\n');
	return nl ? nl + 1 : text;
}

void klog_since(struct anyfs_kernel *k, const struct klog_mark *mark, char *buf, size_t len)
{
	char log[4097], *added = log;
	size_t n = read_tail(k, log, sizeof(log) - 1);

	log[n] = '\0';
	if (mark->len) {
		char *old = memmem(log, n, mark->tail, mark->len);

		if (old)
			added = old + mark->len;
	}
	snprintf(buf, len, "%s", skip_prefix(last_line(added)));
	for (char *c = buf; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
}
