// SPDX-License-Identifier: GPL-2.0
/*
 * volume.c - copy a volume into a temporary file and back
 *
 * Blocks of zeros become holes, so the file takes no more space than the data of the volume.
 * Holes on both sides are not read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "holes.h"
#include "host-path.h"
#include "messages.h"
#include "node-find.h"
#include "output.h"
#include "pread-full.h"
#include "run.h"
#include "side.h"
#include "signals.h"
#include "temp-dir.h"
#include "unnamed-file.h"
#include "volume.h"

#define BUFFER	(1u << 20)		/* bytes that are read at once */
#define END	BUFFER			/* bytes at each end that ends_only copies */
#define VOLUME_NAME_CHARS	"0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define CHUNK	(64u << 10)	/* bytes that are compared at once */

static bool failed(struct volume *v, const char *path, const char *what, long err)
{
	tool_not_done(v->t, path, what, err);
	return false;
}

/* Open the temporary file in @dir. */
static int open_in(struct volume *v, const char *dir)
{
	free(v->dir);
	v->dir = tool_strdup(v->t, dir);
	return open_temporary(dir, VOLUME_NAME, &v->name);
}

/* In the directory of the image file; on failure, in that for temporary files. */
static int open_file(struct volume *v, const char *image)
{
	char *beside = host_parent(v->t, image);
	struct stat st;
	int fd = -1;

	if (!stat(image, &st) && S_ISREG(st.st_mode))
		fd = open_in(v, beside);
	free(beside);
	return fd >= 0 ? fd : open_in(v, tool_temp_dir());
}

void volume_begin(struct volume *v, const char *path)
{
	int pair[2];
	pid_t pid = -1;

	v->buf = tool_alloc(v->t, BUFFER);
	v->name = v->dir = NULL;
	v->file = open_file(v, path);
	if (v->file < 0) {
		tool_error(v->t, "%s: cannot create a temporary file: %s", v->dir, strerror(errno));
		tool_finish(v->t);
	}
	v->output = memfd_create("output", MFD_CLOEXEC);
	fflush(NULL);
	if (v->output >= 0 && !socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		pid = fork();
	if (pid < 0) {
		tool_error(v->t, "cannot start a process: %s", strerror(errno));
		tool_finish(v->t);
	}
	if (!pid) {
		close(pair[0]);
		volume_serve(v, pair[1]);
	}
	close(pair[1]);
	v->socket = pair[0];
}

/* @path with one slash in front and none at its end: "/p2" for "p2/"; to be freed. */
static char *normalise_path(struct tool *t, const char *path)
{
	size_t skip = strspn(path, "/"), len = strlen(path + skip);
	char *text;

	while (len && path[skip + len - 1] == '/')
		len--;
	if (asprintf(&text, "/%.*s", (int)len, path + skip) < 0)
		tool_no_memory(t);
	return text;
}

struct anyfs_node *volume_find(struct tool *t, const char *path)
{
	const char *rest = "";
	int rc = anyfs_image_split_path(t->image, path, &rest);
	char *whole = normalise_path(t, path);
	/* Content that is not a file system, such as swap, is an error of split_path(). */
	struct anyfs_node *node = node_find_content(anyfs_image_node(t->image), whole);

	if (node)
		;
	else if (rc < 0)
		tool_open_failed(t, path, rc);
	else if (rc == 1)
		tool_path_error(t, path, "contains partitions or volumes: give the path of one of them, such as /p1");
	else
		tool_path_error(t, path, "not the root of a file system");
	free(whole);
	return node;
}

/* Open the block device of @node in the kernel.  A descriptor of the kernel, or -errno. */
static long open_device(struct anyfs_node *node, int flags)
{
	char path[64];
	int rc = anyfs_node_device(node, path, sizeof(path));

	return rc < 0 ? rc : lkl_sys_open(path, flags | LKL_O_CLOEXEC, 0);
}

int64_t volume_size(struct anyfs_node *node)
{
	long fd = open_device(node, LKL_O_RDONLY);
	int64_t size = fd < 0 ? fd : lkl_sys_lseek(fd, 0, LKL_SEEK_END);

	if (fd >= 0)
		lkl_sys_close(fd);
	return size;
}

static size_t part_of(uint64_t size, uint64_t off, size_t most)
{
	return size - off < most ? size - off : most;
}

/* Whether ends_only leaves out the MiB that contains @off. */
static bool is_passed_over(const struct volume *v, uint64_t size, uint64_t off)
{
	uint64_t begin = off / END * END;

	return v->ends_only && begin >= END && size - begin - part_of(size, begin, END) >= END;
}

/*
 * The first range of @node at or after @off that may have other bytes than zeros; *@start is @size
 * if there is none.
 */
static long next_data(struct anyfs_node *node, uint64_t size, uint64_t off, uint64_t *start,
		      uint64_t *end)
{
	int rc = anyfs_node_find_data(node, off, start, end);

	if (rc == -ENXIO)
		*start = *end = size;
	return rc == -ENXIO ? 0 : rc;
}

/* Write @len bytes of v->buf at @off of the file; blocks of zeros become holes. */
static long write_sparse(struct volume *v, size_t len, uint64_t off)
{
	for (size_t done = 0, run; done < len; done += run) {
		bool zero;
		long rc = 0;

		run = holes_run(v->buf + done, len - done, &zero);
		if (!zero)
			rc = side_pwrite_full(&side_host, v->file, v->buf + done, run, off + done);
		if (rc)
			return rc;
	}
	return 0;
}

/* Copy the bytes [@off, @off + @len) of @node, at most BUFFER.  False after a message. */
static bool load_range(struct volume *v, struct anyfs_node *node, size_t len, uint64_t off)
{
	const char *path = anyfs_node_path(node);
	long rc = anyfs_node_read(node, v->buf, len, off);

	if (rc)
		return failed(v, path, "cannot be read", rc);
	rc = write_sparse(v, len, off);
	return !rc || failed(v, path, "cannot be copied to a temporary file", rc);
}

bool volume_load(struct volume *v, struct anyfs_node *node)
{
	const char *path = anyfs_node_path(node);
	int64_t size = volume_size(node);
	uint64_t len, start, end;

	if (size < 0)
		return failed(v, path, NULL, size);
	if (ftruncate(v->file, 0) || ftruncate(v->file, size))
		return failed(v, path, "cannot be copied to a temporary file", -errno);
	for (uint64_t off = 0; off < (uint64_t)size; off = start + len) {
		long rc = next_data(node, size, off, &start, &end);

		if (rc)
			return failed(v, path, "cannot be read", rc);
		/* End at a multiple of BUFFER: is_passed_over() decides for each such part. */
		len = part_of(end, start, BUFFER - start % BUFFER);
		if (len && !is_passed_over(v, size, start) && !load_range(v, node, len, start))
			return false;
		if (tool_stopping(v->t))
			return false;
	}
	v->changed = false;
	return true;
}

static bool ask_helper(struct volume *v, const struct volume_request *rq, struct volume_answer *a)
{
	if (write(v->socket, rq, sizeof(*rq)) != sizeof(*rq) ||
	    !tool_wait_readable(v->t, v->socket))
		return false;
	if (read(v->socket, a, sizeof(*a)) != sizeof(*a))
		return false;
	v->changed |= a->changed;
	return true;
}

int volume_run(struct volume *v, struct anyfs_node *node, unsigned int step)
{
	const char *path = anyfs_node_path(node), *type = anyfs_node_fstype(node);
	const struct volume_program *p = v->program(v->data, type, step);
	struct volume_request rq = { .step = step };
	struct volume_answer a;

	snprintf(rq.fstype, sizeof(rq.fstype), "%s", type);
	if (!ask_helper(v, &rq, &a)) {
		if (!tool_stopping(v->t))
			tool_path_error(v->t, path, "the process that runs %s has ended", p->name);
	} else if (!a.ended) {
		tool_path_error(v->t, path, "%.*s", (int)sizeof(a.why), a.why);
	} else if (WIFSIGNALED(a.status)) {
		tool_path_error(v->t, path, "%s: ended by SIG%s", p->name,
				sigabbrev_np(WTERMSIG(a.status)));
	} else {
		return WEXITSTATUS(a.status);
	}
	return -1;
}

int volume_run_step(struct volume *v, struct anyfs_node *node, unsigned int step, int most,
		    const char *what)
{
	const struct volume_program *p = v->program(v->data, anyfs_node_fstype(node), step);
	int code = p ? volume_run(v, node, step) : 0;
	char *reason;

	if (code <= most)
		return code;
	reason = volume_reason(v, node);
	tool_path_error(v->t, anyfs_node_path(node), "%s: %s failed with exit code %d: %s", what,
			p->name, code, reason);
	free(reason);
	return -1;
}

/* Copy the piece at @off of the file to the device, if it differs from the piece of @node. */
static long store_piece(struct volume *v, struct anyfs_node *node, long fd, size_t len,
			uint64_t off)
{
	char *ours = v->buf, *theirs = v->buf + CHUNK;
	long rc = side_pread_full(&side_host, v->file, ours, len, off);

	if (rc >= 0 && rc != (long)len)
		rc = -EIO;
	if (rc >= 0)
		rc = anyfs_node_read(node, theirs, len, off);
	if (rc < 0 || !memcmp(ours, theirs, len))
		return rc;
	v->t->bytes += len;
	return side_pwrite_full(&side_image, fd, ours, len, off);
}

/* Set *@off to the next piece that is not a hole in both the file and @node. */
static long skip_holes(struct volume *v, struct anyfs_node *node, uint64_t size, uint64_t *off)
{
	int64_t ours = lseek(v->file, *off, SEEK_DATA);
	uint64_t theirs, end;
	long rc;

	if (ours < 0)		/* ENXIO: a hole up to the end; else SEEK_DATA is not supported */
		ours = errno == ENXIO ? (int64_t)size : (int64_t)*off;
	rc = next_data(node, size, *off, &theirs, &end);
	if (rc >= 0)
		*off = ((uint64_t)ours < theirs ? (uint64_t)ours : theirs) / CHUNK * CHUNK;
	return rc;
}

static long store_all(struct volume *v, struct anyfs_node *node, long fd, uint64_t size)
{
	long rc = 0;

	for (uint64_t off = 0; rc >= 0 && off < size; off += CHUNK) {
		rc = skip_holes(v, node, size, &off);
		if (rc >= 0 && off < size && !is_passed_over(v, size, off))
			rc = store_piece(v, node, fd, part_of(size, off, CHUNK), off);
	}
	if (rc >= 0)
		rc = lkl_sys_fsync(fd);
	return rc;
}

bool volume_store(struct volume *v, struct anyfs_node *node)
{
	const char *path = anyfs_node_path(node);
	int64_t size = volume_size(node);
	long fd, rc;

	if (!v->changed)
		return true;
	fd = size < 0 ? size : open_device(node, LKL_O_RDWR);
	if (fd < 0)
		return failed(v, path, "not changed", fd);
	rc = store_all(v, node, fd, size);
	lkl_sys_close(fd);
	return rc >= 0 || failed(v, path, "only partly written, so it is not usable", rc);
}

/* Replace "DIR/.anyfs-volume-1234-0" in @text by @path, unless that is longer. */
static void hide_file(const struct volume *v, char *text, const char *path)
{
	size_t dir = strlen(v->dir), name = strlen(VOLUME_NAME), len = strlen(path);

	for (char *at = text; (at = strstr(at, VOLUME_NAME)); at += 1) {
		char *from = at - text > (ptrdiff_t)dir ? at - dir - 1 : at;
		char *end = at + name + strspn(at + name, VOLUME_NAME_CHARS);

		if (strncmp(from, v->dir, dir) || from[dir] != '/' || len > (size_t)(end - from))
			continue;
		memcpy(from, path, len);
		memmove(from + len, end, strlen(end) + 1);
		at = from;
	}
}

char *volume_output(struct volume *v, struct anyfs_node *node)
{
	off_t size = lseek(v->output, 0, SEEK_END);
	char *text = tool_alloc(v->t, size + 1);
	ssize_t len = pread(v->output, text, size, 0);

	text[len > 0 ? len : 0] = '\0';
	hide_file(v, text, anyfs_node_path(node));
	return text;
}

char *volume_reason(struct volume *v, struct anyfs_node *node)
{
	char *text = volume_output(v, node), *last = text, *copy;

	for (char *save, *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		last = line;
	copy = tool_strdup(v->t, last);
	free(text);
	return copy;
}

void volume_end(struct volume *v)
{
	const struct volume_request end = { .end = true };
	char c;

	if (write(v->socket, &end, sizeof(end)) == sizeof(end))
		while (read(v->socket, &c, 1) > 0)
			;
	close(v->socket);
	close(v->file);
	close(v->output);
	free(v->dir);
	free(v->name);
	free(v->buf);
}
