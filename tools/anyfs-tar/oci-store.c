// SPDX-License-Identifier: GPL-2.0
/*
 * oci-store.c - the files of a container image, in a directory or in an archive
 *
 * Links in a directory are not followed: they could lead out of it.  Links in an archive lead to
 * other entries of the same archive; "docker save" writes them for equal layers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "messages.h"
#include "oci.h"
#include "output.h"
#include "run.h"
#include "temp-dir.h"
#include "unnamed-file.h"

#define LINKS_MAX	8
#define BLOCK		(128u << 10)	/* bytes; libarchive reads the archive in such pieces */

void oci_error(const struct oci_store *s, const char *name, const char *fmt, ...)
{
	char path[4096], reason[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	snprintf(path, sizeof(path), "%s%s%s", s->path, *name ? ": " : "", name);
	s->t->paths_are_host = true;
	tool_path_error(s->t, path, "%s", reason);
	s->t->paths_are_host = false;
}

/*
 * Standard input as a file, or -1 with errno.  An archive is read from its beginning for each of
 * its files, so a pipe is stored first.
 */
static int open_input(struct tool *t)
{
	static char buf[65536];
	struct stat st;
	ssize_t n, put = 0;
	int fd;

	if (!fstat(STDIN_FILENO, &st) && S_ISREG(st.st_mode))
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	fd = open_unnamed(tool_temp_dir());
	while (fd >= 0 && (n = TEMP_FAILURE_RETRY(read(STDIN_FILENO, buf, sizeof(buf))))) {
		put = n < 0 ? -1 : write(fd, buf, n);
		if (put == n)
			continue;
		if (put >= 0)
			errno = ENOSPC;
		close(fd);
		return -1;
	}
	return fd;
}

void oci_store_open(struct oci_store *s, struct tool *t, const char *path)
{
	bool input = !strcmp(path, "-");
	struct stat st;

	*s = (struct oci_store){ .t = t, .path = input ? "standard input" : path };
	s->fd = input ? open_input(t) : open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (s->fd < 0 || fstat(s->fd, &st))
		oci_error(s, "", "cannot be opened: %s", strerror(errno));
	else if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		oci_error(s, "", "cannot be opened: it is neither a directory nor a file");
	if (t->failures) {
		t->status = EXIT_OPEN;
		tool_finish(t);
	}
	s->is_dir = S_ISDIR(st.st_mode);
	if (!input)
		tool_needs_host(t, path, false);
}

/* Remove the last component of @path, whose length is @len.  Returns the new length. */
static size_t parent_len(const char *path, size_t len)
{
	while (len && path[len - 1] != '/')
		len--;
	return len ? len - 1 : 0;
}

/*
 * The path of @name, which is relative to the first @len bytes of @dir, without "." and "..".
 * NULL if it is absolute or leads out of the store.  To be freed.
 */
static char *join_path(struct tool *t, const char *dir, size_t len, const char *name)
{
	char *path = *name == '/' ? NULL : tool_alloc(t, len + strlen(name) + 2);

	if (!path)
		return NULL;
	memcpy(path, dir, len);
	for (const char *p = name; *p; p += *p == '/') {
		size_t part = strcspn(p, "/");
		bool up = part == 2 && !memcmp(p, "..", 2);

		if (up && !len) {
			free(path);
			return NULL;
		}
		if (up) {
			len = parent_len(path, len);
		} else if (part && !(part == 1 && *p == '.')) {
			if (len)
				path[len++] = '/';
			memcpy(path + len, p, part);
			len += part;
		}
		p += part;
	}
	path[len] = '\0';
	return path;
}

/* Open @path in the directory.  A descriptor or -errno. */
static long open_below(int top, char *path)
{
	long dir = top, next;
	char *slash;

	while ((slash = strchr(path, '/'))) {
		*slash = '\0';
		next = side_host.open_dir(dir, path);
		*slash = '/';
		if (dir != top)
			close(dir);
		if (next < 0)
			return next;
		dir = next;
		path = slash + 1;
	}
	next = side_host.open_file(dir, path);
	if (dir != top)
		close(dir);
	return next;
}

static long open_in_dir(const struct oci_store *s, char *path, struct oci_file *f)
{
	long fd = open_below(s->fd, path);
	struct stat st;

	if (fd == -ELOOP) {
		oci_error(s, path, "it is a symbolic link, which could lead out of the directory");
	} else if (fd < 0 && fd != -ENOENT) {
		oci_error(s, path, "%s", strerror(-fd));
	} else if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		oci_error(s, path, "not a regular file");
		close(fd);
		fd = -EINVAL;
	}
	if (fd < 0)
		return fd;
	f->fd = fd;
	f->size = st.st_size;
	return 0;
}

static struct archive *open_archive(const struct oci_store *s)
{
	struct archive *a = archive_read_new();

	if (!a)
		tool_no_memory(s->t);
	tar_filters(a);
	archive_read_support_format_tar(a);
	if (lseek(s->fd, 0, SEEK_SET) == 0 && archive_read_open_fd(a, s->fd, BLOCK) == ARCHIVE_OK)
		return a;
	oci_error(s, "", "not a tar archive: %s", archive_error_string(a));
	archive_read_free(a);
	return NULL;
}

/*
 * Go to the entry @path.  Returns 0; 1 if it is a link to *@target; -ENOENT; or another -errno
 * after a message.
 */
static long find_entry(const struct oci_store *s, struct archive *a, const char *path,
		       struct archive_entry **entry, char **target)
{
	const char *link;
	int rc;

	while ((rc = archive_read_next_header(a, entry)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
		const char *given = archive_entry_pathname(*entry);
		char *name = given ? join_path(s->t, "", 0, given) : NULL;
		bool found = name && !strcmp(name, path);

		free(name);
		if (!found)
			continue;
		link = archive_entry_hardlink(*entry);
		if (link)
			*target = join_path(s->t, "", 0, link);
		else if ((link = archive_entry_symlink(*entry)))
			*target = join_path(s->t, path, parent_len(path, strlen(path)), link);
		else
			return 0;
		if (*target)
			return 1;
		oci_error(s, path, "it is a link that leads out of the archive");
		return -EXDEV;
	}
	if (rc == ARCHIVE_EOF)
		return -ENOENT;
	oci_error(s, "", "not a complete tar archive: %s", archive_error_string(a));
	return -EIO;
}

static long open_in_archive(const struct oci_store *s, const char *path, struct oci_file *f)
{
	char *at = tool_strdup(s->t, path), *target = NULL;
	struct archive_entry *entry;
	long rc = 1;

	for (int links = 0; rc == 1 && links <= LINKS_MAX; links++) {
		archive_read_free(f->archive);
		f->archive = open_archive(s);
		rc = f->archive ? find_entry(s, f->archive, at, &entry, &target) : -EIO;
		if (rc == 1) {
			free(at);
			at = target;
		}
	}
	free(at);
	if (rc == 1 || (!rc && archive_entry_filetype(entry) != AE_IFREG)) {
		oci_error(s, path, rc ? "a chain of too many links" : "not a regular file");
		rc = -ELOOP;
	}
	if (rc) {
		archive_read_free(f->archive);
		f->archive = NULL;
	} else {
		f->size = archive_entry_size(entry);
	}
	return rc;
}

long oci_file_open(const struct oci_store *s, const char *name, struct oci_file *f)
{
	char *path = join_path(s->t, "", 0, name);
	long rc;

	*f = (struct oci_file){ .fd = -1 };
	if (!path || !*path) {
		oci_error(s, name, "not a name of a file in the image");
		rc = -EXDEV;
	} else {
		rc = s->is_dir ? open_in_dir(s, path, f) : open_in_archive(s, path, f);
	}
	free(path);
	return rc;
}

long oci_file_read(struct oci_file *f, void *buf, size_t len)
{
	long n = f->archive ? archive_read_data(f->archive, buf, len) :
		 side_host.read(f->fd, buf, len);

	if (n >= 0)
		return n;
	f->why = f->archive ? archive_error_string(f->archive) : strerror(-n);
	return f->archive ? -EIO : n;
}

void oci_file_close(struct oci_file *f)
{
	archive_read_free(f->archive);
	if (f->fd >= 0)
		close(f->fd);
	*f = (struct oci_file){ .fd = -1 };
}
