// SPDX-License-Identifier: GPL-2.0
/*
 * source-files.c - open files to which an image refers: backing file, data file
 *
 * Images may be hostile, and name any file, such as /etc/shadow or a
 * disk of the host.  Such a file is opened only if the user allowed it, and only a regular
 * file below one directory, after resolving symbolic links.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "codec.h"
#include "format.h"
#include "remote.h"
#include "source.h"

#define MAX_DEPTH	32u

/*
 * The real path of @name, relative to the image @of, or to the allowed directory if the image
 * is at an address; the caller frees it.
 */
static char *path_of(const struct source_files *files, const struct blockdev *of, const char *name)
{
	const char *from = remote_is_address(of->name) ? files->root : of->name;
	const char *slash = strrchr(from, '/');
	char *path, *real;

	if (*name == '/' || !slash)
		return realpath(name, NULL);
	if (asprintf(&path, "%.*s%s", (int)(slash + 1 - from), from, name) < 0)
		return NULL;
	real = realpath(path, NULL);
	free(path);
	return real;
}

static int check_name(const struct blockdev *of, const char *name)
{
	const char *colon = strchr(name, ':'), *slash = strchr(name, '/');

	/* "json:...", "nbd:...", "http://...": addresses in QEMU's syntax. */
	if (colon && (!slash || colon < slash))
		return error_set(-EOPNOTSUPP, "%s: refers to %s, which is not a file name; images can refer only to files",
				 of->name, name);
	return 0;
}

static int check_place(const struct source_files *files, const struct blockdev *of,
		       const char *name, const char *real)
{
	struct stat st;

	if (!real || stat(real, &st) < 0)
		return error_set(error_host(errno), "%s: refers to the file %s: %s", of->name, name,
				 error_name(errno));
	if (strncmp(real, files->root, strlen(files->root)))
		return error_set(-EPERM, "%s: refers to the file %s outside of %s; if you trust the image, allow another directory (--allow-backing=DIR)",
				 of->name, name, files->root);
	if (!S_ISREG(st.st_mode))
		return error_set(-EPERM, "%s: refers to %s, which is not a regular file", of->name, name);
	return 0;
}

static int find_format(struct blockdev *bd, const char *name, const struct format **format)
{
	*format = NULL;
	if (!strcmp(name, "raw"))
		return 0;
	if (!*name)
		return source_probe(bd, bd->name, format);
	*format = format_find(!strcmp(name, "vpc") ? "vhd" : name);
	if (!*format)
		return error_set(-EOPNOTSUPP, "%s: recorded format %s is not supported; supported are %s",
				 bd->name, name, format_names());
	return codec_load(FORMAT_ZLIB | FORMAT_ZSTD, bd->name);
}

static int open_located(struct source_files *files, const char *real, const char *format_name,
			struct blockdev **bd)
{
	struct source_files deeper = { files->root, files->scratch, files->depth + 1 };
	const struct format_options options = {
		.open_other = source_open_other, .find_other = source_find_other, .data = &deeper,
	};
	const struct format *format;
	struct blockdev *raw;
	int err = raw_open(real, BLOCKDEV_SHORT, &raw);

	if (err)
		return err;
	err = find_format(raw, format_name, &format);
	if (!err && !format)
		err = raw_check_length(raw);
	if (!err && format) {
		err = format->open(raw, &options, bd);
		blockdev_close(raw);
	} else if (err) {
		blockdev_close(raw);
	} else {
		*bd = raw;
	}
	return err;
}

static int check_depth(const struct source_files *files, const struct blockdev *of)
{
	if (files->depth < MAX_DEPTH)
		return 0;
	return error_set(-ELOOP, "%s: more than %u images refer to one another; do they form a loop?",
			 of->name, MAX_DEPTH);
}

int source_open_other(void *data, const struct blockdev *of, const char *name,
		      const char *format, struct blockdev **bd)
{
	struct source_files *files = data;
	char *real;
	int err;

	if (!strncmp(name, "file:", 5))
		name += 5;
	err = check_depth(files, of);
	if (!err)
		err = check_name(of, name);
	if (err)
		return err;
	real = path_of(files, of, name);
	err = check_place(files, of, name, real);
	if (!err)
		err = open_located(files, real, format, bd);
	free(real);
	return err;
}

/* ---- files that an image describes without a name ------------------------------ */

#define MAX_FILES	4096u		/* directory entries that are examined */

/* A search for a file by its content, for find_other. */
struct search {
	const struct source_files *files;
	format_wanted wanted;
	const void *key;
};

static bool is_wanted(const struct search *s, const char *real)
{
	uint8_t head[FORMAT_HEAD];
	ssize_t len = -1;
	struct stat st;
	int fd;

	/* Opening a pipe would wait. */
	if (strncmp(real, s->files->root, strlen(s->files->root)) || stat(real, &st) < 0 ||
	    !S_ISREG(st.st_mode))
		return false;
	fd = open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		len = pread(fd, head, sizeof(head), 0);
		close(fd);
	}
	return len > 0 && s->wanted(head, len, s->key);
}

/* Find the wanted file in @dir; returns its real path, to be freed, or NULL. */
static char *search_directory(const struct search *s, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	char *path, *real = NULL;

	for (unsigned int i = 0; d && !real && i < MAX_FILES && (entry = readdir(d)); i++) {
		if (asprintf(&path, "%s/%s", dir, entry->d_name) < 0)
			break;
		real = realpath(path, NULL);
		free(path);
		if (real && !is_wanted(s, real)) {
			free(real);
			real = NULL;
		}
	}
	if (d)
		closedir(d);
	return real;
}

int source_find_other(void *data, const struct blockdev *of, format_wanted wanted,
		      const void *key, const char *text, const char *format,
		      struct blockdev **bd)
{
	struct source_files *files = data;
	const struct search s = { files, wanted, key };
	char *real = realpath(of->name, NULL), *slash;
	int err = check_depth(files, of);

	for (int i = 0; i < 2 && real && !err; i++) {
		char *found;

		slash = strrchr(real, '/');
		if (!slash)
			break;
		*slash = '\0';
		found = search_directory(&s, *real ? real : "/");
		if (found) {
			err = open_located(files, found, format, bd);
			free(found);
			free(real);
			return err;
		}
	}
	free(real);
	if (!err)
		err = error_set(-ENOENT, "%s: its parent %s is not in its directory or the one above; only files below --allow-backing=DIR are searched",
				of->name, text);
	return err;
}
