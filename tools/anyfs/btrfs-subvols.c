// SPDX-License-Identifier: GPL-2.0
/*
 * btrfs-subvols.c - list the subvolumes of a btrfs
 *
 * The tree of roots has a back reference for each subvolume: the tree and directory it
 * lies in, and its name there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "btrfs-search.h"
#include "btrfs-subvols.h"

struct list {
	int fd;
	struct subvol *subvols;
	uint64_t *parents;		/* the tree that contains the subvolume */
	int nr;
};

/* Set args->name to the path of directory @dir in the tree @tree: "", or with a final slash. */
static long directory_path(int fd, uint64_t tree, uint64_t dir,
			   struct lkl_btrfs_ioctl_ino_lookup_args *args)
{
	memset(args, 0, sizeof(*args));
	args->treeid = tree;
	args->objectid = dir;
	return lkl_sys_ioctl(fd, LKL_BTRFS_IOC_INO_LOOKUP, (long)args);
}

static long append_subvol(struct list *l, uint64_t id, uint64_t parent, char *path)
{
	struct subvol *subvols = reallocarray(l->subvols, l->nr + 1, sizeof(*subvols));
	uint64_t *parents;

	if (subvols)
		l->subvols = subvols;
	parents = reallocarray(l->parents, l->nr + 1, sizeof(*parents));
	if (parents)
		l->parents = parents;
	if (!subvols || !parents)
		return -ENOMEM;
	l->subvols[l->nr] = (struct subvol){ .id = id, .path = path };
	l->parents[l->nr++] = parent;
	return 0;
}

/* Take the back reference @item. */
static long add_reference(void *data, const struct lkl_btrfs_ioctl_search_header *h,
			  const void *item)
{
	const struct lkl_btrfs_root_ref *ref = item;
	struct list *l = data;
	size_t name_len = ref->name_len;
	struct lkl_btrfs_ioctl_ino_lookup_args dir;
	char *path;
	long rc;

	if (h->type != LKL_BTRFS_ROOT_BACKREF_KEY)
		return 0;
	if (h->len < sizeof(*ref) || name_len > h->len - sizeof(*ref))
		return -EUCLEAN;
	rc = directory_path(l->fd, h->offset, ref->dirid, &dir);
	if (rc < 0)
		return rc;
	if (asprintf(&path, "%s%.*s", dir.name, (int)name_len, (const char *)(ref + 1)) < 0)
		return -ENOMEM;
	rc = append_subvol(l, h->objectid, h->offset, path);
	if (rc)
		free(path);
	return rc;
}

static long list_references(struct list *l)
{
	const struct lkl_btrfs_ioctl_search_key key = {
		.tree_id = LKL_BTRFS_ROOT_TREE_OBJECTID,
		.min_objectid = LKL_BTRFS_FIRST_FREE_OBJECTID,
		.max_objectid = LKL_BTRFS_LAST_FREE_OBJECTID,
		.min_type = LKL_BTRFS_ROOT_BACKREF_KEY,
		.max_type = LKL_BTRFS_ROOT_BACKREF_KEY,
		.max_offset = UINT64_MAX, .max_transid = UINT64_MAX,
	};

	return btrfs_search(l->fd, &key, add_reference, l);
}

static int find_id(const struct list *l, uint64_t id)
{
	int i = 0;

	while (i < l->nr && l->subvols[i].id != id)
		i++;
	return i < l->nr ? i : -1;
}

/* Prepend the paths of the subvolumes that contain subvolume @i to its path. */
static long complete_path(struct list *l, int i)
{
	int at = find_id(l, l->parents[i]);

	for (int depth = 0; at >= 0 && depth <= l->nr; depth++) {
		char *path;

		if (asprintf(&path, "%s/%s", l->subvols[at].path, l->subvols[i].path) < 0)
			return -ENOMEM;
		free(l->subvols[i].path);
		l->subvols[i].path = path;
		/* A parent with a smaller index already has its full path. */
		at = at < i ? -1 : find_id(l, l->parents[at]);
	}
	return 0;
}

int subvols_get(int fd, struct subvol **subvols)
{
	struct list l = { .fd = fd };
	long rc = list_references(&l);

	for (int i = 0; i < l.nr && !rc; i++)
		rc = complete_path(&l, i);
	free(l.parents);
	if (rc < 0) {
		subvols_free(l.subvols, l.nr);
		return rc;
	}
	*subvols = l.subvols;
	return l.nr;
}

void subvols_free(struct subvol *subvols, int nr)
{
	for (int i = 0; i < nr; i++)
		free(subvols[i].path);
	free(subvols);
}
