// SPDX-License-Identifier: GPL-2.0
/*
 * node-mount-point.c - directories for the tree in the kernel's root file system
 *
 * A node that lists children is a directory, with a subdirectory for each child.  A file
 * system is mounted on the directory of its path, or, if that path is too long, on a
 * directory whose name is a number: a mount point has at most 63 characters (AnyfsMount).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "kernel-syscalls.h"
#include "node.h"
#include <lkl/linux/mount.h>

#define MOUNT_POINT_MAX	64u
#define FILES_MAX	"1000000"

/* Find the nearest of @n and its ancestors that is a disk image in a file; NULL: none is. */
static const struct anyfs_node *inner_image(const struct anyfs_node *n)
{
	while (n && n->kind != &node_file)
		n = n->parent;
	return n;
}

/*
 * A mounted file system hides everything below its mount point, so disk images in its files need
 * mount points elsewhere.
 */
static int path_of(const struct anyfs_node *n, char *point, size_t len)
{
	const struct anyfs_node *inner = inner_image(n);

	if (!inner)
		return snprintf(point, len, "%s%s", n->image->root, n->path[1] ? n->path : "");
	return snprintf(point, len, MOUNT_BASE "/file%u%s", node_file_serial(inner),
			n->path + strlen(inner->path));
}

int node_point(const struct anyfs_node *n, char *point, size_t len)
{
	int n_len;

	if (n->kind == &node_filesystem && n->state == ANYFS_NODE_OPEN)
		n_len = snprintf(point, len, "%s", filesystem_point(n));
	else
		n_len = path_of(n, point, len);
	if ((size_t)n_len >= len)
		return error_set(-ENAMETOOLONG, "%s: its path is too long", n->object);
	return 0;
}

/*
 * The number of files of the kernel's root file system, a tmpfs, is limited in proportion to the
 * memory, but a volume group can have more volumes.
 */
static int64_t allow_many_files(struct anyfs_kernel *k)
{
	return ksys(k, __lkl__NR_mount, KPTR("none"), KPTR("/"), KPTR(""), LKL_MS_REMOUNT,
		    KPTR("nr_inodes=" FILES_MAX));
}

static int make_directory(struct anyfs_kernel *k, const char *path, const char *object)
{
	int64_t rc = k_mkdir(k, path, 0755);

	if (rc == -ENOSPC && !allow_many_files(k))
		rc = k_mkdir(k, path, 0755);
	return rc < 0 && rc != -EEXIST ? kstate_error(k, rc, object) : 0;
}

/* Create @point, which is below MOUNT_BASE, and all directories above it. */
static int make_directories(struct anyfs_kernel *k, char *point, const char *object)
{
	int rc = 0;

	for (char *slash = strchr(point + 1, '/'); slash && !rc; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		rc = make_directory(k, point, object);
		*slash = '/';
	}
	return rc ? rc : make_directory(k, point, object);
}

int node_make_point(const struct anyfs_node *n, char *point, size_t len)
{
	int rc = node_point(n, point, len);

	return rc ? rc : make_directories(n->image->ks->k, point, n->object);
}

int node_make_mount_point(const struct anyfs_node *n, char *point)
{
	static unsigned int last;
	char path[NODE_POINT_MAX];
	int rc = node_point(n, path, sizeof(path));

	if (rc)
		return rc;
	if (strlen(path) < MOUNT_POINT_MAX)
		snprintf(point, NODE_POINT_MAX, "%s", path);
	else
		snprintf(point, NODE_POINT_MAX, MOUNT_BASE "/n%u",
			 __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED));
	return make_directories(n->image->ks->k, point, n->object);
}

void node_remove_points(struct anyfs_node *n)
{
	char point[NODE_POINT_MAX];

	for (struct anyfs_node *c = n->children; c; c = c->next)
		node_remove_points(c);
	if ((*n->name || !n->parent) && !node_point(n, point, sizeof(point)))
		k_unlink(n->image->ks->k, point, LKL_AT_REMOVEDIR);
}
