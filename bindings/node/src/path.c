// SPDX-License-Identifier: GPL-2.0
/*
 * path.c - system calls with paths of the image
 *
 * A path such as "/p2/etc/passwd" leads to a file system (/p2) and to a file in it.  The
 * system call runs with that file system as the thread's root directory, so that the
 * kernel resolves every symbolic link and ".." inside the file system.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"

int64_t sys3(struct disk *d, int64_t nr, int64_t a, int64_t b, int64_t c)
{
	int64_t args[6] = { a, b, c };

	return anyfs_kernel_syscall(d->kernel, nr, args);
}

int view_enter(struct disk *d, struct view *view, int fd)
{
	int rc;

	if (view->root == fd)
		return 0;
	if (view->root < 0) {
		rc = sys3(d, __lkl__NR_unshare, LKL_CLONE_FS, 0, 0);
		if (rc)
			return rc;
		sys3(d, __lkl__NR_umask, d->opts.umask, 0, 0);
	}
	rc = sys3(d, __lkl__NR_fchdir, fd, 0, 0);
	if (!rc)
		rc = sys3(d, __lkl__NR_chroot, (intptr_t)".", 0, 0);
	if (!rc)
		view->root = fd;
	return rc;
}

/* Skip components that keep the path at the root: slashes, "." and "..". */
static const char *skip_root(const char *p)
{
	for (;;) {
		size_t len = strcspn(p, "/");

		if (!len && *p)
			p++;
		else if ((len == 1 && p[0] == '.') || (len == 2 && !strncmp(p, "..", 2)))
			p += len;
		else
			return p;
	}
}

/* The rest of @path if it leads to or below @r; else NULL. */
static const char *rest_below_root(const struct root *r, const char *path)
{
	const char *prefix = skip_root(r->prefix), *p = skip_root(path);
	size_t len = strlen(prefix);

	if (strncmp(p, prefix, len))
		return NULL;
	p += len;
	if (len && *p && *p != '/')
		return NULL;
	if (r->listing)
		return p[strspn(p, "/")] ? NULL : "/";
	return *p ? p : "/";
}

static struct root *find_root(struct disk *d, const char *path, const char **rest)
{
	for (struct root *r = d->roots; r; r = r->next) {
		*rest = rest_below_root(r, path);
		if (*rest)
			return r;
	}
	return NULL;
}

/* The part of @path that leads to a file system or a listing, without slashes at its end. */
static int split_path(struct disk *d, const char *path, char **prefix, bool *listing)
{
	const char *rest = path;
	size_t len;
	int rc = 0;

	if (d->partitioned) {
		rc = anyfs_image_split_path(d->image, path, &rest);
		if (rc < 0)
			return rc;
		*listing = rc;
		len = rc ? strlen(path) : (size_t)(rest - path);
	} else {
		*listing = false;
		len = 0;
	}
	while (len && path[len - 1] == '/')
		len--;
	*prefix = strndup(path, len);
	return *prefix ? 0 : -ENOMEM;
}

static struct root *new_root(struct disk *d, char *prefix, const char *point, bool listing)
{
	struct root *r = calloc(1, sizeof(*r));

	if (!r || !(r->point = strdup(point))) {
		free(r);
		return NULL;
	}
	r->fd = sys3(d, __lkl__NR_openat, LKL_AT_FDCWD, (intptr_t)point,
		     LKL_O_PATH | LKL_O_DIRECTORY);
	if (r->fd < 0) {
		free(r->point);
		free(r);
		return NULL;
	}
	r->prefix = prefix;
	r->listing = listing;
	r->next = d->roots;
	d->roots = r;
	return r;
}

/*
 * Find the root for a @path whose prefix none of the known roots has, perhaps because it is spelled
 * differently; mounts the file system on first use.
 */
static int add_root(struct disk *d, struct view *view, const char *path, struct root **out)
{
	char point[4096], *prefix = NULL;
	bool listing = false;
	struct root *r;
	int rc = view_enter(d, view, d->real_root);

	if (!rc)
		rc = split_path(d, path, &prefix, &listing);
	if (!rc)
		rc = anyfs_image_resolve(d->image, *prefix ? prefix : "/", point, sizeof(point));
	if (rc) {
		free(prefix);
		return rc;
	}
	for (r = d->roots; r && strcmp(r->point, point); r = r->next)
		;
	if (r) {
		free(prefix);
	} else {
		r = new_root(d, prefix, point, listing);
		if (!r)
			free(prefix);
	}
	*out = r;
	return r ? 0 : -ENOMEM;
}

/* The part of @path below its file system, for a @path that rest_below_root() does not match. */
static const char *rest_of(struct disk *d, const struct root *r, const char *path)
{
	const char *rest = path;

	if (r->listing || (d->partitioned && anyfs_image_split_path(d->image, path, &rest) < 0))
		return "/";
	return *rest ? rest : "/";
}

static int root_of(struct disk *d, struct view *view, const char *path, struct root **out,
		   const char **rest)
{
	int rc = 0;

	if (!*path)
		return -ENOENT;
	if (!d->image) {
		*out = &d->whole;
		*rest = path;
		return 0;
	}
	pthread_mutex_lock(&d->roots_lock);
	*out = find_root(d, path, rest);
	if (!*out) {
		rc = add_root(d, view, path, out);
		if (!rc)
			*rest = rest_of(d, *out, path);
	}
	pthread_mutex_unlock(&d->roots_lock);
	return rc;
}

/* Replace the paths among the arguments by paths below one root, and enter that root. */
static int enter_paths(struct disk *d, struct view *view, struct job *job, int64_t *args,
		       struct root **found)
{
	struct root *root = NULL, *r;
	const char *rest;
	int rc;

	for (int i = 0; i < 6; i++) {
		if (!(job->flags & JOB_PATH(i)))
			continue;
		rc = root_of(d, view, (const char *)(intptr_t)args[i], &r, &rest);
		if (rc)
			return rc;
		if (root && root != r)
			return -EXDEV;
		if (r->listing && job->flags & JOB_WRITES)
			return -EROFS;
		root = r;
		args[i] = (intptr_t)rest;
	}
	if (found)
		*found = root;
	return root ? view_enter(d, view, root->fd) : 0;
}

static void track_fd(struct disk *d, int64_t fd, bool open)
{
	size_t byte = fd / 8;

	if (fd < 0)
		return;
	pthread_mutex_lock(&d->lock);
	if (byte >= d->nr_open_fds && open) {
		size_t size = byte * 2 + 64;
		unsigned char *bits = realloc(d->open_fds, size);

		if (bits) {
			memset(bits + d->nr_open_fds, 0, size - d->nr_open_fds);
			d->open_fds = bits;
			d->nr_open_fds = size;
		}
	}
	if (byte < d->nr_open_fds) {
		if (open)
			d->open_fds[byte] |= 1u << fd % 8;
		else
			d->open_fds[byte] &= ~(1u << fd % 8);
	}
	pthread_mutex_unlock(&d->lock);
}

/* If entering a partition has failed, add the library's reason to the error number. */
static void set_reason(struct job *job)
{
	if (job->result == -ENOENT || job->result == -EXDEV || job->result == -EROFS)
		return;
	job->text = strdup(anyfs_strerror_last());
}

static void run_syscall(struct disk *d, struct view *view, struct job *job)
{
	int64_t args[6];

	memcpy(args, job->args, sizeof(args));
	job->result = enter_paths(d, view, job, args, NULL);
	if (job->result) {
		set_reason(job);
		return;
	}
	if (job->flags & JOB_CLOSES)
		track_fd(d, args[0], false);
	job->result = anyfs_kernel_syscall(d->kernel, job->nr, args);
	if (job->flags & JOB_OPENS)
		track_fd(d, job->result, true);
}

/* Store the path without symbolic links of args[0] in the buffer args[1] of args[2] bytes. */
static void run_realpath(struct disk *d, struct view *view, struct job *job)
{
	char link[32], *buf = (char *)(intptr_t)job->args[1];
	int64_t args[6], fd, len, size = job->args[2];
	struct root *root;
	size_t prefix;

	memcpy(args, job->args, sizeof(args));
	job->result = enter_paths(d, view, job, args, &root);
	if (job->result) {
		set_reason(job);
		return;
	}
	fd = sys3(d, __lkl__NR_openat, LKL_AT_FDCWD, args[0], LKL_O_PATH);
	if (fd < 0) {
		job->result = fd;
		return;
	}
	prefix = snprintf(buf, size, "%s%s", *skip_root(root->prefix) ? "/" : "",
			  skip_root(root->prefix));
	snprintf(link, sizeof(link), "self/fd/%d", (int)fd);
	args[0] = d->proc;
	args[1] = (intptr_t)link;
	args[2] = (intptr_t)buf + prefix;
	args[3] = size - prefix;
	len = prefix < (size_t)size ? anyfs_kernel_syscall(d->kernel, __lkl__NR_readlinkat, args)
				    : -ENAMETOOLONG;
	sys3(d, __lkl__NR_close, fd, 0, 0);
	/* The root of a partition is "/p2", not "/p2/". */
	if (len == 1 && prefix)
		len = 0;
	job->result = len < 0 ? len : (int64_t)prefix + len;
}

void job_run(struct disk *d, struct view *view, struct job *job)
{
	switch (job->kind) {
	case JOB_SYSCALL: run_syscall(d, view, job); break;
	case JOB_REALPATH: run_realpath(d, view, job); break;
	default:
		job->result = view_enter(d, view, d->real_root);
		if (!job->result && d->image)
			tree_run(d, job);
		else if (!job->result)
			kernel_run(d, job);
	}
}

void roots_free(struct disk *d)
{
	struct root *r;

	while ((r = d->roots)) {
		d->roots = r->next;
		sys3(d, __lkl__NR_close, r->fd, 0, 0);
		free(r->prefix);
		free(r->point);
		free(r);
	}
}
