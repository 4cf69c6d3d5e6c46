/* SPDX-License-Identifier: GPL-2.0 */
/*
 * selinux-labels.h - SELinux contexts of new files, from a file_contexts file
 */
#ifndef ANYFS_SELINUX_LABELS_H
#define ANYFS_SELINUX_LABELS_H

#include "side.h"
#include "tool.h"

struct selinux_labels {
	struct tool *t;
	void *handle;			/* of libselinux */
	int (*lookup)(void *handle, char **context, const char *path, int mode);
	char *top;			/* directory of the file system that paths begin at */
};

/* Read the host's @file, before tool_open(); ends the program on failure. */
struct selinux_labels *selinux_open(struct tool *t, const char *file);
/*
 * From now on, paths begin at @path of the image or, with @parent, at the directory that
 * contains it.
 */
void selinux_set_top(struct selinux_labels *l, const char *path, bool parent);
/* Give @f, whose path is @path and type @mode, its context if the file lists one.  0 or -errno. */
long selinux_set(struct selinux_labels *l, const struct side_file *f, const char *path,
		 unsigned int mode);

#endif /* ANYFS_SELINUX_LABELS_H */
