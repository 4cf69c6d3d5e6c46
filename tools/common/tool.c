// SPDX-License-Identifier: GPL-2.0
/*
 * tool.c - the life of a run: opening the image, messages, the end
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "tool.h"
#include <lkl/linux/resource.h>

/*
 * All memory is there for what is being written: with the usual limits some file
 * systems (f2fs) store all they have for each new file once 12 MiB wait.
 */
#define WRITE_CMDLINE	"sysctl.vm.dirty_ratio=60 sysctl.vm.dirty_background_ratio=20"
#define LINKS_MAX	40		/* as the kernel's own limit */

/* Returns what was printed after the program's name, as it came, to be freed; or NULL. */
static char *print_line(struct tool *t, const char *fmt, va_list ap)
{
	char *text, *safe;

	if (vasprintf(&text, fmt, ap) < 0)
		return NULL;
	progress_end();
	safe = escape_text(text, false);
	/* Keep the order of what goes to one terminal. */
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", t->program, safe ? safe : "out of memory");
	free(safe);
	return text;
}

/* print_line() of what a format does not have to be checked for. */
static void print_path_line(struct tool *t, const char *path, const char *reason)
{
	char *safe = escape_text(path, false);

	progress_end();
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s\n", t->program, safe ? safe : "out of memory", reason);
	free(safe);
}

void tool_error(struct tool *t, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = print_line(t, fmt, ap);
	va_end(ap);
	t->status = EXIT_FAILED;
	result_failure(t, NULL, text ? text : "out of memory", 0);
	free(text);
}

void tool_failed(struct tool *t, const char *path, const char *reason, long err)
{
	print_path_line(t, path, reason);
	t->status = EXIT_FAILED;
	result_failure(t, path, reason, err);
}

void tool_not_done(struct tool *t, const char *path, const char *what, long err)
{
	const char *why = strerrordesc_np(err < 0 ? -err : err);
	char reason[256];

	/* A kernel that has died says so whatever the call was. */
	if (err == -EIO && t->image && !anyfs_kernel_is_running(NULL)) {
		tool_error(t, "%s: %s", path, anyfs_strerror_last());
		tool_finish(t);
	}
	snprintf(reason, sizeof(reason), "%s%s%s", what ? what : "", what ? ": " : "",
		 why ? why : "unknown error");
	tool_failed(t, path, reason, err);
}

void tool_errno(struct tool *t, const char *path, long err)
{
	tool_not_done(t, path, NULL, err);
}

void tool_note(struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	free(print_line(t, fmt, ap));
	va_end(ap);
}

void tool_no_memory(struct tool *t)
{
	tool_error(t, "out of memory");
	tool_finish(t);
}

void *tool_alloc(struct tool *t, size_t size)
{
	void *mem = malloc(size);

	if (!mem)
		tool_no_memory(t);
	return mem;
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

void tool_needs_host(struct tool *t, const char *path, bool write)
{
	struct sandbox_path *more = realloc(t->host, (t->nr_host + 1) * sizeof(*more));

	if (!more)
		tool_no_memory(t);
	t->host = more;
	t->host[t->nr_host++] = (struct sandbox_path){ .path = path, .write = write };
}

static enum sandbox_profile profile_of(const struct tool *t)
{
	if (t->verb->writes)
		return t->nr_host ? SANDBOX_PUT : SANDBOX_CHANGE;
	return t->nr_host ? SANDBOX_GET : SANDBOX_READ;
}

/* The image is open, nothing of it was read, and there is one thread. */
static int enter_sandbox(void *data)
{
	struct tool *t = data;
	const struct sandbox sb = {
		.program = t->program, .profile = profile_of(t), .paths = t->host,
		.nr_paths = t->nr_host,
	};
	struct sandbox_state state;
	char text[1024];

	if (t->no_sandbox) {
		if (t->verbose)
			tool_note(t, "sandbox: off (--no-sandbox)");
		return 0;
	}
	tzset();			/* reads a file, which ls and stat do too late */
	if (sandbox_enter(&sb, &state, text, sizeof(text))) {
		tool_error(t, "cannot give up its rights: %s; --no-sandbox keeps them", text);
		tool_finish(t);
	}
	if (t->verbose) {
		sandbox_describe(&sb, &state, text, sizeof(text));
		tool_note(t, "%s", text);
	}
	return 0;
}

/* Nothing can be done without it. */
static void must_work(struct tool *t, int rc)
{
	if (!rc)
		return;
	tool_error(t, "%s", anyfs_strerror_last());
	tool_finish(t);
}

void tool_boot(struct tool *t)
{
	const AnyfsKernelOpts opts = {
		.mem_mb = t->mem_mb ? t->mem_mb :
			  t->verb->writes ? TOOL_MEM_WRITE_MB : TOOL_MEM_MB,
		.loglevel = t->verbose ? 7 : 0,
		.cmdline = t->verb->writes ? WRITE_CMDLINE : NULL,
		.lock_in = enter_sandbox,
		.lock_in_data = t,
	};

	must_work(t, anyfs_kernel_init(&opts));
	raise_limits();
}

static int open_source(struct tool *t, const char *path, const AnyfsDiskOpts *disk,
		       struct anyfs_source **source)
{
	int rc;

	do
		rc = anyfs_source_open(path, disk, source);
	while (rc == -EBUSY && tool_wait_lock(t, path));
	return rc;
}

void tool_open(struct tool *t, const char *path)
{
	const AnyfsImageOpts image = {
		.fstype = t->fstype,
		.opts = t->mount_opts,
		.note = note_mount,
		.note_data = t,
	};
	const AnyfsDiskOpts disk = {
		.flags = t->verb->writes ? 0 : ANYFS_DISK_READONLY,
		.overlay = t->overlay,
	};
	struct anyfs_source *source;

	t->image_path = path;
	if (t->verb->writes)
		tool_catch_signals(t);
	must_work(t, open_source(t, path, &disk, &source));
	tool_boot(t);
	must_work(t, anyfs_image_open_source(NULL, source, &t->image));
	must_work(t, anyfs_image_configure(t->image, &image));
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

bool tool_refuses_root(struct tool *t, const char *path)
{
	if (!tool_is_root(t, path))
		return false;
	tool_error(t, "%s: holds the partitions of %s and nothing else: name a path in one of them, as /p1/file",
		   *path ? path : "/", t->image_path);
	return true;
}

int tool_locate_change(struct tool *t, const char *path, char **name)
{
	return tool_refuses_root(t, path) ? -EPERM : tool_locate(t, path, name);
}

/* Where the link @target at @path leads, as a path of the namespace; to be freed. */
static char *follow(struct tool *t, const char *path, const char *target)
{
	const char *base = strrchr(path, '/');
	size_t keep = base ? base + 1 - path : 0;
	char *to;

	if (*target == '/' && anyfs_image_is_partitioned(t->image)) {
		keep = strspn(path, "/");
		keep += strcspn(path + keep, "/");
	} else if (*target == '/') {
		keep = 0;
	}
	if (asprintf(&to, "%.*s%s", (int)keep, path, target) < 0)
		tool_no_memory(t);
	return to;
}

int tool_locate_target(struct tool *t, const char *path, char **name)
{
	char *at = strdup(path);
	int dirfd = -ENOMEM;

	for (int links = 0; at && links <= LINKS_MAX; links++) {
		char *target, *to;
		long err;

		dirfd = tool_locate_change(t, at, name);
		if (dirfd < 0)
			break;
		target = entry_target(&side_image, dirfd, *name, 0, &err);
		if (!target)
			break;		/* no link, or nothing: what is done to it tells */
		lkl_sys_close(dirfd);
		free(*name);
		to = follow(t, at, target);
		free(target);
		free(at);
		at = to;
		dirfd = -ELOOP;
	}
	if (dirfd == -ELOOP)
		tool_errno(t, path, -ELOOP);
	else if (!at)
		tool_no_memory(t);
	free(at);
	return dirfd;
}

/*
 * What was written is only safe once it is unmounted, flushed and the kernel
 * gone; each of these can fail.  What a verb left open must not be in the way.
 */
static void store_image(struct tool *t)
{
	struct anyfs_image *image = t->image;
	int rc;

	if (!image || !t->verb->writes)
		return;
	t->image = NULL;
	lkl_sys_chdir("/");
	lkl_sys_close_range(0, ~0u, 0);
	rc = anyfs_image_close(image);
	if (rc)
		tool_error(t, "%s", anyfs_strerror_last());
	if (anyfs_kernel_halt() && !rc)
		tool_error(t, "%s: %s", t->image_path, anyfs_strerror_last());
}

static void output_failed(struct tool *t)
{
	fprintf(stderr, "%s: standard output: %s\n", t->program,
		errno ? strerror(errno) : "write error");
	t->status = EXIT_FAILED;
}

/*
 * An image that was opened read-only has nothing left to be written, so the
 * kernel and all it holds may simply go with the process.
 */
int tool_finish(struct tool *t)
{
	progress_end();
	store_image(t);
	if (t->signal)
		t->status = EXIT_SIGNAL + t->signal;
	if (t->json && t->verb->has_result)
		result_end(t);
	if (fflush(stdout) || ferror(stdout))
		output_failed(t);
	/* Some file systems tell of a full disk only now. */
	if (close(STDOUT_FILENO) && errno != EBADF)
		output_failed(t);
	_exit(t->status);
}
