// SPDX-License-Identifier: GPL-2.0
/*
 * image.c - images of a kernel, and the namespace of each
 *
 * The first components of a path select a node of the tree (node.h), the rest is a path in
 * the file system of that node.  Nodes that list children are directories below
 * /lklmnt/disk<id> in the kernel's root file system; each file system is mounted there
 * when a path first enters it.  openat2() resolves the rest inside the file system, so
 * that neither ".." nor a symbolic link leads out of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernel-syscalls.h"
#include "deferred-removal.h"
#include "node.h"
#include "options.h"
#include "part-name.h"
#include "source.h"
#include "volume-opts.h"
#include <lkl/linux/mount.h>

static void image_free(struct anyfs_image *im)
{
	if (im->tree)
		node_free(im->tree);
	kstate_put(im->ks);
	free(im->name);
	free(im->fstype);
	free(im->opts);
	free(im->subvol);
	free(im);
}

const char *image_name(const struct anyfs_image *im)
{
	return im->name;
}

void image_note(struct anyfs_image *im, const char *object, const char *note)
{
	char text[1024];

	if (!*note || !im->note)
		return;
	snprintf(text, sizeof(text), "%s: %s", object, note);
	im->note(im->note_data, text);
}

/* Takes over the reference @ks, also on failure. */
static struct anyfs_image *image_new(struct kstate *ks, const char *name)
{
	struct anyfs_image *im = calloc(1, sizeof(*im));
	char *copy = strdup(name);

	if (!im || !copy) {
		free(im);
		free(copy);
		kstate_put(ks);
		error_set(-ENOMEM, "%s: out of memory", name);
		return NULL;
	}
	im->ks = ks;
	im->name = copy;
	im->tree = node_add(im, NULL, &node_disk, "");
	if (!im->tree) {
		image_free(im);
		return NULL;
	}
	return im;
}

static void link_image(struct anyfs_image *im)
{
	struct kstate *ks = im->ks;

	pthread_mutex_lock(&ks->tree_lock);
	im->next = ks->images;
	ks->images = im;
	pthread_mutex_unlock(&ks->tree_lock);
}

/* Tree locked. */
static void unlink_image(struct anyfs_image *im)
{
	struct anyfs_image **p = &im->ks->images;

	while (*p != im)
		p = &(*p)->next;
	*p = im->next;
}

int anyfs_image_open_source(struct anyfs_kernel *kernel, struct anyfs_source *source,
			    struct anyfs_image **image)
{
	struct kstate *ks = kstate_get(kernel);
	struct anyfs_image *im = ks ? image_new(ks, source_name(source)) : NULL;
	struct blockdev *bd;

	if (!im) {
		anyfs_source_close(source);
		return ks ? -ENOMEM : -ENODEV;
	}
	im->disk = source_finish(source, &bd);
	if (!im->disk)
		im->disk = disk_attach(ks, bd, im->disk_note, sizeof(im->disk_note));
	if (im->disk < 0) {
		int rc = im->disk;

		image_free(im);
		return rc;
	}
	snprintf(im->root, sizeof(im->root), MOUNT_BASE "/disk%d", im->disk);
	im->nr_parts = parts_kernel_set(ks->k, im->disk, &im->parts);
	link_image(im);
	*image = im;
	return 0;
}

int anyfs_image_open_with(struct anyfs_kernel *kernel, const char *path,
			  const struct anyfs_disk_opts *opts, struct anyfs_image **image)
{
	struct anyfs_source *source;
	int rc;

	if (!image)
		return error_set(-EINVAL, "anyfs_image_open: the pointer for the handle is NULL");
	rc = anyfs_source_open(path, opts, &source);
	return rc ? rc : anyfs_image_open_source(kernel, source, image);
}

int anyfs_image_open(struct anyfs_kernel *kernel, const char *path, unsigned int flags,
		     struct anyfs_image **image)
{
	const struct anyfs_disk_opts opts = { .struct_size = sizeof(opts), .flags = flags };

	return anyfs_image_open_with(kernel, path, &opts, image);
}

static int replace_text(char **dst, const char *src)
{
	char *copy = NULL;

	if (src) {
		copy = strdup(src);
		if (!copy)
			return error_set(-ENOMEM, "image: out of memory");
	}
	free(*dst);
	*dst = copy;
	return 0;
}

int anyfs_image_configure(struct anyfs_image *im, const struct anyfs_image_opts *given)
{
	struct anyfs_image_opts opts;
	int rc = OPTIONS_READ(anyfs_image_opts, subvol, &opts, given);

	if (rc)
		return rc;
	pthread_mutex_lock(&im->ks->tree_lock);
	rc = replace_text(&im->fstype, opts.fstype);
	if (!rc)
		rc = replace_text(&im->opts, opts.opts);
	if (!rc)
		rc = replace_text(&im->subvol, opts.subvol);
	im->note = opts.note;
	im->note_data = opts.note_data;
	im->degraded = opts.degraded;
	im->disk_paths = opts.disk_paths;
	im->mount_flags = opts.mount_flags;
	im->key = opts.key;
	im->key_data = opts.key_data;
	im->crypt.kdf_memory = opts.kdf_memory;
	im->crypt.kdf_seconds = opts.kdf_seconds;
	im->crypt.only_slot = opts.only_key_slot;
	im->crypt.slot = opts.key_slot;
	image_note(im, im->name, im->disk_note);
	if (im->note)
		im->disk_note[0] = '\0';
	pthread_mutex_unlock(&im->ks->tree_lock);
	return rc;
}

int anyfs_image_disk(const struct anyfs_image *im)
{
	return im->disk;
}

/* Cut the links between the tree of @im and the trees of other images, in both directions. */
static int unlink_from_others(struct anyfs_image *im)
{
	int rc = 0, err;

	for (struct anyfs_image *other = im->ks->images; other; other = other->next) {
		if (other == im)
			continue;
		err = node_unlink_image(other->tree, im);
		if (!err)
			err = node_unlink_image(im->tree, other);
		if (err && !rc)
			rc = err;
	}
	return rc;
}

int anyfs_image_close(struct anyfs_image *im)
{
	struct anyfs_kernel *k;
	struct kstate *ks;
	int rc, err;

	if (!im)
		return 0;
	removal_retry();
	ks = im->ks;
	k = kstate_kernel(ks);
	pthread_mutex_lock(&ks->tree_lock);
	rc = k ? unlink_from_others(im) : -ENODEV;
	if (k) {
		err = node_close(im->tree);
		if (!rc)
			rc = err;
		node_remove_points(im->tree);
	}
	unlink_image(im);
	pthread_mutex_unlock(&ks->tree_lock);
	volume_opts_free(im, k);
	if (k) {
		err = disk_remove(ks, k, im->disk);
		if (err == -EBUSY)
			removal_defer(ks, &(struct removal){ .disk = im->disk });
		if (!rc)
			rc = err;
	}
	image_free(im);
	return rc;
}

/* ---- Paths ---------------------------------------------------------------- */

/*
 * Find image @number of the kernel, counted from 0 for the oldest; the list begins with the
 * newest.  *@nr gets the number of images.
 */
static struct anyfs_image *image_of_number(const struct kstate *ks, unsigned int number,
					   unsigned int *nr)
{
	struct anyfs_image *im;
	unsigned int at;

	*nr = 0;
	for (im = ks->images; im; im = im->next)
		++*nr;
	at = *nr;
	for (im = ks->images; im && --at != number; im = im->next)
		;
	return im;
}

/* If @path begins with "/disk1", find that image, and move @path past it. */
static int choose_image(struct anyfs_image **im, const char **path)
{
	const char *name = path_skip_slashes(*path, true), *end;
	unsigned int number, nr;
	struct anyfs_image *other;

	if (!(*im)->disk_paths || strncmp(name, "disk", 4))
		return 0;
	end = part_number_parse(name + 4, &number);
	if (!end || (*end && *end != '/'))
		return 0;
	other = image_of_number((*im)->ks, number, &nr);
	if (!other)
		return error_set(-ENOENT, "there is no image disk%u; there are disk0 to disk%u", number, nr - 1);
	*im = other;
	*path = end;
	return 0;
}

/* Find the node that @path leads to, and the rest of the path. */
static int walk_path(struct anyfs_image *im, const char *path, struct anyfs_node **node,
		     const char **rest)
{
	int rc;

	if (!path)
		return error_set(-EINVAL, "%s: no path given", im->name);
	rc = choose_image(&im, &path);
	return rc ? rc : node_walk(im->tree, path, node, rest);
}

/* Create the directory that shows the children of @n, with one entry per child. */
static int make_listing(struct anyfs_node *n, char *point, size_t len)
{
	char child[NODE_POINT_MAX];
	int rc = node_list(n);

	if (!rc)
		rc = node_make_point(n, point, len);
	for (struct anyfs_node *c = n->children; c && !rc; c = c->next)
		rc = node_make_point(c, child, sizeof(child));
	return rc;
}

int anyfs_image_resolve(struct anyfs_image *im, const char *path, char *kpath, size_t len)
{
	struct anyfs_kernel *k = kstate_kernel(im->ks);
	char point[NODE_POINT_MAX];
	struct anyfs_node *n;
	const char *rest;
	int rc;

	if (!k)
		return -ENODEV;
	pthread_mutex_lock(&im->ks->tree_lock);
	rc = walk_path(im, path, &n, &rest);
	if (!rc && n->lists)
		rc = make_listing(n, point, sizeof(point));
	else if (!rc && !(rc = node_open(n)))
		rc = node_point(n, point, sizeof(point));
	pthread_mutex_unlock(&im->ks->tree_lock);
	if (rc)
		return rc;
	if ((size_t)snprintf(kpath, len, "%s%s%s", point, *rest ? "/" : "", rest) >= len)
		return error_set(-ENAMETOOLONG, "%s: %s: the path is too long", im->name, path);
	return 0;
}

static int64_t open_below(struct anyfs_kernel *k, int64_t dirfd, const char *path, int flags,
			  unsigned int mode)
{
	bool creates = flags & LKL_O_CREAT || (flags & LKL_O_TMPFILE) == LKL_O_TMPFILE;
	struct lkl_open_how how = {
		.flags = (unsigned int)flags,
		.mode = creates ? mode & 07777 : 0,
		.resolve = LKL_RESOLVE_IN_ROOT | LKL_RESOLVE_NO_MAGICLINKS,
	};
	int64_t fd = -EAGAIN;

	/* openat2() rejects flags and modes that openat() ignores. */
	if (flags & LKL_O_PATH)
		how.flags &= LKL_O_PATH | LKL_O_DIRECTORY | LKL_O_NOFOLLOW | LKL_O_CLOEXEC;
	/* -EAGAIN: something was renamed while ".." was resolved. */
	for (int i = 0; i < 64 && fd == -EAGAIN; i++)
		fd = k_openat2(k, dirfd, *path ? path : ".", &how);
	return fd;
}

static int open_failed(struct anyfs_image *im, struct anyfs_kernel *k, int err, const char *path)
{
	char object[4400];

	if (err == -ENOENT && !im->nr_parts && path_names_part(path))
		return error_set(err, "%s: %s: no such file; this image is one file system without partitions",
				 im->name, path);
	snprintf(object, sizeof(object), "%s: %s", im->name, path);
	return kstate_error(k, err, object);
}

int anyfs_image_openat(struct anyfs_image *im, const char *path, int flags, unsigned int mode)
{
	struct anyfs_kernel *k = kstate_kernel(im->ks);
	char point[NODE_POINT_MAX];
	struct anyfs_node *n;
	const char *rest;
	int64_t fd = -1;
	int rc;

	if (!k)
		return -ENODEV;
	pthread_mutex_lock(&im->ks->tree_lock);
	rc = walk_path(im, path, &n, &rest);
	if (!rc && n->lists)
		rc = make_listing(n, point, sizeof(point));
	else if (!rc && !(rc = node_open(n)))
		fd = filesystem_root(n);
	pthread_mutex_unlock(&im->ks->tree_lock);
	if (rc)
		return rc;
	if (fd >= 0)
		fd = open_below(k, fd, rest, flags, mode);
	else
		fd = k_open(k, point, flags);
	return fd < 0 ? open_failed(im, k, fd, path) : fd;
}

int anyfs_image_split_path(struct anyfs_image *im, const char *path, const char **rest)
{
	const char *below;
	struct anyfs_node *n;
	int rc;

	if (!kstate_kernel(im->ks))
		return -ENODEV;
	pthread_mutex_lock(&im->ks->tree_lock);
	rc = walk_path(im, path, &n, &below);
	if (!rc)
		rc = n->lists;
	pthread_mutex_unlock(&im->ks->tree_lock);
	if (!rc && rest)
		*rest = below;
	return rc;
}

int anyfs_image_is_partitioned(const struct anyfs_image *im)
{
	return anyfs_image_split_path((struct anyfs_image *)im, "/", NULL) > 0;
}
