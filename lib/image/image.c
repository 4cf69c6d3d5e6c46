// SPDX-License-Identifier: GPL-2.0
/*
 * image.c - the namespace of an image
 *
 * A disk with partitions is a directory of the kernel's root file system,
 * /lklmnt/disk<id>, that holds p1, p2, ...; each is a mount point, mounted when
 * it is first entered.  An image that is one file system is mounted on that
 * directory itself.  Paths are resolved inside their file system by openat2(),
 * so that neither ".." nor a symbolic link leads out of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"
#include "kernel-syscalls.h"
#include <lkl/linux/mount.h>

struct anyfs_image {
	struct kstate *ks;
	pthread_mutex_t lock;		/* of what is mounted and how; taken before ks->lock */
	int disk;
	char *name;			/* for messages */
	char root[32];			/* "/lklmnt/disk0" */
	struct part_set parts;
	unsigned int nr_parts;		/* 0: one file system */
	bool root_made;
	char disk_note[512];		/* what nobody was told of the disk yet, or "" */
	int64_t dirs[PART_MAX + 1];	/* a descriptor of each mount, -1: not mounted */
	char *fstype, *opts;
	void (*note)(void *data, const char *text);
	void *note_data;
};

static void image_free(struct anyfs_image *im)
{
	pthread_mutex_destroy(&im->lock);
	kstate_put(im->ks);
	free(im->name);
	free(im->fstype);
	free(im->opts);
	free(im);
}

int anyfs_source_open(const char *path, const AnyfsDiskOpts *opts, struct anyfs_source **source)
{
	struct blockdev *bd;
	int rc = disk_open(&(struct disk_source){ .path = path, .fd = -1 }, opts, &bd);

	if (!rc)
		*source = (struct anyfs_source *)bd;
	return rc;
}

void anyfs_source_close(struct anyfs_source *source)
{
	blockdev_close((struct blockdev *)source);
}

/* Takes @ks over, on failure too. */
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
	pthread_mutex_init(&im->lock, NULL);
	for (unsigned int part = 0; part <= PART_MAX; part++)
		im->dirs[part] = -1;
	return im;
}

int anyfs_image_open_source(struct anyfs_kernel *kernel, struct anyfs_source *source,
			    struct anyfs_image **image)
{
	struct blockdev *bd = (struct blockdev *)source;
	struct kstate *ks = kstate_get(kernel);
	struct anyfs_image *im = ks ? image_new(ks, bd->name) : NULL;

	if (!im) {
		blockdev_close(bd);
		return ks ? -ENOMEM : -ENODEV;
	}
	im->disk = disk_attach(ks, bd, im->disk_note, sizeof(im->disk_note));
	if (im->disk < 0) {
		int rc = im->disk;

		image_free(im);
		return rc;
	}
	snprintf(im->root, sizeof(im->root), MOUNT_BASE "/disk%d", im->disk);
	im->nr_parts = parts_kernel_set(ks->k, im->disk, &im->parts);
	*image = im;
	return 0;
}

int anyfs_image_open_with(struct anyfs_kernel *kernel, const char *path,
			  const AnyfsDiskOpts *opts, struct anyfs_image **image)
{
	struct anyfs_source *source;
	int rc;

	if (!image)
		return error_set(-EINVAL, "anyfs_image_open: no place for the handle");
	rc = anyfs_source_open(path, opts, &source);
	return rc ? rc : anyfs_image_open_source(kernel, source, image);
}

int anyfs_image_open(struct anyfs_kernel *kernel, const char *path, unsigned int flags,
		     struct anyfs_image **image)
{
	return anyfs_image_open_with(kernel, path, &(AnyfsDiskOpts){ .flags = flags }, image);
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

/* Once, as soon as somebody listens. */
static void tell_of_disk(struct anyfs_image *im)
{
	char text[1024];

	if (!im->note || !im->disk_note[0])
		return;
	snprintf(text, sizeof(text), "%s: %s", im->name, im->disk_note);
	im->disk_note[0] = '\0';
	im->note(im->note_data, text);
}

int anyfs_image_configure(struct anyfs_image *im, const AnyfsImageOpts *opts)
{
	int rc;

	pthread_mutex_lock(&im->lock);
	rc = replace_text(&im->fstype, opts->fstype);
	if (!rc)
		rc = replace_text(&im->opts, opts->opts);
	im->note = opts->note;
	im->note_data = opts->note_data;
	tell_of_disk(im);
	pthread_mutex_unlock(&im->lock);
	return rc;
}

int anyfs_image_disk(const struct anyfs_image *im)
{
	return im->disk;
}

int anyfs_image_is_partitioned(const struct anyfs_image *im)
{
	return im->nr_parts != 0;
}

static void part_point(const struct anyfs_image *im, unsigned int part, char *buf, size_t len)
{
	if (im->nr_parts)
		snprintf(buf, len, "%s/p%u", im->root, part);
	else
		snprintf(buf, len, "%s", im->root);
}

/* Unmount what this image mounted.  What is busy is detached, and an error. */
static int unmount_parts(struct anyfs_image *im, struct anyfs_kernel *k)
{
	char point[64];
	int rc = 0;

	for (unsigned int part = 0; part <= PART_MAX; part++) {
		int err;

		if (im->dirs[part] < 0)
			continue;
		k_close(k, im->dirs[part]);
		part_point(im, part, point, sizeof(point));
		err = mount_undo(im->ks, k, point);
		if (err == -EBUSY)
			error_set(err, "%s: files of it are still open", im->name);
		if (err && !rc)
			rc = err;
	}
	return rc;
}

static void remove_root(struct anyfs_image *im, struct anyfs_kernel *k)
{
	char point[64];

	for (unsigned int part = 0; part <= PART_MAX && im->nr_parts; part++) {
		if (part && !part_set_has(&im->parts, part))
			continue;
		part_point(im, part, point, sizeof(point));
		k_unlink(k, point, LKL_AT_REMOVEDIR);
	}
	k_unlink(k, im->root, LKL_AT_REMOVEDIR);
}

int anyfs_image_close(struct anyfs_image *im)
{
	struct anyfs_kernel *k;
	int rc, err;

	if (!im)
		return 0;
	k = kstate_kernel(im->ks);
	if (k) {
		rc = unmount_parts(im, k);
		remove_root(im, k);
		err = disk_remove(im->ks, k, im->disk);
		if (!rc)
			rc = err;
	} else {
		rc = -ENODEV;
	}
	image_free(im);
	return rc;
}

/* The directory with p1, p2, ...; image locked. */
static int make_root(struct anyfs_image *im, struct anyfs_kernel *k)
{
	struct blockdev *bd = disk_blockdev(k, im->disk);
	char point[64];
	int64_t rc;

	if (im->root_made)
		return 0;
	if (!bd)
		return -ENODEV;
	k_mkdir(k, MOUNT_BASE, 0755);
	rc = k_mkdir(k, im->root, 0755);
	for (unsigned int part = 0; part <= PART_MAX && im->nr_parts; part++) {
		if (part ? !part_set_has(&im->parts, part) : !parts_is_hybrid(bd))
			continue;
		part_point(im, part, point, sizeof(point));
		rc = k_mkdir(k, point, 0755);
		if (rc < 0 && rc != -EEXIST)
			return kstate_error(k, rc, im->name);
	}
	if (rc < 0 && rc != -EEXIST)
		return kstate_error(k, rc, im->name);
	im->root_made = true;
	return 0;
}

static void tell(struct anyfs_image *im, const AnyfsMount *m)
{
	char text[512];

	if (!m->note[0] || !im->note)
		return;
	if (m->part)
		snprintf(text, sizeof(text), "%s: /p%u: %s", im->name, m->part, m->note);
	else
		snprintf(text, sizeof(text), "%s: %s", im->name, m->note);
	im->note(im->note_data, text);
}

/* See that @part is mounted; image locked. */
static int enter_part(struct anyfs_image *im, struct anyfs_kernel *k, unsigned int part)
{
	struct mount_request rq = {
		.disk = im->disk, .part = part, .fstype = im->fstype, .opts = im->opts,
		/* A device node in an image is a file like others, and no way to our disks. */
		.flags = LKL_MS_NODEV | LKL_MS_NOSUID,
	};
	char point[64];
	AnyfsMount m;
	int64_t fd;
	int rc;

	if (im->dirs[part] >= 0)
		return 0;
	/* One mkdir or two; the whole directory is only made for who lists it. */
	part_point(im, part, point, sizeof(point));
	if (!im->root_made) {
		k_mkdir(k, MOUNT_BASE, 0755);
		if (im->nr_parts)
			k_mkdir(k, im->root, 0755);
	}
	rq.point = point;
	rc = mount_do(im->ks, k, &rq, &m);
	if (rc)
		return rc;
	fd = k_open(k, point, LKL_O_PATH | LKL_O_DIRECTORY | LKL_O_CLOEXEC);
	if (fd < 0) {
		mount_undo(im->ks, k, point);
		return kstate_error(k, fd, im->name);
	}
	im->dirs[part] = fd;
	tell(im, &m);
	return 0;
}

/* "/p1, /p2, /p14", the first ones if there are many. */
static void list_numbers(const struct anyfs_image *im, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned int part = 1; part <= PART_MAX; part++) {
		if (!part_set_has(&im->parts, part))
			continue;
		if (n + 16 > len) {
			snprintf(buf + n, len - n, " ...");
			break;
		}
		n += snprintf(buf + n, len - n, "%s/p%u", n ? ", " : "", part);
	}
}

/* Split a path of the namespace, with a text if it leads nowhere. */
static int split_path(const struct anyfs_image *im, const char *path, int *part,
		      const char **rest)
{
	char have[128];
	int rc = path_split(im->nr_parts ? &im->parts : NULL, path, part, rest);

	if (!rc)
		return 0;
	list_numbers(im, have, sizeof(have));
	if (*part > 0)
		return error_set(rc, "%s: %s: there is no partition %d; there are %s",
				 im->name, path, *part, have);
	return error_set(rc, "%s: %s: this disk has partitions, paths begin with one of %s",
			 im->name, path, have);
}

/* As split_path(), with what it names mounted or made. */
static int enter_path(struct anyfs_image *im, struct anyfs_kernel *k, const char *path,
		      int *part, const char **rest)
{
	int rc;

	if (!path)
		return error_set(-EINVAL, "%s: no path given", im->name);
	rc = split_path(im, path, part, rest);
	if (rc)
		return rc;
	pthread_mutex_lock(&im->lock);
	rc = *part < 0 ? make_root(im, k) : enter_part(im, k, *part);
	pthread_mutex_unlock(&im->lock);
	return rc;
}

int anyfs_image_resolve(struct anyfs_image *im, const char *path, char *kpath, size_t len)
{
	struct anyfs_kernel *k = kstate_kernel(im->ks);
	char point[64];
	const char *rest;
	int part, rc;

	if (!k)
		return -ENODEV;
	rc = enter_path(im, k, path, &part, &rest);
	if (rc)
		return rc;
	if (part < 0)
		snprintf(point, sizeof(point), "%s", im->root);
	else
		part_point(im, part, point, sizeof(point));
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

	/* openat2() is strict where openat() is not. */
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
	const char *rest;
	int64_t fd;
	int part, rc;

	if (!k)
		return -ENODEV;
	rc = enter_path(im, k, path, &part, &rest);
	if (rc)
		return rc;
	if (part < 0)
		fd = k_open(k, im->root, flags);
	else
		fd = open_below(k, im->dirs[part], rest, flags, mode);
	return fd < 0 ? open_failed(im, k, fd, path) : fd;
}
