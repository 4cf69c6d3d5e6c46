// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-edit.c - anyfs edit: edit a file of an image
 *
 * An editor cannot run in the sandbox, and the image shall not be locked while the editor runs.
 * So one child process reads the file, the editor gets a copy outside the image, and a second
 * child process replaces the file, unless it has changed meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "copy.h"
#include "editor.h"
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "pread-full.h"
#include "run.h"
#include "signals.h"
#include "temp-dir.h"
#include "verbs.h"

struct edit {
	struct copy c;
	const char *image, *path;
	char **sed;			/* "sed", "-i", "-e", EXPRESSION ..., NULL; or NULL */
	size_t nr_sed;
	int original;			/* memory file with the original content */
	char *dir, *name;		/* directory and name of the copy */
	char *copy;
};

static void must(struct edit *e, bool worked, const char *what)
{
	if (worked)
		return;
	tool_error(e->c.t, "%s: %s: %s", e->path, what, strerror(errno));
	tool_finish(e->c.t);
}

/* Read the file into e->original.  In a child process. */
static void read_file(struct edit *e)
{
	struct tool *t = e->c.t;
	struct verb reader = *t->verb;
	struct lkl_statx stx;
	long n, fd;

	reader.writes = false;
	t->verb = &reader;
	tool_open(t, e->image);
	fd = tool_openat(t, e->path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	if (fd < 0)
		tool_finish(t);
	n = side_image.stat_file(&(struct side_file){ .fd = fd }, &stx);
	if (n >= 0 && (stx.stx_mode & LKL_S_IFMT) != LKL_S_IFREG) {
		tool_path_error(t, e->path, "not a regular file");
		tool_finish(t);
	}
	while (n >= 0 && (n = lkl_sys_read(fd, e->c.buf, COPY_BUFFER)) > 0)
		for (long done = 0, w; done < n; done += w) {
			w = write(e->original, e->c.buf + done, n - done);
			must(e, w > 0, "cannot store a copy");
		}
	if (n < 0) {
		tool_errno(t, e->path, n);
		tool_finish(t);
	}
	_exit(0);
}

/* Whether the file @fd of @side has the content of e->original. */
static bool is_original(struct edit *e, const struct side *side, int fd)
{
	const size_t half = COPY_BUFFER / 2;
	char *ours = e->c.buf, *theirs = e->c.buf + half;

	for (uint64_t off = 0;;) {
		long n = side_pread_full(&side_host, e->original, ours, half, off);

		if (n < 0 || side_pread_full(side, fd, theirs, half, off) != n ||
		    memcmp(ours, theirs, n))
			return false;
		if (!n)
			return true;
		off += n;
	}
}

/* Replace the file by the copy.  In a child process. */
static void write_file(struct edit *e)
{
	struct tool *t = e->c.t;
	char *name;
	int from = open(e->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;

	must(e, from >= 0, e->dir);
	tool_needs_host(t, e->dir, false);
	tool_open(t, e->image);
	fd = tool_openat(t, e->path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	if (fd < 0)
		tool_finish(t);
	if (!is_original(e, &side_image, fd)) {
		tool_path_error(t, e->path, "not changed: something else has changed it meanwhile");
		tool_finish(t);
	}
	lkl_sys_close(fd);
	e->c.base = tool_locate_target(t, e->path, &name);
	if (e->c.base >= 0)
		copy_path(&e->c, from, e->name, e->path, name);
	copy_summarise(&e->c);
	tool_finish(t);
}

/* Run @fn in a child process.  Its exit code, or EXIT_SIGNAL + the signal that killed it. */
static int run_child(struct edit *e, void (*fn)(struct edit *e))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	must(e, pid >= 0, "fork");
	if (!pid)
		fn(e);
	signal(SIGINT, SIG_IGN);	/* the child ends cleanly */
	while (waitpid(pid, &status, 0) < 0)
		must(e, errno == EINTR, "wait");
	signal(SIGINT, SIG_DFL);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNAL + WTERMSIG(status);
}

static void exec_editor(struct edit *e)
{
	char *command;

	if (e->sed) {
		e->sed[e->nr_sed++] = "--";
		e->sed[e->nr_sed++] = e->copy;
		e->sed[e->nr_sed] = NULL;
		execvp("sed", e->sed);
		_exit(127);
	}
	if (asprintf(&command, "%s \"$1\"", tool_editor()) >= 0)
		execl("/bin/sh", "sh", "-c", command, "sh", e->copy, (char *)NULL);
	_exit(127);
}

static void remove_copy(struct edit *e)
{
	unlink(e->copy);
	rmdir(e->dir);
}

static void store_copy(struct edit *e)
{
	off_t off = 0, size = lseek(e->original, 0, SEEK_END);
	int fd;

	e->name = copy_last_name(e->c.t, e->path);
	if (asprintf(&e->dir, "%s/anyfs-edit-XXXXXX", tool_temp_dir()) < 0)
		tool_no_memory(e->c.t);
	must(e, mkdtemp(e->dir), e->dir);
	if (asprintf(&e->copy, "%s/%s", e->dir, e->name) < 0)
		tool_no_memory(e->c.t);
	fd = open(e->copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	must(e, fd >= 0, e->copy);
	while (off < size) {
		ssize_t n = pread(e->original, e->c.buf, COPY_BUFFER, off);

		if (n <= 0 || write(fd, e->c.buf, n) != n) {
			tool_error(e->c.t, "%s: %s", e->copy, strerror(errno));
			remove_copy(e);
			tool_finish(e->c.t);
		}
		off += n;
	}
	close(fd);
}

/* True if the copy was changed, else false after a message. */
static bool edit_copy(struct edit *e)
{
	int status = run_child(e, exec_editor), fd;
	bool same;

	if (status) {
		tool_error(e->c.t, "%s: %s: not changed: %s ended with exit code %d", e->image,
			   e->path, e->sed ? "sed" : "the editor", status);
		return false;
	}
	fd = open(e->copy, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		tool_error(e->c.t, "%s: %s: not changed: the editor has removed its file", e->image,
			   e->path);
		return false;
	}
	same = is_original(e, &side_host, fd);
	close(fd);
	if (same)
		tool_note(e->c.t, "%s: %s: not changed: the edited text is the same", e->image, e->path);
	return !same;
}

static void parse_options(struct edit *e, int argc, char **argv)
{
	static const struct option options[] = {
		{ "expression", required_argument, NULL, 'e' },
		{ "regexp-extended", no_argument, NULL, 'E' },
		TOOL_LONG_OPTIONS
	};
	char **args = tool_alloc(e->c.t, (2 * argc + 6) * sizeof(*args));
	bool given = false, extended = false;
	int c;

	args[e->nr_sed++] = "sed";
	args[e->nr_sed++] = "-i";
	while ((c = tool_getopt(e->c.t, argc, argv, "e:E", options)) != -1) {
		if (c == 'e') {
			given = true;
			args[e->nr_sed++] = "-e";
			args[e->nr_sed++] = optarg;
		} else if (!extended) {
			extended = true;
			args[e->nr_sed++] = "-E";
		}
	}
	tool_need_args(e->c.t, argc, 2, 2);
	e->image = argv[optind];
	e->path = argv[optind + 1];
	e->sed = given ? args : NULL;
}

static int run(struct tool *t, int argc, char **argv)
{
	struct edit e = {
		.c = {
			.t = t, .from = &side_host, .to = &side_image, .mode = -1,
			.can_mknod = true, .owner = COPY_OWNER_SET, .keep = true,
		},
	};
	int status;

	parse_options(&e, argc, argv);
	e.c.buf = tool_alloc(t, COPY_BUFFER);
	e.original = memfd_create("anyfs-edit", MFD_CLOEXEC);
	must(&e, e.original >= 0, "memfd_create");
	status = run_child(&e, read_file);
	if (status)
		_exit(status);		/* the child has printed the reason */
	store_copy(&e);
	if (!edit_copy(&e)) {
		remove_copy(&e);
		tool_finish(t);
	}
	status = run_child(&e, write_file);
	if (status)
		tool_note(t, "the edited text is in %s", e.copy);
	else
		remove_copy(&e);
	_exit(status);
}

const struct verb verb_edit = {
	.name = "edit",
	.args = "[-e SCRIPT]... [-E] IMAGE PATH",
	.summary = "edit a file",
	.operands = "p",
	.no_shell = true,
	.help = "Runs $VISUAL, $EDITOR or vi on a copy of the file, then replaces the file by the\n"
		"copy.  Owner, mode, attributes and ACLs stay; other hard links keep the old text.\n"
		"If the editor fails or does not change the text, nothing is written.\n\n"
		"  -e, --expression SCRIPT  change the text with sed(1), without an editor\n"
		"  -E, --regexp-extended    SCRIPT uses extended regular expressions\n\n"
		"Example: anyfs edit -e 's/^root:[^:]*:/root::/' disk.img /p2/etc/shadow\n\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
