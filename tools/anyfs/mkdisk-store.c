// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-store.c - write the content of an encrypted partition of anyfs mkdisk
 *
 * A sandboxed child process opens the new volume with its key, as all verbs do, and dm-crypt of
 * the library's kernel encrypts what the child writes.
 *
 * Parts of an encrypted volume that were not written are read as random bytes.  So holes of the
 * content are written, too, if the program that made it may rely on their zeros.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "messages.h"
#include "mkdisk.h"
#include "output.h"
#include "pread-full.h"
#include "run.h"
#include "side.h"
#include "signals.h"
#include "verbs.h"

#define BUFFER	(1u << 20)

static const struct verb verb_store = { .name = "mkdisk", .writes = true };

/* The work of the child. */
struct store {
	struct tool *t;
	const char *raw, *about;
	const char *path;		/* of the volume in the image */
	int content;			/* descriptor of the file to be written into the volume */
	uint64_t size;			/* bytes of the content */
	bool zeros;			/* write its holes, too */
	int answer;			/* descriptor of a pipe: the child writes t->bytes to it */
};

static void fail(struct store *s, long err) __attribute__((noreturn));
static void fail(struct store *s, long err)
{
	int end;

	/* The kernel reports a full disk of the host as EIO; the end of the run has the reason. */
	s->t->image = NULL;
	lkl_sys_close_range(0, ~0u, 0);
	end = anyfs_kernel_halt();
	tool_error(s->t, "%s: the encrypted volume cannot be written: %s", s->about,
		   strerror(end < 0 ? -end : -err));
	tool_finish(s->t);
}

/* The library has said why the volume cannot be opened. */
static void fail_to_open(struct store *s) __attribute__((noreturn));
static void fail_to_open(struct store *s)
{
	const char *text = text_without_prefix(anyfs_strerror_last(), s->raw);

	text = text_without_prefix(text, s->path);
	tool_error(s->t, "%s: the new encrypted volume cannot be opened: %s", s->about, text);
	tool_finish(s->t);
}

/* The child of @n, which is entered, whose path is that of the volume. */
static struct anyfs_node *enter_to_volume(struct store *s, struct anyfs_node *n)
{
	struct anyfs_node *child;

	if (anyfs_node_enter(n))
		fail_to_open(s);
	for (unsigned int i = 0; (child = anyfs_node_child(n, i)); i++)
		if (!strcmp(anyfs_node_path(child), s->path))
			return child;
	fail(s, -ENXIO);
}

/* Open the device with the decrypted bytes; a descriptor of the kernel. */
static int open_volume(struct store *s)
{
	struct anyfs_node *partition = enter_to_volume(s, anyfs_image_node(s->t->image));
	char path[64];
	int fd;

	if (anyfs_node_device(enter_to_volume(s, partition), path, sizeof(path)) < 0)
		fail_to_open(s);
	fd = lkl_sys_open(path, LKL_O_RDWR | LKL_O_CLOEXEC, 0);
	if (fd < 0)
		fail(s, fd);
	return fd;
}

/* Set [*@off, *@end) to the next range to be written.  False if there is none. */
static bool next_range(const struct store *s, uint64_t *off, uint64_t *end)
{
	off_t data = s->zeros ? (off_t)*off : lseek(s->content, *off, SEEK_DATA), hole;

	if (*off >= s->size || (data < 0 && errno == ENXIO))
		return false;
	if (data >= 0)		/* else SEEK_DATA is not supported: all is data */
		*off = data;
	hole = s->zeros || data < 0 ? (off_t)s->size : lseek(s->content, data, SEEK_HOLE);
	*end = hole < 0 || (uint64_t)hole > s->size ? s->size : (uint64_t)hole;
	return true;
}

static void write_range(struct store *s, int fd, char *buf, uint64_t off, uint64_t end)
{
	for (; off < end; off += BUFFER) {
		size_t len = end - off < BUFFER ? end - off : BUFFER;
		long rc = side_pread_full(&side_host, s->content, buf, len, off);

		if (rc >= 0 && rc < (long)len)
			rc = -EIO;
		if (rc >= 0)
			rc = side_pwrite_full(&side_image, fd, buf, len, off);
		if (rc < 0)
			fail(s, rc);
		s->t->bytes += len;
		progress_show(s->t);
	}
}

/* The child ends when its parent ends, or kills it; the parent reports signals. */
static void leave_signals_to_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	tool_let_signals_end();
}

static void write_all(struct store *s, int fd)
{
	char *buf = tool_alloc(s->t, BUFFER);
	uint64_t end;

	for (uint64_t off = 0; next_range(s, &off, &end); off = end)
		write_range(s, fd, buf, off, end);
	free(buf);
}

static void store(struct store *s) __attribute__((noreturn));
static void store(struct store *s)
{
	struct tool *t = s->t;
	long rc;
	int fd;

	leave_signals_to_parent();
	progress_leave_end();
	t->verb = &verb_store;
	t->json = false;
	t->format = "raw";
	tool_open(t, s->raw);
	fd = open_volume(s);
	write_all(s, fd);
	rc = lkl_sys_fsync(fd);
	if (rc < 0)
		fail(s, rc);
	if (write(s->answer, &t->bytes, sizeof(t->bytes)) != sizeof(t->bytes))
		fail(s, -errno);
	tool_finish(t);
}

/* Read the child's answer.  False if the child has failed, or a signal has come. */
static bool wait_for_child(struct tool *t, int answer, pid_t pid)
{
	uint64_t bytes = 0;
	bool answered = tool_wait_readable(t, answer) &&
			read(answer, &bytes, sizeof(bytes)) == sizeof(bytes);
	int status = 0;

	if (answered)
		t->bytes = bytes;
	else if (t->signal)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return answered && !status;
}

bool mkdisk_store(struct tool *t, const char *raw, const char *about, const char *path,
		  int content, uint64_t size, bool zeros)
{
	struct store s = {
		.t = t, .raw = raw, .about = about, .path = path, .content = content, .size = size,
		.zeros = zeros,
	};
	int fds[2];
	pid_t pid;
	bool done;

	if (pipe2(fds, O_CLOEXEC)) {
		tool_error(t, "%s: %s", about, strerror(errno));
		return false;
	}
	fflush(NULL);
	s.answer = fds[1];
	pid = fork();
	if (!pid)
		store(&s);
	close(fds[1]);
	if (pid < 0)
		tool_error(t, "cannot start a process: %s", strerror(errno));
	done = pid > 0 && wait_for_child(t, fds[0], pid);
	close(fds[0]);
	if (pid > 0 && !done && !t->signal) {
		/* The child has printed the reason. */
		result_failure(t, about, "the encrypted volume was not written", 0);
		t->status = EXIT_FAILED;
	}
	return done;
}
