// SPDX-License-Identifier: GPL-2.0
/*
 * source-qemu.c - images that qemu-storage-daemon opens, because the library only reads
 * their format
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "format.h"
#include "remote.h"
#include "source.h"

/* Check with our own reader whether the image is valid, and names only allowed files. */
static int check_before_qemu(const struct anyfs_source *source, const char *root,
			     uint64_t *capacity)
{
	struct source_files files = { .root = root };
	const struct format_options options = {
		.open_other = root ? source_open_other : NULL,
		.find_other = root ? source_find_other : NULL,
		.data = &files,
	};
	struct blockdev *bd;
	int err = source->format->open(source->bd, &options, &bd);

	if (err)
		return err;
	*capacity = bd->capacity;
	blockdev_close(bd);
	return 0;
}

/* Replace the file, whose lock is released, by the disk that QEMU's daemon serves. */
static int replace_by_qemu(struct anyfs_source *source, const char *path, const char *root,
			   const struct anyfs_disk_opts *opts)
{
	const struct qemu_options qemu = {
		.format = source->format->qemu, .root = root, .no_sandbox = opts->no_sandbox,
		.note = opts->note, .note_data = opts->note_data,
	};
	uint64_t capacity = 0;
	int err = check_before_qemu(source, root, &capacity);

	if (err)
		return err;
	blockdev_close(source->bd);
	source->bd = NULL;
	err = qemu_open(path, &qemu, BLOCKDEV_WRITE, &source->bd);
	if (err)
		return err;
	/* Another program may have written to the image in between. */
	if (source->bd->capacity != capacity)
		return error_set(-EIO, "%s: QEMU finds a disk of %llu bytes in it, and anyfs one of %llu; convert it with qemu-img convert",
				 path, (unsigned long long)source->bd->capacity,
				 (unsigned long long)capacity);
	strcpy(source->bd->format, source->format->name);
	source->format = NULL;
	return 0;
}

int source_write_by_qemu(struct anyfs_source *source, const struct disk_source *src,
			 const struct anyfs_disk_opts *opts)
{
	const char *name = source->bd->name;
	char *root;
	int err;

	if (opts->snapshot)
		return error_set(-EROFS, "%s: a snapshot can only be read; keep changes in an overlay (--overlay FILE)",
				 name);
	if (!src->path || remote_is_address(src->path) || opts->offset || opts->size)
		return error_set(-EROFS, "%s: a %s image can be written only if it is a whole file with a path; keep changes in an overlay (--overlay FILE)",
				 name, source->format->name);
	root = opts->backing_dir ? source_find_root(source, opts->backing_dir) : NULL;
	if (opts->backing_dir && !root)
		return -ENOENT;
	err = replace_by_qemu(source, src->path, root, opts);
	free(root);
	return err;
}
