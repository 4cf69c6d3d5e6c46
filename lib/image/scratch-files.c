// SPDX-License-Identifier: GPL-2.0
/*
 * scratch-files.c - scratch files: unnamed temporary files of the host
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "error.h"
#include "scratch-files.h"
#include "unnamed-file.h"

#define DEFAULT_LIMIT	(64ull << 30)	/* bytes of an unpacked disk */
#define KEEP_BYTES	(1ull << 30)	/* upper limit of scratch.keep */

struct file {
	struct scratch scratch;		/* first member: struct scratch * points here too */
	struct scratch_set *set;
	struct blockdev *bd;		/* reads the file */
	int fd;				/* for writing */
	bool taken;			/* by scratch_set_take() */
};

struct scratch_set {
	_Atomic unsigned int refs;	/* the creator's, and one for each file in use */
	char *dir;			/* directory of the files; owned */
	int (*progress)(void *data, const char *name, uint64_t done, uint64_t total);
	void *progress_data;
	struct file files[SCRATCH_FILES];
};

static void put_set(struct scratch_set *set)
{
	if (!set || atomic_fetch_sub(&set->refs, 1) > 1)
		return;
	for (unsigned int i = 0; i < SCRATCH_FILES; i++) {
		blockdev_close(set->files[i].bd);
		if (set->files[i].fd >= 0)
			close(set->files[i].fd);
	}
	free(set->dir);
	free(set);
}

void scratch_set_free(struct scratch_set *set)
{
	put_set(set);
}

static int write_file(struct scratch *s, const void *buf, size_t len, uint64_t offset)
{
	const char *p = buf;

	while (len) {
		ssize_t n = pwrite(((struct file *)s)->fd, p, len, offset);

		if (n < 0 && errno != EINTR)
			return error_host(errno);
		if (n > 0) {
			p += n;
			len -= n;
			offset += n;
		}
	}
	return 0;
}

static int unpack_error(struct scratch *s, const char *name, int err)
{
	return error_set(err, "%s: cannot be unpacked to %s: %s; name another directory (--unpack-dir DIR)",
			 name, ((struct file *)s)->set->dir, error_name(err));
}

/* Write the last byte, so that the file has the size of the disk. */
static int make_disk(struct scratch *s, uint64_t size, const char *name, struct blockdev **bd)
{
	struct file *f = (struct file *)s;
	char *copy = strdup(name);
	char last = 0;
	int err;

	if (!copy)
		return error_set(-ENOMEM, "%s: out of memory", name);
	if (pread(f->fd, &last, 1, size - 1) < 1)
		last = 0;
	err = write_file(s, &last, 1, size - 1);
	if (err) {
		free(copy);
		return unpack_error(s, name, err);
	}
	free(f->bd->name);
	f->bd->name = copy;
	raw_set_size(f->bd, size);
	*bd = blockdev_get(f->bd);
	return 0;
}

static int progress(struct scratch *s, const char *name, uint64_t done, uint64_t total)
{
	struct scratch_set *set = ((struct file *)s)->set;

	return set->progress ? set->progress(set->progress_data, name, done, total) : 0;
}

static void put_scratch(struct scratch *s)
{
	put_set(((struct file *)s)->set);
}

static const struct scratch_ops ops = {
	.write = write_file, .disk = make_disk, .progress = progress, .put = put_scratch,
	.explain = unpack_error,
};

/* Leave space for parts that are read later, and for other programs: at most a quarter. */
static uint64_t keep_limit(int fd)
{
	struct statvfs st;
	uint64_t quarter = fstatvfs(fd, &st) ? 0 : (uint64_t)st.f_bavail * st.f_frsize / 4;

	return quarter < KEEP_BYTES ? quarter : KEEP_BYTES;
}

static int open_file(struct scratch_set *set, struct file *f, const char *name)
{
	f->fd = open_unnamed(set->dir);
	/* raw_open_fd() refuses an empty file. */
	if (f->fd < 0 || ftruncate(f->fd, 512) < 0)
		return error_set(error_host(errno), "%s: cannot be unpacked to %s: %s; name another directory (--unpack-dir DIR)",
				 name, set->dir, error_name(errno));
	f->set = set;
	f->scratch.ops = &ops;
	f->scratch.keep = keep_limit(f->fd);
	return raw_open_fd(f->fd, name, BLOCKDEV_NOLOCK, &f->bd);
}

int scratch_set_create(const char *name, const struct anyfs_disk_opts *opts,
		       struct scratch_set **out)
{
	const char *dir = opts->unpack_dir ? opts->unpack_dir : getenv("TMPDIR");
	struct scratch_set *set = calloc(1, sizeof(*set));
	int err = 0;

	if (!set)
		return error_set(-ENOMEM, "%s: out of memory", name);
	atomic_init(&set->refs, 1);
	set->progress = opts->unpack_progress;
	set->progress_data = opts->unpack_data;
	set->dir = strdup(dir && *dir ? dir : "/tmp");
	for (unsigned int i = 0; i < SCRATCH_FILES; i++)
		set->files[i].fd = -1;
	if (!set->dir)
		err = error_set(-ENOMEM, "%s: out of memory", name);
	for (unsigned int i = 0; i < SCRATCH_FILES && !err; i++) {
		set->files[i].scratch.limit = opts->unpack_limit ? opts->unpack_limit :
							      DEFAULT_LIMIT;
		err = open_file(set, &set->files[i], name);
	}
	if (err) {
		put_set(set);
		return err;
	}
	*out = set;
	return 0;
}

struct scratch *scratch_set_take(struct scratch_set *set, const struct blockdev *of)
{
	for (unsigned int i = 0; i < SCRATCH_FILES; i++)
		if (!set->files[i].taken) {
			set->files[i].taken = true;
			atomic_fetch_add(&set->refs, 1);
			return &set->files[i].scratch;
		}
	error_set(-EOPNOTSUPP, "%s: is compressed more than twice; unpack it first", of->name);
	return NULL;
}
