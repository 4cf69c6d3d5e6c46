// SPDX-License-Identifier: GPL-2.0
/*
 * attr.c - attributes of files, and the entries that a lookup returns
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include "fusefs.h"

static const struct config *cfg;

void attr_init(const struct config *config)
{
	cfg = config;
}

const struct config *attr_config(void)
{
	return cfg;
}

/*
 * One mount of the host may contain several file systems, and subvolumes, that use the
 * same inode numbers.  The first device keeps its numbers; those of the others get an
 * index in high bits that file systems do not reach.
 */
#define INO_SHIFT	48

static struct {
	pthread_mutex_t lock;
	struct device { const struct fsys *fs; uint64_t dev; } *seen;
	unsigned int nr;
} devices = { .lock = PTHREAD_MUTEX_INITIALIZER };

static unsigned int device_index(const struct fsys *fs, uint64_t dev)
{
	struct device *more;
	unsigned int i;

	pthread_mutex_lock(&devices.lock);
	for (i = 0; i < devices.nr; i++)
		if (devices.seen[i].fs == fs && devices.seen[i].dev == dev)
			break;
	if (i == devices.nr) {
		more = reallocarray(devices.seen, i + 1, sizeof(*more));
		if (more) {
			devices.seen = more;
			devices.seen[i] = (struct device){ fs, dev };
			devices.nr++;
		}
	}
	pthread_mutex_unlock(&devices.lock);
	return i;
}

static uint64_t stx_dev(const struct lkl_statx *stx)
{
	return makedev(stx->stx_dev_major, stx->stx_dev_minor);
}

uint64_t attr_ino(const struct fsys *fs, const struct lkl_statx *stx)
{
	uint64_t dev;

	if (!fs)
		return stx->stx_ino;
	dev = stx_dev(stx);
	return stx->stx_ino ^ (uint64_t)(dev == fs->dev ? fs->index : device_index(fs, dev))
		<< INO_SHIFT;
}

uint64_t attr_node_ino(const struct node *n, const struct lkl_statx *stx)
{
	uint64_t ino = kept_ino(n);

	return ino ? ino : attr_ino(n->fs, stx);
}

void attr_number_fs(struct fsys *fs, const struct lkl_statx *root)
{
	fs->dev = stx_dev(root);
	fs->index = device_index(fs, fs->dev);
}

static struct timespec to_timespec(const struct lkl_statx_timestamp *ts)
{
	return (struct timespec){ .tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec };
}

void attr_stat(const struct fsys *fs, const struct lkl_statx *stx, struct stat *st)
{
	memset(st, 0, sizeof(*st));
	st->st_ino = attr_ino(fs, stx);
	st->st_mode = stx->stx_mode;
	if (cfg->map_mode && !S_ISLNK(st->st_mode))
		st->st_mode &= ~cfg->umask;
	st->st_nlink = stx->stx_nlink;
	st->st_uid = cfg->map_uid ? cfg->uid : stx->stx_uid;
	st->st_gid = cfg->map_gid ? cfg->gid : stx->stx_gid;
	st->st_rdev = makedev(stx->stx_rdev_major, stx->stx_rdev_minor);
	st->st_size = stx->stx_size;
	st->st_blksize = stx->stx_blksize;
	st->st_blocks = stx->stx_blocks;
	st->st_atim = to_timespec(&stx->stx_atime);
	st->st_mtim = to_timespec(&stx->stx_mtime);
	st->st_ctim = to_timespec(&stx->stx_ctime);
}

void attr_node_stat(const struct node *n, const struct lkl_statx *stx, struct stat *st)
{
	attr_stat(n->fs, stx, st);
	st->st_ino = attr_node_ino(n, stx);
}

double attr_timeout(const struct node *n)
{
	/* The attributes of a partition's root are unknown until the partition is entered. */
	return n->role == NODE_VOLUME && !n->fs ? 0 : FOREVER;
}

/*
 * Where "a" and "A" are the same file, making or removing one of the names changes the
 * other one too: the host must not cache them.
 */
double entry_timeout(const struct node *dir)
{
	if (dir->fs->readonly)
		return FOREVER;
	return dir->fs->folds_case || dir->folds_case ? 0 : FOREVER;
}

int node_statx(struct node *n, unsigned int mask, struct lkl_statx *stx)
{
	int fd, rc;

	if (!n->fs) {
		virtual_stat(n, stx);
		return 0;
	}
	fd = node_fd(n);
	if (fd < 0)
		return fd;
	rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, mask, stx);
	node_fd_put(n);
	return rc;
}

static int key_by_handle(int dirfd, const char *name, int flags, struct node_key *key)
{
	union {
		struct file_handle fh;
		char space[sizeof(struct file_handle) + NODE_HANDLE_MAX];
	} u;
	int mount_id, rc;

	u.fh.handle_bytes = NODE_HANDLE_MAX;
	rc = lkl_sys_name_to_handle_at(dirfd, name, (struct lkl_file_handle *)&u.fh, &mount_id,
				       flags);
	if (rc < 0)
		return rc;
	memcpy(key->bytes, &u.fh.handle_type, sizeof(int));
	memcpy(key->bytes + sizeof(int), u.fh.f_handle, u.fh.handle_bytes);
	key->len = sizeof(int) + u.fh.handle_bytes;
	return 0;
}

static void key_by_number(const struct lkl_statx *stx, struct node_key *key)
{
	const uint64_t what[2] = { stx->stx_ino, stx_dev(stx) };

	memcpy(key->bytes, what, sizeof(what));
	key->len = sizeof(what);
	key->type = stx->stx_mode & S_IFMT;
}

static int look_with_handle(int dirfd, const char *name, struct node_key *key,
			    struct lkl_statx *stx)
{
	int rc = key_by_handle(dirfd, name, 0, key);

	if (!rc)
		rc = lkl_sys_statx(dirfd, name, LKL_AT_SYMLINK_NOFOLLOW, ATTR_MASK, stx);
	key->type = rc ? 0 : stx->stx_mode & S_IFMT;
	return rc;
}

int entry_look(const struct node *dir, int dirfd, const char *name, struct node_key *key,
	       struct lkl_statx *stx)
{
	int rc;

	key->fd = -1;
	key->dir = dir;
	key->name = name;
	if (dir->fs->handles)
		return look_with_handle(dirfd, name, key, stx);
	key->fd = lkl_sys_openat(dirfd, name, LKL_O_PATH | LKL_O_NOFOLLOW | LKL_O_CLOEXEC, 0);
	if (key->fd < 0)
		return key->fd;
	rc = lkl_sys_statx(key->fd, "", LKL_AT_EMPTY_PATH, ATTR_MASK, stx);
	if (rc < 0)
		lkl_sys_close(key->fd);
	else
		key_by_number(stx, key);
	return rc;
}

int entry_look_fd(struct fsys *fs, int fd, struct node_key *key, struct lkl_statx *stx)
{
	int rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, ATTR_MASK, stx);

	key->fd = -1;
	key->name = NULL;
	if (rc < 0)
		return rc;
	key->type = stx->stx_mode & S_IFMT;
	if (fs->handles)
		return key_by_handle(fd, "", LKL_AT_EMPTY_PATH, key);
	key_by_number(stx, key);
	key->fd = lkl_sys_dup(fd);
	return key->fd < 0 ? key->fd : 0;
}

int entry_fill(struct fsys *fs, struct node_key *key, const struct lkl_statx *stx,
	       struct fuse_entry_param *e, struct node **node)
{
	struct node *n = node_lookup(fs, key);

	if (!n)
		return -ENOMEM;
	e->ino = n->id;
	e->generation = 0;		/* an id is never used again */
	attr_node_stat(n, stx, &e->attr);
	e->attr_timeout = FOREVER;
	e->entry_timeout = FOREVER;
	if (node)
		*node = n;
	else
		node_put(n);
	return 0;
}

int entry_lookup(struct node *dir, int dirfd, const char *name, struct fuse_entry_param *e)
{
	struct node_key key;
	struct lkl_statx stx;
	int rc = entry_look(dir, dirfd, name, &key, &stx);

	if (rc < 0)
		return rc;
	rc = entry_fill(dir->fs, &key, &stx, e, NULL);
	e->entry_timeout = entry_timeout(dir);
	return rc;
}
