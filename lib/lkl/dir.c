// SPDX-License-Identifier: GPL-2.0
/*
 * dir.c - read directories entry by entry
 *
 * A directory remembers its kernel, so that it can be read and closed while another
 * kernel is the thread's current one, and freed after its kernel was halted.
 */
#include <errno.h>
#include <stdlib.h>
#include "internal.h"

#define BUFFER_BYTES	(32 << 10)

struct lkl_dir {
	struct anyfs_kernel *k;
	uint64_t kernel;		/* host_kernel_id() of k */
	int fd;				/* of the directory, in k */
	int err;			/* of the last operation: lkl_errdir() */
	long len;			/* bytes in entries */
	long pos;			/* offset of the next entry */
	char entries[BUFFER_BYTES] __attribute__((aligned(8)));
};

/*
 * Make the directory's kernel the thread's current one and store the previous one in
 * *@previous.  False if the directory's kernel was halted.
 */
static bool use_kernel_of(struct lkl_dir *dir, struct anyfs_kernel **previous)
{
	if (!host_kernel_exists(dir->kernel)) {
		error_set(-ENODEV, "directory: its kernel was halted");
		return false;
	}
	*previous = host_kernel_set_current(dir->k);
	return true;
}

static struct lkl_dir *dir_new(int fd)
{
	struct lkl_dir *dir = malloc(sizeof(*dir));

	if (!dir)
		return NULL;
	dir->k = host_kernel_current();
	dir->kernel = host_kernel_id(dir->k);
	dir->fd = fd;
	dir->err = 0;
	dir->len = dir->pos = 0;
	return dir;
}

static struct lkl_dir *return_dir(struct lkl_dir *dir, int *err, int rc)
{
	if (err)
		*err = rc;
	return dir;
}

struct lkl_dir *lkl_fdopendir(int fd, int *err)
{
	struct lkl_stat st;
	struct lkl_dir *dir;
	long rc = lkl_sys_fstat(fd, &st);

	if (rc < 0)
		return return_dir(NULL, err, rc);
	if (!LKL_S_ISDIR(st.st_mode))
		return return_dir(NULL, err, -LKL_ENOTDIR);
	dir = dir_new(fd);
	return return_dir(dir, err, dir ? 0 : -LKL_ENOMEM);
}

struct lkl_dir *lkl_opendir(const char *path, int *err)
{
	long fd = lkl_sys_open(path, LKL_O_RDONLY | LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);
	struct lkl_dir *dir;

	if (fd < 0)
		return return_dir(NULL, err, fd);
	dir = dir_new(fd);
	if (!dir)
		lkl_sys_close(fd);
	return return_dir(dir, err, dir ? 0 : -LKL_ENOMEM);
}

/* Read more entries.  Returns their number of bytes, 0 at the end, or -errno. */
static long refill(struct lkl_dir *dir)
{
	struct anyfs_kernel *previous;
	long rc;

	if (!use_kernel_of(dir, &previous))
		return -ENODEV;
	rc = lkl_sys_getdents64(dir->fd, (struct lkl_linux_dirent64 *)dir->entries, BUFFER_BYTES);
	host_kernel_set_current(previous);
	return rc;
}

struct lkl_linux_dirent64 *lkl_readdir(struct lkl_dir *dir)
{
	struct lkl_linux_dirent64 *entry;

	if (dir->pos >= dir->len) {
		long rc = refill(dir);

		dir->pos = dir->len = 0;
		if (rc <= 0) {
			dir->err = rc;
			return NULL;
		}
		dir->len = rc;
	}
	entry = (struct lkl_linux_dirent64 *)(dir->entries + dir->pos);
	dir->pos += entry->d_reclen;
	return entry;
}

int lkl_errdir(struct lkl_dir *dir)
{
	return dir->err;
}

void lkl_rewinddir(struct lkl_dir *dir)
{
	struct anyfs_kernel *previous;
	long rc = -ENODEV;

	if (use_kernel_of(dir, &previous)) {
		rc = lkl_sys_lseek(dir->fd, 0, LKL_SEEK_SET);
		host_kernel_set_current(previous);
	}
	dir->len = dir->pos = 0;
	dir->err = rc < 0 ? rc : 0;
}

int lkl_dirfd(struct lkl_dir *dir)
{
	return dir->fd;
}

int lkl_closedir(struct lkl_dir *dir)
{
	struct anyfs_kernel *previous;
	int rc = 0;

	if (!dir)
		return 0;
	if (use_kernel_of(dir, &previous)) {
		rc = lkl_sys_close(dir->fd);
		host_kernel_set_current(previous);
	}
	free(dir);
	return rc;
}
