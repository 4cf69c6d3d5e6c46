// SPDX-License-Identifier: GPL-2.0
/*
 * tool.c - the life of a run: opening the image, messages, the end
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tool.h"
#include <lkl/linux/resource.h>

static void print_line(struct tool *t, const char *fmt, va_list ap)
{
	char *text, *safe;

	if (vasprintf(&text, fmt, ap) < 0)
		return;
	safe = escape_text(text, false);
	/* Keep the order of what goes to one terminal. */
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", t->program, safe ? safe : "out of memory");
	free(safe);
	free(text);
}

void tool_error(struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line(t, fmt, ap);
	va_end(ap);
	t->status = EXIT_FAILED;
}

void tool_errno(struct tool *t, const char *path, long err)
{
	const char *what = strerrordesc_np(err < 0 ? -err : err);

	/* A kernel that has died says so whatever the call was. */
	if (err == -EIO && t->image && !anyfs_kernel_is_running(NULL)) {
		tool_error(t, "%s: %s", path, anyfs_strerror_last());
		tool_finish(t);
	}
	tool_error(t, "%s: %s", path, what ? what : "unknown error");
}

void tool_note(struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line(t, fmt, ap);
	va_end(ap);
}

void tool_no_memory(struct tool *t)
{
	tool_error(t, "out of memory");
	tool_finish(t);
}

void tool_check_output(struct tool *t)
{
	if (ferror(stdout))
		tool_finish(t);
}

static void note_mount(void *data, const char *text)
{
	tool_note(data, "%s", text);
}

/* Deep trees keep a descriptor open for each level. */
static void raise_limits(void)
{
	const struct lkl_rlimit64 many = { 65536, 65536 };

	lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, (void *)&many, NULL);
}

void tool_open(struct tool *t, const char *path)
{
	const AnyfsKernelOpts kernel = {
		.mem_mb = t->mem_mb ? t->mem_mb : TOOL_MEM_MB,
		.loglevel = t->verbose ? 7 : 0,
	};
	const AnyfsImageOpts image = {
		.fstype = t->fstype,
		.opts = t->mount_opts,
		.note = note_mount,
		.note_data = t,
	};
	const AnyfsDiskOpts disk = {
		.flags = ANYFS_DISK_READONLY,
		.overlay = t->overlay,
	};
	int rc;

	t->image_path = path;
	rc = anyfs_kernel_init(&kernel);
	if (!rc)
		rc = anyfs_image_open_with(NULL, path, &disk, &t->image);
	if (!rc)
		rc = anyfs_image_configure(t->image, &image);
	if (rc) {
		tool_error(t, "%s", anyfs_strerror_last());
		tool_finish(t);
	}
	raise_limits();
}

int tool_openat(struct tool *t, const char *path, int flags)
{
	int fd = anyfs_image_openat(t->image, path, flags, 0);

	if (fd < 0)
		tool_error(t, "%s", anyfs_strerror_last());
	return fd;
}

bool tool_is_root(struct tool *t, const char *path)
{
	if (!anyfs_image_is_partitioned(t->image))
		return false;
	/* "/", "", "//./" and the like. */
	return strspn(path, "/.") == strlen(path);
}

/* Components of @path, "." not counted. */
static unsigned int path_depth(const char *path)
{
	unsigned int depth = 0;

	for (const char *p = path; *p;) {
		size_t len = strcspn(p, "/");

		depth += len && !(len == 1 && *p == '.');
		p += len ? len : 1;
	}
	return depth;
}

int tool_locate(struct tool *t, const char *path, char **name)
{
	const char *base = strrchr(path, '/');
	unsigned int top = anyfs_image_is_partitioned(t->image) ? 1 : 0;
	char *parent;
	int fd;

	base = base ? base + 1 : path;
	if (path_depth(path) <= top || !*base || !strcmp(base, ".") || !strcmp(base, "..")) {
		*name = strdup(".");
		parent = strdup(path);
	} else {
		*name = strdup(base);
		parent = strndup(path, base - path);
	}
	if (!*name || !parent)
		tool_no_memory(t);
	fd = tool_openat(t, parent, LKL_O_PATH | LKL_O_DIRECTORY);
	free(parent);
	if (fd < 0)
		free(*name);
	return fd;
}

/*
 * The image was opened read-only: nothing is left to be written to it, so the
 * kernel and all it holds may simply go with the process.
 */
int tool_finish(struct tool *t)
{
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "%s: standard output: %s\n", t->program,
			errno ? strerror(errno) : "write error");
		t->status = EXIT_FAILED;
	}
	/* Some file systems tell of a full disk only now. */
	if (close(STDOUT_FILENO) && errno != EBADF) {
		fprintf(stderr, "%s: standard output: %s\n", t->program, strerror(errno));
		t->status = EXIT_FAILED;
	}
	_exit(t->status);
}
