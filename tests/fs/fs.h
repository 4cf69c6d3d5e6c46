/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fs.h - make and compare a tree of files on any file system
 *
 * The same code uses two tables of operations: one for the kernel in this process, and one for
 * the host, to make the source of a read-only image and to check a loop mount.  All functions
 * return 0 or a negative errno, with the message on stderr.
 */
#ifndef TESTS_FS_H
#define TESTS_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fs_stat {
	unsigned int mode, uid, gid, nlink, rdev_major, rdev_minor;
	uint64_t ino, size, blocks;	/* blocks of 512 bytes */
	int64_t mtime;
};

/* Paths are absolute.  Functions return -errno or the result of the call. */
struct fs_ops {
	long (*open)(const char *path, bool create);
	long (*close)(int fd);
	long (*pread)(int fd, void *buf, size_t len, uint64_t off);
	long (*pwrite)(int fd, const void *buf, size_t len, uint64_t off);
	long (*fsync)(int fd);
	long (*truncate)(const char *path, uint64_t size);
	long (*mkdir)(const char *path);
	long (*rmdir)(const char *path);
	long (*unlink)(const char *path);
	long (*rename)(const char *from, const char *to);
	long (*symlink)(const char *target, const char *path);
	long (*readlink)(const char *path, char *buf, size_t len);
	long (*link)(const char *from, const char *to);
	long (*mknod)(const char *path, unsigned int mode, unsigned int major, unsigned int minor);
	long (*chown)(const char *path, unsigned int uid, unsigned int gid);
	long (*chmod)(const char *path, unsigned int mode);
	long (*set_mtime)(const char *path, int64_t seconds);
	long (*setxattr)(const char *path, const char *name, const void *value, size_t len);
	long (*getxattr)(const char *path, const char *name, void *value, size_t len);
	long (*stat)(const char *path, struct fs_stat *st);
	/* Call @fn for each name except "." and ".."; stop at a result other than 0. */
	long (*list)(const char *path, int (*fn)(void *data, const char *name), void *data);
};

extern const struct fs_ops fs_kernel, fs_host;

/* A tree: its top directory, and the functions that access it. */
struct fs_tree {
	const struct fs_ops *ops;
	const char *top;
};

/* features.c */

/* One feature of a file system: make() writes files that use it, check() checks them. */
struct fs_feature {
	const char *name;
	int (*make)(const struct fs_tree *t);
	int (*check)(const struct fs_tree *t);
	const char *leftover[2];	/* files that a refused make() may leave */
};

extern const struct fs_feature fs_features[];
extern const size_t fs_nr_features;

/* Find a feature by its name, or NULL. */
const struct fs_feature *feature_find(const char *name);
/*
 * Check every feature for which standard input says "feature yes", and print the lines
 * with "lost" for missing features.
 */
int features_check(const struct fs_tree *t);

/* files.c: contents that are a function of a seed */

/* Write @len bytes of @seed at @off of a new or existing file. */
int file_write(const struct fs_tree *t, const char *name, unsigned int seed, uint64_t off,
	       size_t len);
/* Check that the file has @size bytes, and @len bytes of @seed at @off. */
int file_check(const struct fs_tree *t, const char *name, unsigned int seed, uint64_t off,
	       size_t len, uint64_t size);
/* The path of @name in the tree; valid during the next three calls. */
const char *tree_path(const struct fs_tree *t, const char *name);
/* Print what is wrong with @name and return @err, which must not be 0. */
int report_error(const char *name, const char *what, long err);

#endif /* TESTS_FS_H */
