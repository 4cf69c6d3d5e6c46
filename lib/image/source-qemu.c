// SPDX-License-Identifier: GPL-2.0
/*
 * source-qemu.c - images that qemu-storage-daemon opens: those to be written in a format that
 * the library only reads, and encrypted ones
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
		.data = &files, .check_only = true,
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
			   const char *encryption, const struct anyfs_disk_opts *opts)
{
	const struct qemu_options qemu = {
		.format = source->format->qemu, .root = root, .encryption = encryption,
		.password = opts->password, .no_sandbox = opts->no_sandbox,
		.note = opts->note, .note_data = opts->note_data,
	};
	unsigned int flags = source->bd->can_write ? BLOCKDEV_WRITE : 0;
	uint64_t capacity = 0;
	int err = check_before_qemu(source, root, &capacity);

	if (err)
		return err;
	blockdev_close(source->bd);
	source->bd = NULL;
	err = qemu_open(path, &qemu, flags, &source->bd);
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

static const char *encryption_of(const struct anyfs_source *source)
{
	return source->format->encryption ? source->format->encryption(source->bd) : NULL;
}

static int check_options(const struct anyfs_source *source, const char *encryption,
			 const struct disk_source *src, const struct anyfs_disk_opts *opts)
{
	const char *name = source->bd->name;
	bool whole = src->path && !remote_is_address(src->path) && !opts->offset && !opts->size;

	if (encryption && opts->snapshot)
		return error_set(-EOPNOTSUPP, "%s: snapshots of an encrypted image cannot be read; decrypt it with qemu-img convert",
				 name);
	if (opts->snapshot)
		return error_set(-EROFS, "%s: a snapshot can only be read; keep changes in an overlay (--overlay FILE)",
				 name);
	if (!whole && encryption)
		return error_set(-EOPNOTSUPP, "%s: an encrypted %s image can be opened only if it is a whole file with a path; decrypt it with qemu-img convert",
				 name, source->format->name);
	if (!whole)
		return error_set(-EROFS, "%s: a %s image can be written only if it is a whole file with a path; keep changes in an overlay (--overlay FILE)",
				 name, source->format->name);
	if (encryption && !opts->password)
		return error_set(-ENOKEY, "%s: is an encrypted %s image, and no key was given; use --key",
				 name, source->format->name);
	return 0;
}

int source_open_by_qemu(struct anyfs_source *source, const struct disk_source *src,
			const struct anyfs_disk_opts *opts)
{
	const char *encryption = encryption_of(source);
	char *root = NULL;
	int err = 0;

	if (!encryption && !source->bd->can_write)
		return 0;
	err = check_options(source, encryption, src, opts);
	if (err)
		return err;
	root = opts->backing_dir ? source_find_root(source, opts->backing_dir) : NULL;
	if (opts->backing_dir && !root)
		return -ENOENT;
	err = replace_by_qemu(source, src->path, root, encryption, opts);
	free(root);
	return err;
}
