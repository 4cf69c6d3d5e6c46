// SPDX-License-Identifier: GPL-2.0
/*
 * node-fd.c - descriptors of nodes
 *
 * A descriptor keeps a file's inode and dentry in the library kernel's memory, which is
 * small.  So only the most recently used descriptors stay open; others are opened
 * again when needed.  A file without a name cannot be opened again: its descriptor is
 * pinned.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fusefs.h"
#include "kept-files.h"
#include "node-fd.h"
#include <lkl/linux/fs.h>
#include <lkl/linux/resource.h>

/* Nodes whose descriptor may be closed: a ring, least recently used first. */
static struct {
	struct node head;
	unsigned int nr, max;
} cache;

void node_fds_init(unsigned int max)
{
	cache.head.newer = cache.head.older = &cache.head;
	cache.max = max;
}

static void ring_add(struct node *n)
{
	n->newer = &cache.head;
	n->older = cache.head.older;
	n->older->newer = n;
	cache.head.older = n;
	cache.nr++;
}

static void ring_remove(struct node *n)
{
	if (!n->newer)
		return;
	n->newer->older = n->older;
	n->older->newer = n->newer;
	n->newer = n->older = NULL;
	cache.nr--;
}

void node_fd_uncache(struct node *n)
{
	ring_remove(n);
}

/* Remove a descriptor beyond the limit from the cache and return it, or -1.  Table locked. */
static int ring_shrink(void)
{
	struct node *n;
	int fd;

	if (cache.nr <= cache.max)
		return -1;
	for (n = cache.head.newer; n != &cache.head; n = n->newer) {
		if (n->fd_users)
			continue;
		fd = n->fd;
		n->fd = -1;
		ring_remove(n);
		return fd;
	}
	return -1;
}

int handle_open(const struct fsys *fs, const uint8_t *key, uint32_t len, int flags)
{
	union {
		struct file_handle fh;
		char space[sizeof(struct file_handle) + NODE_HANDLE_MAX];
	} u;

	/* The key consists of the type and the bytes of the handle: see entry_look(). */
	memcpy(&u.fh.handle_type, key, sizeof(int));
	u.fh.handle_bytes = len - sizeof(int);
	memcpy(u.fh.f_handle, key + sizeof(int), u.fh.handle_bytes);
	return lkl_sys_open_by_handle_at(fs->root, (struct lkl_file_handle *)&u.fh, flags);
}

static int open_again(int fd, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return lkl_sys_openat(LKL_AT_FDCWD, path, flags & ~LKL_O_NOFOLLOW, 0);
}

int node_open(struct node *n, int flags)
{
	int fd;

	if (n->role)
		return lkl_sys_openat(n->fs->root, ".", flags, 0);
	if (n->kept) {
		fd = kept_reopen(n);
		return fd < 0 ? fd : open_again(n->path_fd, flags);
	}
	if (n->pins) {
		/* The file may have lost its last name, and then its handle is invalid. */
		fd = node_fd(n);
		if (fd < 0)
			return fd;
		fd = open_again(fd, flags);
		node_fd_put(n);
		return fd;
	}
	return handle_open(n->fs, n->key, n->key_len, flags);
}

static int open_dir(struct node *n)
{
	int fd = node_open(n, LKL_O_RDONLY | LKL_O_DIRECTORY | LKL_O_CLOEXEC), flags = 0;

	if (fd >= 0 && n->fs->has_casefold_flag &&
	    !lkl_sys_ioctl(fd, LKL_FS_IOC_GETFLAGS, (unsigned long)&flags))
		n->folds_case = flags & LKL_FS_CASEFOLD_FL;
	return fd;
}

static int open_for_cache(struct node *n)
{
	int flags = LKL_O_CLOEXEC | LKL_O_NOFOLLOW, fd;

	if (n->type == S_IFDIR)
		return open_dir(n);
	if (n->type == S_IFREG) {
		fd = node_open(n, flags | LKL_O_RDONLY | LKL_O_LARGEFILE);
		/* Cannot be opened (encrypted, for example): O_PATH still gives its attributes. */
		if (fd >= 0 || fd == -ESTALE || fd == -EIO || fd == -ENOMEM)
			return fd;
	}
	return node_open(n, flags | LKL_O_PATH);
}

/* Use the cached descriptor, if there is one.  Table locked. */
static int use_cached(struct node *n)
{
	if (n->fd < 0)
		return -1;
	n->fd_users++;
	if (n->newer) {
		ring_remove(n);
		ring_add(n);
	}
	return n->fd;
}

int node_fd(struct node *n)
{
	int fd, mine, extra;

	table_lock();
	fd = use_cached(n);
	table_unlock();
	if (fd >= 0)
		return fd;
	mine = open_for_cache(n);
	if (mine < 0)
		return mine;
	table_lock();
	fd = use_cached(n);
	if (fd >= 0) {
		extra = mine;		/* another thread has cached one meanwhile */
	} else {
		fd = n->fd = mine;
		n->fd_users = 1;
		ring_add(n);
		extra = ring_shrink();
	}
	table_unlock();
	if (extra >= 0)
		lkl_sys_close(extra);
	return fd;
}

void node_fd_put(struct node *n)
{
	table_lock();
	n->fd_users--;
	table_unlock();
}

int node_pin(struct node *n)
{
	int fd = node_fd(n);

	if (fd < 0)
		return fd;
	table_lock();
	n->fd_users--;
	n->pins++;
	ring_remove(n);
	table_unlock();
	return 0;
}

void node_unpin(struct node *n)
{
	table_lock();
	if (!--n->pins)
		ring_add(n);
	table_unlock();
}

void node_give_fd(struct node *n, int fd)
{
	table_lock();
	n->fd = fd;
	n->pins++;
	table_unlock();
}

/* ---- Files that the host has open ---- */

/*
 * When the mount ends, the host does not report the closing of files that are still
 * open, so they are recorded here, a byte per descriptor.  Under the table's lock.
 */
static struct {
	uint8_t *open;
	unsigned int size;
	unsigned int nr, max;
} files;

void files_init(void)
{
	struct lkl_rlimit64 limit;
	unsigned int max = UINT_MAX;

	if (!lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, NULL, (void *)&limit) &&
	    limit.rlim_cur < UINT_MAX)
		max = limit.rlim_cur;
	/* Leave a quarter for descriptors that other requests need. */
	files.max = max - max / 4;
	kept_init(max);
}

/* Table locked. */
static bool is_full(void)
{
	return files.nr + kept_count() >= files.max;
}

bool files_are_full(void)
{
	bool rc;

	table_lock();
	rc = is_full();
	table_unlock();
	return rc;
}

/* Make the array large enough for @fd.  Table locked. */
static bool grow_files(int fd)
{
	unsigned int size = fd + 1024u;
	uint8_t *more;

	if ((unsigned int)fd < files.size)
		return true;
	more = realloc(files.open, size);
	if (!more)
		return false;
	memset(more + files.size, 0, size - files.size);
	files.open = more;
	files.size = size;
	return true;
}

int file_opened(int fd)
{
	int rc = 0;

	table_lock();
	if (is_full()) {
		rc = -ENFILE;
	} else if (!grow_files(fd)) {
		rc = -ENOMEM;
	} else {
		files.open[fd] = 1;
		files.nr++;
	}
	table_unlock();
	return rc;
}

void file_close(int fd)
{
	table_lock();
	files.open[fd] = 0;
	files.nr--;
	table_unlock();
	lkl_sys_close(fd);
}

static void count_writer(uint64_t ino, int flags, int change)
{
	struct node *n;

	if ((flags & LKL_O_ACCMODE) == LKL_O_RDONLY)
		return;
	n = node_ref(ino);
	if (!n)
		return;			/* the host forgot the node before it closed the file */
	__atomic_add_fetch(&n->writers, change, __ATOMIC_ACQ_REL);
	node_put(n);
}

void node_opened(uint64_t ino, int flags)
{
	count_writer(ino, flags, 1);
}

void node_closed(uint64_t ino, int flags)
{
	count_writer(ino, flags, -1);
}

bool node_is_written(uint64_t ino)
{
	struct node *n = node_ref(ino);
	bool written = n && __atomic_load_n(&n->writers, __ATOMIC_ACQUIRE);

	if (n)
		node_put(n);
	return written;
}

void files_close(void)
{
	for (unsigned int fd = 0; fd < files.size; fd++)
		if (files.open[fd])
			file_close(fd);
}
