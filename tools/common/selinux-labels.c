// SPDX-License-Identifier: GPL-2.0
/*
 * selinux-labels.c - SELinux contexts of new files, from a file_contexts file
 *
 * libselinux is loaded only when it is needed, because that takes longer than the start of
 * anyfs.  It reads the file before the sandbox is entered.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <selinux/label.h>
#include <selinux/selinux.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "options.h"
#include "run.h"
#include "selinux-labels.h"
#include "session.h"

#define LIBRARY	"libselinux.so.1"
#define KEY	"security.selinux"

static char reason[256];		/* the first message of libselinux */

static int on_message(int type, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int on_message(int type, const char *fmt, ...)
{
	va_list ap;

	if (*reason)
		return 0;
	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	reason[strcspn(reason, "\n")] = '\0';
	return 0;
}

static void *get_symbol(struct tool *t, void *library, const char *name)
{
	void *s = dlsym(library, name);

	if (!s) {
		tool_error(t, "%s: has no %s", LIBRARY, name);
		tool_finish(t);
	}
	return s;
}

static void *load(struct tool *t)
{
	void *library = dlopen(LIBRARY, RTLD_NOW);

	if (!library) {
		tool_error(t, "%s: not found: install the Debian package libselinux1", LIBRARY);
		tool_finish(t);
	}
	return library;
}

struct selinux_labels *selinux_open(struct tool *t, const char *file)
{
	const struct selinux_opt options[] = { { SELABEL_OPT_PATH, file } };
	struct selinux_labels *l = tool_alloc(t, sizeof(*l));
	void (*set_callback)(int type, union selinux_callback cb);
	void *(*open)(unsigned int backend, const struct selinux_opt *opts, unsigned int nr);
	void *library;

	if (session_has_verb(t))
		tool_usage(t, "--selinux cannot be used in a shell");
	library = load(t);
	set_callback = get_symbol(t, library, "selinux_set_callback");
	open = get_symbol(t, library, "selabel_open");
	*l = (struct selinux_labels){
		.t = t, .lookup = get_symbol(t, library, "selabel_lookup_raw"),
	};
	set_callback(SELINUX_CB_LOG, (union selinux_callback){ .func_log = on_message });
	l->handle = open(SELABEL_CTX_FILE, options, 1);
	if (!l->handle)
		tool_usage(t, "%s: %s", file, *reason ? reason : strerror(errno));
	return l;
}

void selinux_set_top(struct selinux_labels *l, const char *path, bool parent)
{
	const char *rest = "";
	size_t len;

	anyfs_image_split_path(l->t->image, path, &rest);
	rest += strspn(rest, "/");
	len = strlen(rest);
	while (len && rest[len - 1] == '/')
		len--;
	while (parent && len && rest[len - 1] != '/')
		len--;
	while (len && rest[len - 1] == '/')
		len--;
	free(l->top);
	l->top = strndup(rest, len);
	if (!l->top)
		tool_no_memory(l->t);
}

/* The context of @path below l->top, to be freed; NULL: the file lists none. */
static char *find(struct selinux_labels *l, const char *path, unsigned int mode)
{
	char *whole, *context = NULL;

	if (asprintf(&whole, "/%s%s%s", l->top, *l->top && *path ? "/" : "", path) < 0)
		tool_no_memory(l->t);
	if (l->lookup(l->handle, &context, whole, mode))
		context = NULL;
	free(whole);
	return context;
}

long selinux_set(struct selinux_labels *l, const struct side_file *f, const char *path,
		 unsigned int mode)
{
	char *context = find(l, path, mode);
	long rc = context ? side_image.setxattr(f, KEY, context, strlen(context) + 1) : 0;

	free(context);
	return rc < 0 ? rc : 0;
}
