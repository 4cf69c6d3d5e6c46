// SPDX-License-Identifier: GPL-2.0
/*
 * oci-output.c - write the files of an image layout, in a directory or in an archive
 *
 * The layer goes to a temporary file first, because its name and the header of an archive contain
 * its checksum and its size.  index.json is written last: without it there is no image.
 */
#define _GNU_SOURCE
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "change.h"
#include "dirlist.h"
#include "messages.h"
#include "oci-out.h"
#include "run.h"
#include "unnamed-file.h"

#define LAYER_TEMP	"layer.tmp"	/* in blobs/sha256 */

void oci_hex(const uint8_t *sum, char hex[OCI_SHA256_HEX])
{
	for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", sum[i]);
}

void oci_sha256(const void *data, size_t len, char hex[OCI_SHA256_HEX])
{
	uint8_t sum[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, sizeof(sum), sum);
	oci_hex(sum, hex);
}

static void set_error(struct oci_output *o, int err)
{
	tool_error(o->t, "%s: cannot be created: %s", o->path, strerror(err));
	tool_finish(o->t);
}

static bool is_empty(int dir)
{
	struct dirlist list;
	bool empty;

	if (dirlist_read(&side_host, dir, ORDER_NAME, &list) < 0)
		return false;
	empty = !list.nr;
	dirlist_free(&list);
	return empty;
}

/* Open @path if it is a directory, which must be empty.  False if there is no such file. */
static bool open_existing(struct oci_output *o)
{
	struct stat st;

	if (lstat(o->path, &st) && errno == ENOENT)
		return false;
	o->dir = o->is_archive ? -1 : open(o->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->dir < 0)
		set_error(o, EEXIST);
	if (!is_empty(o->dir))
		set_error(o, ENOTEMPTY);
	tool_needs_host(o->t, o->path, true);
	return true;
}

void oci_output_open(struct oci_output *o, struct tool *t, const char *path)
{
	size_t len = strlen(path);
	char *copy = tool_strdup(t, *path ? path : "/"), *slash;

	*o = (struct oci_output){ .t = t, .path = path, .dir = -1, .blobs = -1, .layer = -1 };
	change_strip_slashes(copy);
	o->is_archive = len > 4 && !strcmp(path + len - 4, ".tar");
	if (open_existing(o)) {
		free(copy);
		return;
	}
	/* The name and the parent are used until the end of the run. */
	slash = strrchr(copy, '/');
	o->name = tool_strdup(t, slash ? slash + 1 : copy);
	if (slash)
		slash[1] = '\0';
	else
		strcpy(copy, ".");
	o->parent = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Open the temporary file now, since the sandbox allows no open for reading. */
	if (o->parent >= 0 && o->is_archive)
		o->layer = open_unnamed(copy);
	if (o->parent < 0 || (o->is_archive && o->layer < 0))
		set_error(o, errno);
	tool_needs_host(t, copy, true);
}

static int create_file(int dir, const char *name)
{
	return openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static int open_dir(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void begin_dir(struct oci_output *o)
{
	if (o->name) {
		if (mkdirat(o->parent, o->name, 0777))
			set_error(o, errno);
		o->dir = open_dir(o->parent, o->name);
	}
	if (o->dir < 0 || mkdirat(o->dir, "blobs", 0777) || mkdirat(o->dir, "blobs/sha256", 0777))
		oci_output_failed(o, strerror(errno));
	o->blobs = open_dir(o->dir, "blobs/sha256");
	o->layer = o->blobs < 0 ? -1 : create_file(o->blobs, LAYER_TEMP);
	if (o->layer < 0)
		oci_output_failed(o, strerror(errno));
}

static void begin_archive(struct oci_output *o)
{
	int fd = create_file(o->parent, o->name);

	if (fd < 0)
		set_error(o, errno);
	o->archive = archive_write_new();
	if (!o->archive)
		tool_no_memory(o->t);
	archive_write_set_format_pax_restricted(o->archive);
	archive_write_set_bytes_in_last_block(o->archive, TAR_RECORD);
	if (archive_write_open_fd(o->archive, fd))
		oci_output_failed(o, tar_out_reason(o->archive));
}

void oci_output_begin(struct oci_output *o)
{
	if (o->is_archive)
		begin_archive(o);
	else
		begin_dir(o);
}

/* Not with remove_tree(): it stops after a signal, which may be why the files are removed. */
static void remove_blobs(struct oci_output *o)
{
	struct dirlist list;

	if (dirlist_read(&side_host, o->blobs, ORDER_NAME, &list) < 0)
		return;
	for (size_t i = 0; i < list.nr; i++)
		unlinkat(o->blobs, list.entries[i].name, 0);
	dirlist_free(&list);
}

void oci_output_abandon(struct oci_output *o)
{
	if (o->is_archive) {
		unlinkat(o->parent, o->name, 0);
		return;
	}
	if (o->blobs >= 0)
		remove_blobs(o);
	if (o->dir >= 0) {
		unlinkat(o->dir, "blobs/sha256", AT_REMOVEDIR);
		unlinkat(o->dir, "blobs", AT_REMOVEDIR);
		unlinkat(o->dir, "oci-layout", 0);
		unlinkat(o->dir, "index.json", 0);
	}
	if (o->name)
		unlinkat(o->parent, o->name, AT_REMOVEDIR);
}

void oci_output_failed(struct oci_output *o, const char *reason)
{
	tool_error(o->t, "%s: not written: %s", o->path, reason);
	oci_output_abandon(o);
	tool_finish(o->t);
}

static void write_all(struct oci_output *o, int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = TEMP_FAILURE_RETRY(write(fd, data, len));

		if (n < 0)
			oci_output_failed(o, strerror(errno));
		data += n;
		len -= n;
	}
}

static void begin_entry(struct oci_output *o, const char *name, unsigned int type, uint64_t size)
{
	struct archive_entry *entry = archive_entry_new();

	if (!entry)
		tool_no_memory(o->t);
	archive_entry_copy_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, type == AE_IFDIR ? 0755 : 0644);
	archive_entry_set_size(entry, size);
	archive_entry_set_mtime(entry, o->time, 0);
	if (archive_write_header(o->archive, entry) != ARCHIVE_OK)
		oci_output_failed(o, tar_out_reason(o->archive));
	archive_entry_free(entry);
}

static void add_data(struct oci_output *o, const void *data, size_t len)
{
	if (archive_write_data(o->archive, data, len) < 0)
		oci_output_failed(o, tar_out_reason(o->archive));
}

void oci_output_file(struct oci_output *o, const char *name, const void *data, size_t len)
{
	int fd;

	if (o->archive) {
		begin_entry(o, name, AE_IFREG, len);
		add_data(o, data, len);
		return;
	}
	fd = create_file(o->dir, name);
	if (fd < 0)
		oci_output_failed(o, strerror(errno));
	write_all(o, fd, data, len);
	if (close(fd))
		oci_output_failed(o, strerror(errno));
}

static void copy_layer(struct oci_output *o, uint64_t size)
{
	char *buf = tool_alloc(o->t, TAR_OUT_BUFFER);

	for (uint64_t off = 0; off < size;) {
		size_t want = size - off < TAR_OUT_BUFFER ? size - off : TAR_OUT_BUFFER;
		ssize_t n = TEMP_FAILURE_RETRY(pread(o->layer, buf, want, off));

		if (n <= 0)
			oci_output_failed(o, strerror(n < 0 ? errno : EIO));
		add_data(o, buf, n);
		off += n;
	}
	free(buf);
}

void oci_output_layer(struct oci_output *o, const char *hex, uint64_t size)
{
	char name[32 + OCI_SHA256_HEX];

	if (!o->archive) {
		if (close(o->layer) || renameat(o->blobs, LAYER_TEMP, o->blobs, hex))
			oci_output_failed(o, strerror(errno));
		return;
	}
	begin_entry(o, "blobs/", AE_IFDIR, 0);
	begin_entry(o, "blobs/sha256/", AE_IFDIR, 0);
	snprintf(name, sizeof(name), "blobs/sha256/%s", hex);
	begin_entry(o, name, AE_IFREG, size);
	copy_layer(o, size);
}

void oci_output_end(struct oci_output *o)
{
	if (o->archive && archive_write_close(o->archive))
		oci_output_failed(o, tar_out_reason(o->archive));
	archive_write_free(o->archive);
}
