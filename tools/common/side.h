/* SPDX-License-Identifier: GPL-2.0 */
/*
 * side.h - one interface to the files of the host and to those of the image
 *
 * Copying code calls these functions for source and destination and need not know the
 * direction.  Names are relative to a directory's descriptor, and symbolic links are not
 * followed.  Functions return a value >= 0 or -errno with Linux's numbers on both sides.
 * Constants are those of the image's kernel (lkl/...).
 */
#ifndef ANYFS_SIDE_H
#define ANYFS_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <lkl.h>
#include <lkl/linux/stat.h>

/* A file, given by its descriptor if @fd >= 0, else by directory and name. */
struct side_file {
	int dir;
	const char *name;		/* "." for the directory itself */
	int fd;
};

struct side {
	bool is_image;

	long (*stat)(int dir, const char *name, struct lkl_statx *stx);	/* fills ENTRY_MASK */
	long (*stat_file)(const struct side_file *f, struct lkl_statx *stx);	/* the same */
	long (*open_file)(int dir, const char *name);	/* to read; does not block on a FIFO */
	long (*open_dir)(int dir, const char *name);
	long (*create)(int dir, const char *name);	/* to write, mode 0600; -EEXIST */
	long (*close)(int fd);

	long (*read)(int fd, void *buf, size_t len);
	long (*pread)(int fd, void *buf, size_t len, uint64_t off);
	long (*pwrite)(int fd, const void *buf, size_t len, uint64_t off);
	int64_t (*seek)(int fd, uint64_t off, int whence);	/* LKL_SEEK_* */
	long (*truncate)(int fd, uint64_t size);
	long (*store)(int fd);		/* write the data before a rename; or NULL */
	long (*getdents)(int fd, void *buf, size_t len);

	long (*mkdir)(int dir, const char *name, unsigned int mode);
	long (*link)(int from_dir, const char *from, int to_dir, const char *to);
	long (*symlink)(const char *target, int dir, const char *name);
	long (*mknod)(int dir, const char *name, unsigned int mode, unsigned int major,
		      unsigned int minor);
	long (*readlink)(int dir, const char *name, char *buf, size_t len);
	long (*rename)(int from_dir, const char *from, int to_dir, const char *to);
	long (*unlink)(int dir, const char *name);
	long (*rmdir)(int dir, const char *name);

	long (*chown)(const struct side_file *f, uint32_t uid, uint32_t gid);
	long (*chmod)(const struct side_file *f, unsigned int mode);	/* not for symbolic links */
	long (*utimes)(const struct side_file *f, const struct timespec times[2]);
	long (*listxattr)(const struct side_file *f, char *names, size_t len);
	long (*getxattr)(const struct side_file *f, const char *key, void *value, size_t len);
	long (*setxattr)(const struct side_file *f, const char *key, const void *value,
			 size_t len);
	long (*removexattr)(const struct side_file *f, const char *key);
};

extern const struct side side_host, side_image;

#endif /* ANYFS_SIDE_H */
