// SPDX-License-Identifier: GPL-2.0
/*
 * source.c - open the file of an image, see source.h
 *
 * The format is detected from the image's first and last bytes, unless the caller names
 * it.  A guest can attack by making its raw image look like another format that refers to
 * other files; so files to which an image refers are opened only if the caller allowed it.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "codec.h"
#include "discards.h"
#include "format.h"
#include "deferred-removal.h"
#include "options.h"
#include "overlay.h"
#include "prefetch.h"
#include "remote.h"
#include "sector.h"
#include "source.h"

static unsigned int backend_flags(unsigned int flags)
{
	unsigned int f = 0;

	if (!(flags & (ANYFS_DISK_READONLY | ANYFS_DISK_SNAPSHOT)))
		f |= BLOCKDEV_WRITE;
	if (flags & ANYFS_DISK_NOLOCK)
		f |= BLOCKDEV_NOLOCK;
	return f;
}

static int check_options(const struct anyfs_disk_opts *opts)
{
	unsigned int sector = opts->sector_size;

	if (opts->flags & ~(ANYFS_DISK_READONLY | ANYFS_DISK_NOLOCK | ANYFS_DISK_FORCE_WRITE |
			    ANYFS_DISK_SNAPSHOT | ANYFS_DISK_KEEP_DISCARDS |
			    ANYFS_DISK_STOP_ON_ERROR))
		return error_set(-EINVAL, "disk: unknown flags 0x%x", opts->flags);
	if ((opts->flags & ANYFS_DISK_KEEP_DISCARDS) &&
	    (opts->flags & (ANYFS_DISK_SNAPSHOT | ANYFS_DISK_READONLY)) != ANYFS_DISK_SNAPSHOT)
		return error_set(-EINVAL, "disk: ANYFS_DISK_KEEP_DISCARDS needs ANYFS_DISK_SNAPSHOT");
	if (sector && sector != 512 && sector != 1024 && sector != 2048 && sector != 4096)
		return error_set(-EINVAL, "disk: a sector has 512, 1024, 2048 or 4096 bytes, not %u",
				 sector);
	return 0;
}

static int open_address(const char *address, const struct anyfs_disk_opts *opts, unsigned int flags,
			struct blockdev **bd)
{
	const struct remote_options remote = {
		.cache_file = opts->cache_file, .cache_size = opts->cache_size,
		.headers = opts->headers, .nr_headers = opts->nr_headers,
		.download = opts->download, .timeout_s = opts->net_timeout,
		.no_sandbox = opts->no_sandbox, .note = opts->note, .note_data = opts->note_data,
	};

	if (opts->offset || opts->size)
		return error_set(-EINVAL, "%s: a part of an image at an address cannot be opened",
				 address);
	if (opts->backing_dir && !*opts->backing_dir)
		return error_set(-EINVAL, "%s: an image at an address can name only files of this machine: give their directory (--allow-backing=DIR)",
				 address);
	return remote_open(address, &remote, flags, bd);
}

static bool is_plain(const struct anyfs_disk_opts *opts)
{
	return !opts->offset && !opts->size && !opts->backing_dir && !opts->cache_file &&
	       !opts->cache_size && !opts->nr_headers && !opts->download;
}

static int open_file(const struct disk_source *src, const struct anyfs_disk_opts *opts,
		     unsigned int flags, struct blockdev **bd)
{
	if (src->bd) {
		if (!is_plain(opts))
			return error_set(-EINVAL, "%s: the program serves this disk: options for a part of a file, for other files and for addresses do not apply",
					 src->bd->name);
		*bd = blockdev_get(src->bd);
		return 0;
	}
	if (src->path && remote_is_address(src->path))
		return open_address(src->path, opts, flags, bd);
	if (opts->cache_file || opts->cache_size || opts->nr_headers || opts->download)
		return error_set(-EINVAL, "%s: is a file; --cache-file, --cache-size, --header and --download are for addresses (https:// ...)",
				 src->path ? src->path : "disk");
	if (src->path)
		return raw_open(src->path, flags, bd);
	if (src->fd >= 0)
		return raw_open_fd(src->fd, src->name ? src->name : "disk", flags, bd);
	return error_set(-EINVAL, "disk: no path given");
}

/* Open the file, or the part of it that @opts select. */
static int open_range(const struct disk_source *src, const struct anyfs_disk_opts *opts,
		      unsigned int flags, struct blockdev **bd)
{
	int rc = open_file(src, opts, flags, bd);

	if (rc || !(opts->offset || opts->size))
		return rc;
	rc = raw_limit(*bd, opts->offset, opts->size);
	if (rc) {
		blockdev_close(*bd);
		*bd = NULL;
	}
	return rc;
}

/* The image is probably raw: announce what will be read next. */
static void announce_raw(struct blockdev *bd)
{
	struct device d;

	device_of_blockdev(bd, 0, bd->capacity, &d);
	probe_prefetch(&d);
	ext4_prefetch(&d);
}

int source_probe(struct blockdev *bd, const char *name, const struct format **format)
{
	uint8_t head[FORMAT_HEAD], tail[FORMAT_TAIL];
	uint64_t size = bd->capacity - bd->tail;
	struct format_sample s = {
		.head = head, .head_len = size < sizeof(head) ? size : sizeof(head),
		.tail = tail, .size = size,
	};

	*format = NULL;
	/* An unreadable file has no format; the kernel reports the read error later. */
	if (blockdev_read_bytes(bd, head, s.head_len, 0))
		return 0;
	if (bd->is_remote && !format_probe(&s))
		announce_raw(bd);
	s.tail_len = size < sizeof(tail) ? size : sizeof(tail);
	if (blockdev_read_bytes(bd, tail, s.tail_len, size - s.tail_len))
		return 0;
	*format = format_probe(&s);
	return *format && (*format)->codecs ? codec_load((*format)->codecs(&s), name) : 0;
}

static int find_named(struct anyfs_source *source, const char *format)
{
	const char *name = source->bd->name;

	if (!strcmp(format, "raw"))
		return 0;
	source->format = format_find(format);
	return source->format ? codec_load(FORMAT_ALL, name) :
	       error_set(-EINVAL, "%s: there is no format %s; the formats are %s, and those that QEMU reads, %s",
			 name, format, format_names(), foreign_names());
}

/* Reports that the format of @source can only be read, and how to keep changes. */
static int refuse_writing(const struct anyfs_source *source)
{
	static const struct { const char *format, *advice; } programs[] = {
		{ "gzip", "unpack it with gunzip" }, { "bzip2", "unpack it with bunzip2" },
		{ "xz", "unpack it with unxz" }, { "zstd", "unpack it with unzstd" },
		{ "lz4", "unpack it with unlz4" }, { "tar", "unpack it with tar -xf" },
		{ "zip", "unpack it with unzip" }, { "ewf", "convert it with ewfexport" },
		{ "android-sparse", "convert it with simg2img" },
		{ "dmg", "convert it with qemu-img convert" },
	};
	const char *format = source->format->name, *advice = NULL;

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (!strcmp(programs[i].format, format))
			advice = programs[i].advice;
	return error_set(-EROFS, "%s: is %s %s image, which can only be read; keep changes in an overlay (--overlay FILE)%s%s",
			 source->bd->name, strchr("aenx", *format) ? "an" : "a", format,
			 advice ? ", or " : "", advice ? advice : "");
}

static int choose_format(struct anyfs_source *source, const struct anyfs_disk_opts *opts)
{
	const char *name = source->bd->name;
	int err = opts->format ? find_named(source, opts->format) :
		  source_probe(source->bd, name, &source->format);

	if (!err && !source->format)
		err = raw_check_length(source->bd);
	if (!err && opts->snapshot && !source->format)
		err = error_set(-EINVAL, "%s: a raw image has no snapshots", name);
	if (!err && source->format && source->bd->can_write && !source->format->qemu)
		err = refuse_writing(source);
	if (!err && opts->snapshot && !(source->snapshot = strdup(opts->snapshot)))
		err = error_set(-ENOMEM, "%s: out of memory", name);
	return err;
}

char *source_find_root(const struct anyfs_source *source, const char *dir)
{
	char *real = realpath(*dir ? dir : source->bd->name, NULL), *root, *slash;

	slash = real ? strrchr(real, '/') : NULL;
	if (slash && !*dir)
		slash[1] = '\0';
	root = real ? malloc(strlen(real) + 2) : NULL;
	if (root) {
		strcpy(root, real);
		if (root[strlen(root) - 1] != '/')
			strcat(root, "/");
	} else {
		error_set(error_host(errno), "%s: %s", *dir ? dir : source->bd->name,
			  error_name(errno));
	}
	free(real);
	return root;
}

static struct scratch *take_scratch(void *data, const struct blockdev *of)
{
	struct source_files *files = data;

	return scratch_set_take(files->scratch, of);
}

/* Set the disk's format name: that of @f, and the formats around it, @before, if there are any. */
static void name_format(struct blockdev *bd, const struct format *f, const char *before)
{
	snprintf(bd->format, sizeof(bd->format), *before ? "%s in %s" : "%s", f->name, before);
}

/* Replace the file by the disk that it contains. */
static int open_format(struct anyfs_source *source, const struct format_options *options)
{
	struct blockdev *bd;
	int err = source->format->open(source->bd, options, &bd);

	if (err)
		return err;
	name_format(bd, source->format, source->bd->format);
	blockdev_close(source->bd);
	source->bd = bd;
	return 0;
}

/* Open the image in the file with its format; if that is a container, the image in it too. */
static int apply_format(struct anyfs_source *source, const char *backing_dir)
{
	char *root = backing_dir ? source_find_root(source, backing_dir) : NULL;
	struct source_files files = { .root = root, .scratch = source->scratch };
	struct format_options options = {
		.open_other = root ? source_open_other : NULL,
		.find_other = root ? source_find_other : NULL,
		.take_scratch = source->scratch ? take_scratch : NULL,
		.data = &files,
		.parts = source->parts.files, .nr_parts = source->parts.nr,
	};
	bool container;
	int err;

	if (backing_dir && !root)
		return -ENOENT;
	do {
		container = source->format->container;
		options.snapshot = container ? NULL : source->snapshot;
		err = open_format(source, &options);
		source->format = NULL;
		if (!err && container)
			err = source_probe(source->bd, source->bd->name, &source->format);
	} while (!err && source->format);
	free(root);
	if (!err && container)
		err = raw_check_length(source->bd);
	return err;
}

/* Open the files that a format may need now, because the sandbox forbids opening files. */
static int prepare_format(struct anyfs_source *source, const struct disk_source *src,
			  const struct anyfs_disk_opts *opts)
{
	int err = 0;

	if (source->format->container) {
		err = codec_load(FORMAT_ALL, source->bd->name);
		if (!err)
			err = scratch_set_create(source->bd->name, opts, &source->scratch);
	}
	if (!err && source->format->parts && src->path)
		err = split_files_open(src->path, &source->parts);
	return err;
}

/* Join disk.001 with disk.002 and so on. */
static int join_numbered(struct anyfs_source *source, const struct disk_source *src,
			 const struct anyfs_disk_opts *opts)
{
	struct split_files s;
	int err;

	if (!src->path || remote_is_address(src->path) || !split_is_numbered(src->path) ||
	    opts->offset || opts->size)
		return 0;
	err = split_files_open(src->path, &s);
	if (!err && s.nr && source->bd->can_write)
		err = error_set(-EROFS, "%s: is split into several files, which can only be read; keep changes in an overlay (--overlay FILE)",
				source->bd->name);
	if (!err && s.nr)
		err = split_join(&source->bd, &s);
	split_files_close(&s);
	return err;
}

/*
 * Open the format before an overlay is put over the disk.  An overlay records when its
 * image was changed, so an unpacked image gets the time of the file it was unpacked from, or 0,
 * unknown, if that is no file.
 */
static int apply_format_first(struct anyfs_source *source, const struct anyfs_disk_opts *opts)
{
	int fd = blockdev_descriptor(source->bd, BLOCKDEV_FD_READ), err;
	struct stat st = { 0 };

	if (fd >= 0 && fstat(fd, &st))
		return error_set(error_host(errno), "%s: %s", source->bd->name, error_name(errno));
	err = apply_format(source, opts->backing_dir);
	fd = err || !source->scratch ? -1 : blockdev_descriptor(source->bd, BLOCKDEV_FD_READ);
	if (fd >= 0) {
		const struct timespec times[2] = { st.st_atim, st.st_mtim };

		if (futimens(fd, times) < 0)
			err = error_set(error_host(errno), "%s: %s", source->bd->name,
					error_name(errno));
	}
	return err;
}

static int put_overlay(struct anyfs_source *source, const struct anyfs_disk_opts *opts)
{
	struct blockdev *bd;
	int err = overlay_open_file(source->bd, opts->overlay, backend_flags(opts->flags), &bd);

	if (err)
		return err;
	blockdev_close(source->bd);
	source->bd = bd;
	return 0;
}

/* Replace the disk by @layer over it, unless @err says that it could not be made. */
static int put_layer(struct anyfs_source *source, int err, struct blockdev *const *layer)
{
	if (err)
		return error_set(err, "%s: %s", source->bd->name, error_name(err));
	blockdev_close(source->bd);
	source->bd = *layer;
	return 0;
}

/* Keep the changes of the disk in memory. */
static int put_snapshot(struct anyfs_source *source)
{
	struct blockdev *bd;
	uint64_t limit = source->replay_mb ? (uint64_t)source->replay_mb << 20 :
					     block_shadow_limit(source->bd);
	int err = put_layer(source, overlay_open_memory(source->bd, limit, &bd), &bd);

	if (err || !(source->flags & ANYFS_DISK_KEEP_DISCARDS))
		return err;
	return put_layer(source, discards_open(source->bd, &bd), &bd);
}

/* Apply the user's options to the disk. */
static int set_disk_options(struct blockdev *bd, const struct anyfs_source *opts)
{
	bd->shadow_limit = (uint64_t)opts->replay_mb << 20;
	bd->force_write = opts->flags & ANYFS_DISK_FORCE_WRITE;
	bd->stop_on_error = opts->flags & ANYFS_DISK_STOP_ON_ERROR;
	if (!opts->sector_size)
		return 0;
	if (!sector_is_possible(bd, opts->sector_size))
		return error_set(-EINVAL, "%s: its sectors have %u bytes and cannot be written in sectors of %u",
				 bd->name, bd->limits.logical_block, opts->sector_size);
	if (bd->capacity < opts->sector_size)
		return error_set(-EINVAL, "%s: is shorter than one sector of %u bytes", bd->name,
				 opts->sector_size);
	bd->block_given = true;
	sector_set(bd, opts->sector_size);
	return 0;
}

/* Open @src with @opts, which have all members that this library knows. */
static int open_with(const struct disk_source *src, const struct anyfs_disk_opts *opts,
		     struct anyfs_source **out)
{
	struct anyfs_source *source = calloc(1, sizeof(*source));
	unsigned int flags = backend_flags(opts->flags);
	int err;

	if (!source)
		return error_set(-ENOMEM, "disk: out of memory");
	source->flags = opts->flags;
	source->replay_mb = opts->replay_mb;
	source->sector_size = opts->sector_size;
	err = check_options(opts);
	/*
	 * With an overlay the image is read-only.  A VMDK descriptor may be shorter than a
	 * sector.
	 */
	if (!err)
		err = open_range(src, opts, BLOCKDEV_SHORT |
				 (opts->overlay ? flags & ~BLOCKDEV_WRITE : flags), &source->bd);
	if (!err)
		err = join_numbered(source, src, opts);
	if (!err)
		err = opts->format && foreign_format(opts->format) ?
		      foreign_open(&source->bd, src, opts) : choose_format(source, opts);
	if (!err && source->format)
		err = source_open_by_qemu(source, src, opts);
	if (!err && source->format)
		err = prepare_format(source, src, opts);
	if (!err && source->format && (opts->overlay || opts->backing_dir))
		err = apply_format_first(source, opts);
	if (!err && opts->overlay)
		err = put_overlay(source, opts);
	if (err) {
		anyfs_source_close(source);
		return err;
	}
	*out = source;
	return 0;
}

int source_open(const struct disk_source *src, const struct anyfs_disk_opts *opts,
		struct anyfs_source **source)
{
	struct anyfs_disk_opts known;
	int err = OPTIONS_READ(anyfs_disk_opts, note_data, &known, opts);

	/* An image that is being closed may hold the lock of this file. */
	removal_retry();
	return err ? err : open_with(src, &known, source);
}

const char *source_name(const struct anyfs_source *source)
{
	return source->bd->name;
}

int source_finish(struct anyfs_source *source, struct blockdev **bd)
{
	int err = source->format ? apply_format(source, NULL) : 0;

	if (!err && (source->flags & (ANYFS_DISK_SNAPSHOT | ANYFS_DISK_READONLY)) ==
		    ANYFS_DISK_SNAPSHOT)
		err = put_snapshot(source);
	if (!err)
		err = set_disk_options(source->bd, source);
	if (!err) {
		*bd = source->bd;
		source->bd = NULL;
	}
	anyfs_source_close(source);
	return err;
}

int anyfs_source_open(const char *path, const struct anyfs_disk_opts *opts,
		      struct anyfs_source **source)
{
	return source_open(&(struct disk_source){ .path = path, .fd = -1 }, opts, source);
}

int anyfs_path_is_address(const char *path)
{
	return remote_is_address(path);
}

void anyfs_source_close(struct anyfs_source *source)
{
	if (!source)
		return;
	blockdev_close(source->bd);
	scratch_set_free(source->scratch);
	split_files_close(&source->parts);
	free(source->snapshot);
	free(source);
}

void anyfs_formats_prepare(void)
{
	codec_load(FORMAT_ZLIB, "");
	codec_load(FORMAT_ZSTD, "");
}
