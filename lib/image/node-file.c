// SPDX-License-Identifier: GPL-2.0
/*
 * node-file.c - a disk image in a file system: "/p2/images/vm.qcow2!"
 *
 * The mark "!" after a file's name opens the file as a disk.  Such nodes are created when
 * a path names them.  If a file's own name ends in "!", the path means that file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "file-disk.h"
#include "kernel-syscalls.h"
#include "deferred-removal.h"
#include "node.h"

#define MARK	'!'

struct inner {
	unsigned int serial;		/* number of its directory below MOUNT_BASE */
	uint64_t fs, inode;		/* identify the file by device and inode number */
	bool is_open;
	struct file_disk disk;
};

/* ---- Finding the file ------------------------------------------------------------------ */

/* Open @path in the file system @n; symbolic links are resolved inside it. */
static int64_t open_file(const struct anyfs_node *n, const char *path, int flags)
{
	struct lkl_open_how how = {
		.flags = flags | LKL_O_CLOEXEC,
		.resolve = LKL_RESOLVE_IN_ROOT | LKL_RESOLVE_NO_MAGICLINKS,
	};

	return k_openat2(n->image->ks->k, filesystem_root(n), path, &how);
}

static int64_t stat_file(const struct anyfs_node *n, const char *path, struct lkl_statx *stx)
{
	struct anyfs_kernel *k = n->image->ks->k;
	int64_t fd = open_file(n, path, LKL_O_PATH), rc;

	if (fd < 0)
		return fd;
	rc = ksys(k, __lkl__NR_statx, fd, KPTR(""), LKL_AT_EMPTY_PATH,
		  LKL_STATX_TYPE | LKL_STATX_INO, KPTR(stx));
	k_close(k, fd);
	return rc;
}

static struct anyfs_node *same_file(const struct anyfs_node *fs, uint64_t dev, uint64_t inode)
{
	struct anyfs_node *c = fs->children;

	for (; c; c = c->next) {
		const struct inner *in = c->data;

		if (in->fs == dev && in->inode == inode)
			return c;
	}
	return NULL;
}

/* Add the node of the file @path, the name before the mark. */
static int add_file(struct anyfs_node *fs, const char *path, const struct lkl_statx *stx,
		    struct anyfs_node **file)
{
	static unsigned int last;
	uint64_t dev = (uint64_t)stx->stx_dev_major << 32 | stx->stx_dev_minor;
	struct inner *in;
	char *name;

	*file = same_file(fs, dev, stx->stx_ino);
	if (*file)
		return 0;
	in = calloc(1, sizeof(*in));
	if (!in || asprintf(&name, "%s%c", path, MARK) < 0) {
		free(in);
		return error_set(-ENOMEM, "%s: out of memory", fs->object);
	}
	*file = node_add(fs->image, fs, &node_file, name);
	free(name);
	if (!*file) {
		free(in);
		return -ENOMEM;
	}
	in->serial = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
	in->fs = dev;
	in->inode = stx->stx_ino;
	(*file)->data = in;
	return 0;
}

/* Find the end of the first component after @from that ends in the mark; or NULL. */
static const char *find_mark(const char *from)
{
	for (const char *p = from; (p = strchr(p, MARK)); p++)
		if ((p[1] == '/' || !p[1]) && p > from && p[-1] != '/')
			return p;
	return NULL;
}

static int find_file(struct anyfs_node *fs, const char *path, const char *mark,
		     struct anyfs_node **file)
{
	char *name = strndup(path, mark - path + 1);
	struct lkl_statx stx;
	int64_t rc;

	*file = NULL;
	if (!name)
		return error_set(-ENOMEM, "%s: out of memory", fs->object);
	rc = stat_file(fs, name, &stx);
	if (rc == -ENOENT) {
		name[mark - path] = '\0';
		rc = stat_file(fs, name, &stx);
		if (rc >= 0 && !LKL_S_ISREG(stx.stx_mode))
			rc = error_set(-EINVAL, "%s: %s: only a regular file can be opened as a disk",
				       fs->object, name);
		else if (rc < 0)
			error_set(rc, "%s: %s: %s", fs->object, name, error_name(rc));
		else
			rc = add_file(fs, name, &stx, file);
	} else {
		rc = 0;		/* a file has that name; its open reports other errors */
	}
	free(name);
	return rc;
}

int node_inner_file(struct anyfs_node *fs, const char *path, struct anyfs_node **file,
		    const char **rest)
{
	int rc = 0;

	*file = NULL;
	for (const char *mark = find_mark(path); mark && !rc; mark = find_mark(mark + 1)) {
		rc = node_open(fs);
		if (!rc)
			rc = find_file(fs, path, mark, file);
		if (*file) {
			*rest = mark + 1;
			break;
		}
	}
	return rc;
}

/* ---- The node ---------------------------------------------------------------------------- */

static int file_open(struct anyfs_node *n)
{
	struct anyfs_kernel *k = n->image->ks->k;
	struct inner *in = n->data;
	char *path = strndup(n->name, strlen(n->name) - 1);
	int64_t fd = path ? open_file(n->parent, path, LKL_O_RDWR) : -ENOMEM;
	bool can_write = fd >= 0;
	int rc;

	if (path && (fd == -EROFS || fd == -EACCES || fd == -EPERM))
		fd = open_file(n->parent, path, LKL_O_RDONLY);
	free(path);
	if (fd < 0)
		return kstate_error(k, fd, n->object);
	rc = file_disk_open(k, fd, can_write, n->object, &in->disk);
	if (rc)
		return rc;
	rc = device_open(k, in->disk.dev, false, &n->dev);
	if (rc) {
		file_disk_close(&in->disk);
		file_disk_free(&in->disk);
		return kstate_error(k, rc, n->object);
	}
	in->is_open = true;
	n->has_dev = true;
	return 0;
}

static int file_shadow(struct anyfs_node *n, uint64_t *dev)
{
	const struct inner *in = n->data;
	int rc = file_disk_shadow(&in->disk, dev);

	return rc ? kstate_error(n->image->ks->k, rc, n->object) : 0;
}

static int file_close(struct anyfs_node *n)
{
	struct inner *in = n->data;
	int rc = 0;

	device_close(&n->dev);
	if (in->is_open)
		rc = file_disk_close(&in->disk);
	if (rc == -EBUSY && in->disk.bd) {
		removal_defer(n->image->ks, &(struct removal){
			.disk = in->disk.disk, .bd = in->disk.bd, .fd = in->disk.fd });
		in->disk.bd = NULL;
	}
	file_disk_free(&in->disk);
	in->is_open = false;
	return rc ? error_set(rc, "%s: it is still in use", n->object) : 0;
}

static void file_free(struct anyfs_node *n)
{
	struct inner *in = n->data;

	file_disk_free(&in->disk);
	free(in);
	n->data = NULL;
}

const struct node_kind node_file = {
	.id = ANYFS_NODE_FILE,
	.open = file_open,
	.shadow = file_shadow,
	.close = file_close,
	.free = file_free,
};

unsigned int node_file_serial(const struct anyfs_node *n)
{
	return ((const struct inner *)n->data)->serial;
}
