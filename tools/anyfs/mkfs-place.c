// SPDX-License-Identifier: GPL-2.0
/*
 * mkfs-place.c - put a new file system into an image
 *
 * The file system is made in a temporary sparse file, which needs neither root nor a loop
 * device, and copied into the image when it is complete.  If mkfs fails, the image is
 * unchanged.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "host-path.h"
#include "messages.h"
#include "mkfs.h"
#include "options.h"
#include "output.h"
#include "run.h"

#define BUFFER_SIZE	(1u << 20)
#define SECTOR		512

static bool failed(struct tool *t, const char *path, int err)
{
	tool_error(t, "%s: %s", path, strerror(err));
	return false;
}

bool mkfs_is_whole_device(const struct mkfs_place *place)
{
	return place->is_device && place->part < 0 && !place->start;
}

/* O_EXCL refuses a device if the host has mounted it or one of its partitions. */
static int open_place(struct tool *t, const struct mkfs_place *place)
{
	int fd = open(place->image, O_RDWR | O_CLOEXEC | (place->is_device ? O_EXCL : 0));

	if (fd < 0 && errno == EBUSY)
		tool_error(t, "%s: block device in use by the host; unmount it there first",
			   place->image);
	else if (fd < 0)
		failed(t, place->image, errno);
	if (fd < 0 || !mkfs_is_whole_device(place))
		return fd;
	/* mkfs opens the device with O_EXCL itself: keep only a descriptor without O_EXCL. */
	close(fd);
	fd = open(place->image, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		failed(t, place->image, errno);
	return fd;
}

bool mkfs_lock(struct tool *t, struct mkfs_place *place)
{
	/* The same lock as the library's: the whole file, by open file description. */
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	off_t size;
	bool busy;

	place->fd = open_place(t, place);
	if (place->fd < 0)
		return false;
	do
		busy = fcntl(place->fd, F_OFD_SETLK, &lock) && (errno == EAGAIN || errno == EACCES);
	while (busy && tool_wait_lock(t, place->image));
	if (busy) {
		tool_error(t, "%s: in use by another process; close it there first", place->image);
		return false;
	}
	size = lseek(place->fd, 0, SEEK_END);
	if (size < 0)
		return failed(t, place->image, errno);
	if (place->part < 0 && !place->size && place->start < (uint64_t)size)
		place->size = (size - place->start) / SECTOR * SECTOR;
	if (place->start > (uint64_t)size || place->size > (uint64_t)size - place->start) {
		tool_error(t, "%s: extends beyond the end of its image", place->given);
		return false;
	}
	return true;
}

int mkfs_temp(struct tool *t, const struct mkfs_place *place, char **path)
{
	const char *directory = getenv("TMPDIR");
	char *beside = NULL;
	int fd = -1;

	/* Use the image's directory, which has space for an image; for a device use TMPDIR. */
	if (!place->is_device)
		directory = beside = host_parent(t, place->image);
	else if (!directory)
		directory = "/var/tmp";
	if (asprintf(path, "%s/.anyfs-mkfs-XXXXXX", directory) < 0)
		tool_no_memory(t);
	fd = mkostemp(*path, O_CLOEXEC);
	if (fd < 0) {
		tool_error(t, "%s: cannot create a temporary file: %s", directory, strerror(errno));
	} else if (ftruncate(fd, place->size)) {
		tool_error(t, "%s: a file of %llu bytes: %s", directory,
			   (unsigned long long)place->size, strerror(errno));
		unlink(*path);
		close(fd);
		fd = -1;
	}
	free(beside);
	if (fd < 0)
		free(*path);
	else
		timeout_removes(*path);
	return fd;
}

void mkfs_remove_temp(char *path)
{
	unlink(path);
	timeout_keeps(path);
	free(path);
}

static int write_all(int fd, const char *buf, size_t len, uint64_t off)
{
	while (len) {
		ssize_t n = TEMP_FAILURE_RETRY(pwrite(fd, buf, len, off));

		if (n <= 0)
			return n < 0 ? errno : EIO;
		buf += n;
		off += n;
		len -= n;
	}
	return 0;
}

static int write_zeros(int fd, uint64_t off, uint64_t len)
{
	char *zeros = calloc(1, BUFFER_SIZE);
	int err = zeros ? 0 : ENOMEM;

	while (!err && len) {
		size_t n = len < BUFFER_SIZE ? len : BUFFER_SIZE;

		err = write_all(fd, zeros, n, off);
		off += n;
		len -= n;
	}
	free(zeros);
	return err;
}

/* Fill the place with zeros in the fastest way that the file or device supports. */
static int clear(const struct mkfs_place *place)
{
	uint64_t range[2] = { place->start, place->size };

	if (place->is_device && !ioctl(place->fd, BLKZEROOUT, range))
		return 0;
	if (!place->is_device &&
	    (!fallocate(place->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, place->start,
			place->size) ||
	     !fallocate(place->fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, place->start,
			place->size)))
		return 0;
	return write_zeros(place->fd, place->start, place->size);
}

static int copy_range(struct tool *t, const struct mkfs_place *place, int temp, uint64_t off,
		      uint64_t end, char *buf)
{
	while (off < end) {
		size_t want = end - off < BUFFER_SIZE ? end - off : BUFFER_SIZE;
		ssize_t n = TEMP_FAILURE_RETRY(pread(temp, buf, want, off));
		int err = n <= 0 ? (n < 0 ? errno : EIO) :
			  write_all(place->fd, buf, n, place->start + off);

		if (err)
			return err;
		off += n;
		t->bytes += n;
		progress_show(t);
	}
	return 0;
}

static int copy_data(struct tool *t, const struct mkfs_place *place, int temp)
{
	char *buf = malloc(BUFFER_SIZE);
	uint64_t off = 0;
	int err = buf ? 0 : ENOMEM;

	while (!err && off < place->size) {
		off_t data = lseek(temp, off, SEEK_DATA), hole;

		if (data < 0 && errno == ENXIO)
			break;
		if (data < 0)		/* SEEK_DATA is not supported: treat all as data */
			data = off;
		hole = lseek(temp, data, SEEK_HOLE);
		if (hole <= data || (uint64_t)hole > place->size)
			hole = place->size;
		err = copy_range(t, place, temp, data, hole, buf);
		off = hole;
	}
	free(buf);
	return err;
}

bool mkfs_fill(struct tool *t, const struct mkfs_place *place, int temp)
{
	int err = clear(place);

	if (!err)
		err = copy_data(t, place, temp);
	if (!err && fsync(place->fd))
		err = errno;
	if (err && place->is_new)
		failed(t, place->given, err);
	else if (err)
		tool_error(t, "%s: only partly written, so it is not usable: %s", place->given,
			   strerror(err));
	return !err;
}
