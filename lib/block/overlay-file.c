// SPDX-License-Identifier: GPL-2.0
/*
 * overlay-file.c - an overlay that keeps its changes in a file
 *
 * Format, version 1; numbers are little endian, the file is sparse:
 *
 *   0             header, 4096 bytes: struct header, then zeros
 *   4096          map: bit n of byte m stands for block 8 * m + n of the disk;
 *                 1: the block is in this file, 0: it is in the image.  Whole
 *                 pages of 4096 bytes.
 *   data_offset   the blocks: byte n of the disk is at data_offset + n; the end
 *                 of the disk is the end of the file
 *
 * data_offset is the end of the map, rounded up to 64 KiB.  A block is a
 * logical block of the image (512 bytes for an image file).
 *
 * The header is written once, before anything else, and identifies the image of
 * the overlay: its size, its modification time (image files only), and a hash of
 * parts of its content.  If the image no longer matches, the overlay is rejected,
 * since blocks from two states of a disk do not form a consistent disk.
 *
 * Flushed data survives a crash at any time: a flush makes the blocks durable, then
 * writes the changed pages of the map, then makes these durable.  Bits are never
 * cleared, and are written only for blocks that are durable already.  So in a page
 * that was only partly written, every bit is valid: it has its old or its new
 * value.  A block whose bit was lost has the image's content, as before its first
 * write.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "error.h"
#include "fnv.h"
#include "overlay.h"
#include "raw.h"

#define MAGIC		"AnyfsOvl"
#define VERSION		1u
#define HEADER_BYTES	4096u
#define DATA_ALIGN	(64u << 10)
#define SAMPLE		(64u << 10)	/* bytes of each piece of the image that is hashed */
#define PAGES_AT_ONCE	256u

struct header {
	char magic[8];
	uint32_t version;
	uint32_t block;			/* bytes */
	uint64_t capacity;		/* bytes of the disk */
	uint64_t data_offset;
	uint64_t image_size;		/* bytes; the image may end inside the last block */
	uint64_t image_mtime;		/* seconds; 0: unknown, as at an address */
	uint32_t image_mtime_ns;
	uint32_t reserved;		/* 0 */
	uint64_t image_hash;		/* no protection against a forged image */
	uint64_t header_hash;		/* hash of all members above */
};

/* Read @len bytes; -EIO if the file ends earlier, as a hostile file may. */
static int read_all(int fd, void *buf, size_t len, uint64_t offset)
{
	char *dst = buf;

	while (len) {
		ssize_t n = pread(fd, dst, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? error_host(errno) : -EIO;
		dst += n;
		offset += n;
		len -= n;
	}
	return 0;
}

/* If possible, start no threads: a program that enters a sandbox must have only one. */
static int read_image(struct blockdev *bd, void *buf, size_t len, uint64_t offset)
{
	uint64_t stored = bd->capacity - bd->tail - offset;

	if (len > stored) {
		memset((char *)buf + stored, 0, len - stored);
		len = stored;
	}
	return blockdev_read_bytes(bd, buf, len, offset);
}

/* Hash the start of the image, the usual place of the first partition, and the end. */
static int hash_image(struct blockdev *bd, uint64_t *sum)
{
	const uint64_t places[] = { 0, 1 << 20, bd->capacity > SAMPLE ? bd->capacity - SAMPLE : 0 };
	char *buf = malloc(SAMPLE);
	int err = buf ? 0 : -ENOMEM;

	*sum = FNV_START;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !err; i++) {
		uint64_t left = bd->capacity > places[i] ? bd->capacity - places[i] : 0;
		size_t len = left < SAMPLE ? left : SAMPLE;

		/* An image of less than 1 MiB ends before the second range. */
		if (!len)
			continue;
		err = read_image(bd, buf, len, places[i]);
		if (!err)
			*sum = fnv1a(*sum, buf, len);
	}
	free(buf);
	return err ? error_set(err, "%s: cannot be read: %s", bd->name, error_name(err)) : 0;
}

/* Fill in the header of an overlay for the image @bd. */
static int describe(struct blockdev *bd, struct header *h)
{
	uint64_t map = overlay_map_bytes(bd->capacity / bd->limits.logical_block), sum;
	struct stat st;
	int fd, err = hash_image(bd, &sum);

	if (err)
		return err;
	memset(h, 0, sizeof(*h));
	memcpy(h->magic, MAGIC, sizeof(h->magic));
	h->version = htole32(VERSION);
	h->block = htole32(bd->limits.logical_block);
	h->capacity = htole64(bd->capacity);
	h->data_offset = htole64((HEADER_BYTES + map + DATA_ALIGN - 1) / DATA_ALIGN * DATA_ALIGN);
	h->image_size = htole64(bd->capacity - bd->tail);
	fd = blockdev_descriptor(bd, BLOCKDEV_FD_READ);
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode)) {
		h->image_mtime = htole64(st.st_mtim.tv_sec);
		h->image_mtime_ns = htole32(st.st_mtim.tv_nsec);
	}
	h->image_hash = htole64(sum);
	h->header_hash = htole64(fnv1a(FNV_START, h, offsetof(struct header, header_hash)));
	return 0;
}

static uint64_t file_bytes(const struct header *h)
{
	return le64toh(h->data_offset) + le64toh(h->capacity);
}

static int no_overlay(const char *path)
{
	return error_set(-EINVAL, "%s: is not an overlay; name a new file or an existing overlay",
			 path);
}

/* Of an image at an address only the size and the content are compared. */
static bool time_fits(const struct header *h, const struct header *want)
{
	return (!want->image_mtime && !want->image_mtime_ns) ||
	       (h->image_mtime == want->image_mtime && h->image_mtime_ns == want->image_mtime_ns);
}

static int check_header(const struct header *h, const struct header *want, const char *path,
			const char *image)
{
	if (memcmp(h->magic, MAGIC, sizeof(h->magic)))
		return no_overlay(path);
	if (h->version != want->version)
		return error_set(-EINVAL, "%s: is an overlay of version %u; this program supports version %u only",
				 path, le32toh(h->version), VERSION);
	if (le64toh(h->header_hash) != fnv1a(FNV_START, h, offsetof(struct header, header_hash)))
		return error_set(-EUCLEAN, "%s: its header is damaged; this overlay cannot be used", path);
	if (h->capacity != want->capacity || h->block != want->block ||
	    h->image_size != want->image_size)
		return error_set(-ESTALE, "%s: belongs to an image of another size (%llu bytes) than %s; name the image that the overlay was made for",
				 path, (unsigned long long)le64toh(h->image_size), image);
	if (h->image_hash != want->image_hash)
		return error_set(-ESTALE, "%s: belongs to another image than %s, or the image was changed since the overlay was made; use a new overlay",
				 path, image);
	if (!time_fits(h, want))
		return error_set(-ESTALE, "%s: %s was changed since this overlay was made; use a new overlay, or touch -d @%lld.%09u the image if only its time has changed",
				 path, image, (long long)le64toh(h->image_mtime),
				 (unsigned int)le32toh(h->image_mtime_ns));
	if (h->data_offset != want->data_offset || h->reserved != want->reserved)
		return error_set(-EUCLEAN, "%s: its header is damaged; this overlay cannot be used", path);
	return 0;
}

static int file_error(const char *path, const char *what)
{
	return error_set(error_host(errno), "%s: overlay: %s: %s", path, what, error_name(errno));
}

/* Make the new file's name durable; otherwise the whole file could be lost in a crash. */
static int sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory = slash ? strndup(path, slash - path + 1) : strdup(".");
	int fd = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	/* Ignore a directory that cannot be opened or synced; report a write error only. */
	int err = fd >= 0 && fsync(fd) < 0 && errno == EIO ? -EIO : 0;

	if (fd >= 0)
		close(fd);
	free(directory);
	return err;
}

/* Write the header of a new overlay to the empty file @fd, and set the file's size. */
static int write_empty_overlay(int fd, const char *path, const struct header *h)
{
	char page[HEADER_BYTES] = { 0 };

	memcpy(page, h, sizeof(*h));
	if (ftruncate(fd, file_bytes(h)) < 0)
		return file_error(path, "cannot be extended to the size of the image");
	if (pwrite(fd, page, sizeof(page), 0) != (ssize_t)sizeof(page) || fsync(fd) < 0 ||
	    sync_directory(path) < 0)
		return file_error(path, "cannot be written");
	return 0;
}

/* True if the file with status @st is the image of @lower, which must not be written. */
static bool is_image(struct blockdev *lower, const struct stat *st)
{
	int fd = blockdev_descriptor(lower, BLOCKDEV_FD_READ);
	struct stat image;

	return fd >= 0 && !fstat(fd, &image) && image.st_dev == st->st_dev &&
	       image.st_ino == st->st_ino;
}

/* Accept a regular file only: open() of a pipe would wait, and a device has a fixed size. */
static int check_file(struct blockdev *lower, const char *path, bool *exists)
{
	struct stat st;

	*exists = !stat(path, &st);
	if (!*exists)
		return errno == ENOENT ? 0 : file_error(path, "cannot be opened");
	if (!S_ISREG(st.st_mode))
		return error_set(-EINVAL, "%s: an overlay must be a regular file", path);
	if (is_image(lower, &st))
		return error_set(-EINVAL, "%s: is the image itself; name another file for the overlay",
				 path);
	return st.st_size && st.st_size < HEADER_BYTES ? no_overlay(path) : 0;
}

static int format_if_empty(int fd, const char *path, const struct header *h)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return file_error(path, "cannot be opened");
	return st.st_size ? 0 : write_empty_overlay(fd, path, h);
}

/*
 * Open or create @path for writing, for the owner only: the image may be private or encrypted.
 * *@made, by O_EXCL: this call has created the file.
 */
static int open_or_make(const char *path, bool *made)
{
	int fd = -1;

	/* Another process may create or remove the file between the two calls. */
	for (int tries = 0; fd < 0 && tries < 8; tries++) {
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		*made = fd >= 0;
		if (fd >= 0 || errno != EEXIST)
			break;
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0 && errno != ENOENT)
			break;
	}
	return fd;
}

/* Check that there is an overlay at @path; with BLOCKDEV_WRITE create it if needed. */
static int prepare_file(struct blockdev *lower, const char *path, unsigned int flags,
			const struct header *h)
{
	bool exists, made, locked = false;
	int fd, err = check_file(lower, path, &exists);

	if (err)
		return err;
	if (!exists && !(flags & BLOCKDEV_WRITE))
		return error_set(-ENOENT, "%s: there is no such overlay yet; open the image without it",
				 path);
	if (!(flags & BLOCKDEV_WRITE))
		return 0;
	fd = open_or_make(path, &made);
	if (fd < 0)
		return file_error(path, "cannot be opened for writing");
	/* Two processes may create the overlay at the same time: the lock lets one do it. */
	if (!(flags & BLOCKDEV_NOLOCK))
		err = raw_lock(fd, -1, path, true, &locked);
	if (!err)
		err = format_if_empty(fd, path, h);
	/* If the lock was not obtained, another process is creating the overlay: keep it. */
	if (err && made && (locked || (flags & BLOCKDEV_NOLOCK)))
		unlink(path);
	close(fd);
	return err;
}

/* Advance *@pos to the next page of the stored map that is not in a hole; false: none. */
static bool next_stored_page(int fd, uint64_t end, uint64_t *pos)
{
	off_t found = lseek(fd, *pos, SEEK_DATA);

	if (found < 0)
		return errno != ENXIO && *pos < end;	/* SEEK_DATA is not supported: read all */
	*pos = found / OVERLAY_MAP_PAGE * OVERLAY_MAP_PAGE;
	return *pos < end;
}

static int load_map(struct overlay *ov)
{
	uint64_t page[OVERLAY_MAP_PAGE / sizeof(uint64_t)];
	uint64_t pos = ov->map_offset, end = pos + ov->map.pages * OVERLAY_MAP_PAGE;
	int err = 0;

	while (!err && next_stored_page(ov->fd, end, &pos)) {
		err = read_all(ov->fd, page, sizeof(page), pos);
		if (!err)
			overlay_map_load(&ov->map, pos - ov->map_offset, page, sizeof(page));
		pos += sizeof(page);
	}
	return err;
}

/* ---- flush, on the pool's thread ----------------------------------------- */

/* Changed pages of the map that are written together. */
struct batch {
	unsigned int nr;
	uint64_t pages[PAGES_AT_ONCE];	/* their numbers */
	char data[PAGES_AT_ONCE][OVERLAY_MAP_PAGE];
};

static bool take_batch(struct overlay *ov, uint64_t *page, struct batch *b)
{
	b->nr = 0;
	while (b->nr < PAGES_AT_ONCE && overlay_map_take(&ov->map, page, b->data[b->nr]))
		b->pages[b->nr++] = (*page)++;
	return b->nr;
}

static int write_page(struct overlay *ov, uint64_t page, const char *data)
{
	uint64_t offset = ov->map_offset + page * OVERLAY_MAP_PAGE;
	size_t done = 0;

	while (done < OVERLAY_MAP_PAGE) {
		ssize_t n = pwrite(ov->fd, data + done, OVERLAY_MAP_PAGE - done,
				   offset + done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? error_host(errno) : -EIO;
		done += n;
	}
	return 0;
}

static int sync_file(struct overlay *ov)
{
	return fdatasync(ov->fd) < 0 ? error_host(errno) : 0;
}

/* Make the blocks durable, then write the bits that were set before that. */
static int store_map(struct overlay *ov, struct batch *b)
{
	uint64_t page = 0;
	int err = 0;

	while (!err && take_batch(ov, &page, b)) {
		err = sync_file(ov);
		for (unsigned int i = 0; i < b->nr && !err; i++)
			err = write_page(ov, b->pages[i], b->data[i]);
	}
	return err;
}

static int flush(struct overlay *ov)
{
	struct batch *b;
	int err;

	if (!atomic_exchange_explicit(&ov->map.dirty, false, memory_order_acquire))
		return sync_file(ov);
	b = malloc(sizeof(*b));
	err = b ? store_map(ov, b) : -ENOMEM;
	if (!err)
		err = sync_file(ov);
	free(b);
	return err;
}

int overlay_file_flush(void *data, struct lkl_block_req *req)
{
	struct overlay *ov = data;
	int err;

	(void)req;
	pthread_mutex_lock(&ov->flushing);
	/*
	 * The host drops data that it could not write and reports the error once.  So
	 * after a failure it is unknown which data are stored: all later flushes fail as well.
	 */
	if (!ov->failed)
		ov->failed = flush(ov);
	err = ov->failed;
	pthread_mutex_unlock(&ov->flushing);
	return err;
}

/* ---- opening -------------------------------------------------------------- */

static int check_upper(struct blockdev *upper, const struct header *want, const char *image)
{
	char page[HEADER_BYTES];
	struct header h;
	int err = read_all(blockdev_descriptor(upper, BLOCKDEV_FD_READ), page, sizeof(page), 0);

	if (err)
		return error_set(err, "%s: cannot be read: %s", upper->name, error_name(err));
	memcpy(&h, page, sizeof(h));
	err = check_header(&h, want, upper->name, image);
	if (!err && upper->capacity - upper->tail < file_bytes(&h))
		err = error_set(-EUCLEAN, "%s: the overlay is truncated; restore the whole file", upper->name);
	return err;
}

/* Create the overlay over @lower.  Owns @upper from the call on, also on failure. */
static int open_over(struct blockdev *lower, struct blockdev *upper, const struct header *h,
		     struct blockdev **bd)
{
	struct overlay *ov;
	int err = overlay_create(lower, upper, le64toh(h->data_offset), &ov);

	if (err) {
		blockdev_close(upper);
		return err;
	}
	ov->map_offset = HEADER_BYTES;
	ov->fd = blockdev_descriptor(upper, BLOCKDEV_FD_READ);
	err = load_map(ov);
	if (!err && upper->can_write)
		err = block_pool_create(1, overlay_file_flush, ov, &ov->pool);
	if (err) {
		error_set(err, "%s: the overlay's map cannot be read: %s", upper->name,
			  error_name(err));
		blockdev_close(&ov->bd);
		return err;
	}
	ov->bd.can_flush = upper->can_write;
	*bd = &ov->bd;
	return 0;
}

int overlay_open_file(struct blockdev *lower, const char *path, unsigned int flags,
		      struct blockdev **bd)
{
	struct blockdev *upper;
	struct header want;
	int err = describe(lower, &want);

	if (!err)
		err = prepare_file(lower, path, flags, &want);
	if (!err)
		err = raw_open(path, flags, &upper);
	if (err)
		return err;
	err = check_upper(upper, &want, lower->name);
	if (err) {
		blockdev_close(upper);
		return err;
	}
	return open_over(lower, upper, &want, bd);
}
