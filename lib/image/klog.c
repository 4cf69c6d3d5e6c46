// SPDX-License-Identifier: GPL-2.0
/*
 * klog.c - read the kernel's log for the cause of a failed call
 *
 * mount(2) has one error number for many causes; the kernel's log has the exact one.  A
 * descriptor of /dev/kmsg that was moved to the end of the log before the call reads only
 * the records that were added during the call.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "kernel-syscalls.h"

#define KMSG		"/dev/kmsg"
#define KMSG_DEV	(1 << 8 | 11)
#define SEEK_TO_END	2
#define RECORD_MAX	2048

#define LEVEL_ERROR	3
#define LEVEL_WARNING	4

static int64_t open_kmsg(struct anyfs_kernel *k)
{
	const int flags = LKL_O_RDONLY | LKL_O_NONBLOCK | LKL_O_CLOEXEC;
	int64_t fd = k_open(k, KMSG, flags);

	if (fd != -ENOENT)
		return fd;
	k_mkdir(k, "/dev", 0755);
	k_mknod(k, KMSG, LKL_S_IFCHR | 0600, KMSG_DEV);
	return k_open(k, KMSG, flags);
}

void klog_begin(struct anyfs_kernel *k, struct klog *log)
{
	log->fd = open_kmsg(k);
	klog_restart(k, log);
}

void klog_restart(struct anyfs_kernel *k, struct klog *log)
{
	if (log->fd >= 0)
		ksys(k, __lkl__NR_lseek, log->fd, 0, SEEK_TO_END, 0, 0);
}

void klog_end(struct anyfs_kernel *k, struct klog *log)
{
	if (log->fd >= 0)
		k_close(k, log->fd);
	log->fd = -1;
}

/* Add the record "4,339,5140900,-;text\n KEY=value\n".  False: another format, or no room. */
static bool take_record(struct klog_lines *lines, char *record)
{
	char *text = strchr(record, ';'), *end;
	unsigned int level;

	if (!text || sscanf(record, "%u", &level) != 1 || lines->nr == KLOG_LINES)
		return false;
	text += 1 + strspn(text + 1, " ");
	end = strchr(text, '\n');
	if (end)
		*end = '\0';
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	lines->level[lines->nr] = level & 7;
	snprintf(lines->text[lines->nr++], sizeof(lines->text[0]), "%s", text);
	return true;
}

void klog_read(struct anyfs_kernel *k, struct klog *log, struct klog_lines *lines)
{
	char record[RECORD_MAX + 1];
	int64_t n = 0;

	lines->nr = 0;
	while (log->fd >= 0) {
		n = k_read(k, log->fd, record, RECORD_MAX);
		if (n == -EPIPE)		/* records were overwritten: skip them */
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		if (!take_record(lines, record))
			return;
	}
}

bool klog_has(const struct klog_lines *lines, const char *phrase)
{
	for (unsigned int i = 0; i < lines->nr; i++)
		if (strstr(lines->text[i], phrase))
			return true;
	return false;
}

/* The first line of the highest severity: the lines after it report consequences. */
static const char *first_of_level(const struct klog_lines *lines, unsigned int level)
{
	for (unsigned int i = 0; i < lines->nr; i++)
		if (lines->level[i] <= level)
			return lines->text[i];
	return NULL;
}

const char *klog_reason(const struct klog_lines *lines)
{
	const char *line = first_of_level(lines, LEVEL_ERROR);

	if (!line)
		line = first_of_level(lines, LEVEL_WARNING);
	if (!line && lines->nr)
		line = lines->text[lines->nr - 1];
	return line ? line : "";
}
