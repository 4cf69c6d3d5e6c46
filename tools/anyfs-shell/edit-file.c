// SPDX-License-Identifier: GPL-2.0
/*
 * edit-file.c - "edit PATH" in a shell: the editor of the host on a copy of the file
 *
 * The verbs cat and put copy the file, so owner, mode and attributes stay.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "editor.h"
#include "shell.h"
#include "temp-dir.h"

/* Results other than the exit codes of programs. */
#define UNCHANGED	-1		/* the text is unchanged */
#define STORE_FAILED	-2		/* only the copy has the new text, so it stays */

/* Whether the files have the same content; also false if one cannot be read. */
static bool same_content(int a, int b)
{
	char x[4096], y[4096];

	for (off_t at = 0;;) {
		ssize_t n = pread(a, x, sizeof(x), at), m = pread(b, y, sizeof(y), at);

		if (n < 0 || n != m || memcmp(x, y, n))
			return false;
		if (!n)
			return true;
		at += n;
	}
}

/*
 * Run the editor on @copy, a copy of @path.  Returns 0 if the text is to be
 * stored, UNCHANGED, or the exit code of a failure.
 */
static int run_editor(const char *path, const char *copy, int original)
{
	char *command;
	int fd, status;
	bool same;

	if (asprintf(&command, "%s \"$1\"", tool_editor()) < 0)
		return 1;
	status = run_host(command, copy);
	free(command);
	if (status) {
		shell_error("%s: not changed: the editor ended with exit code %d", path, status);
		return status;
	}
	fd = open(copy, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		shell_error("%s: not changed: the editor has removed its file", path);
		return 1;
	}
	same = same_content(original, fd);
	close(fd);
	if (same)
		shell_error("%s: not changed: the edited text is the same", path);
	return same ? UNCHANGED : 0;
}

/* Replace the file of the image by @copy.  The copy stays if that fails. */
static int store(struct shell *sh, char *path, const char *copy)
{
	char *put[] = { "put", "-", path, NULL };
	int fd = open(copy, O_RDONLY | O_CLOEXEC), status = 1;

	if (fd >= 0) {
		status = run_verb(sh, put, fd, STDOUT_FILENO);
		close(fd);
	}
	if (status)
		shell_error("the edited text is in %s", copy);
	return status;
}

/* Write the whole file @from to the new file @path. */
static bool copy_to(const char *path, int from)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	off_t off = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while ((n = sendfile(fd, from, &off, 1 << 30)) > 0)
		;
	return !close(fd) && !n;
}

/* Let the editor work on @copy of the file @path, whose text is in @original. */
static int edit_copy(struct shell *sh, char *path, const char *copy, int original)
{
	int status;

	if (!copy_to(copy, original)) {
		shell_error("%s: %s", copy, strerror(errno));
		return 1;
	}
	status = run_editor(path, copy, original);
	return status ? status : store(sh, path, copy) ? STORE_FAILED : 0;
}

/* Edit @path, with its copy in the file "text" of the new directory @dir. */
static int edit_in(struct shell *sh, char *path, const char *dir)
{
	char *cat[] = { "cat", path, NULL }, *copy;
	int original, status;

	if (asprintf(&copy, "%s/text", dir) < 0)
		return 1;
	original = memfd_create("anyfs-edit", MFD_CLOEXEC);
	status = original < 0 ? 1 : run_verb(sh, cat, -1, original);
	if (!status)
		status = edit_copy(sh, path, copy, original);
	if (original >= 0)
		close(original);
	if (status != STORE_FAILED) {
		unlink(copy);
		rmdir(dir);
	}
	free(copy);
	return status == UNCHANGED ? 0 : status == STORE_FAILED ? 1 : status;
}

int edit_file(struct shell *sh, char *const *words, size_t nr)
{
	char *dir;
	int status = 1;

	if (nr != 2) {
		shell_error("edit: give one path");
		return STATUS_USAGE;
	}
	if (asprintf(&dir, "%s/anyfs-edit-XXXXXX", tool_temp_dir()) < 0)
		return 1;
	if (mkdtemp(dir))
		status = edit_in(sh, words[1], dir);
	else
		shell_error("%s: %s", dir, strerror(errno));
	free(dir);
	return status;
}
