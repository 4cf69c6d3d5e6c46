// SPDX-License-Identifier: GPL-2.0
/*
 * namespace.c - the images, their mounted file systems, and the directories above them
 *
 * A single partition (-o part=), or an image that is one file system, is the root of
 * the mount.  Otherwise the root lists /p1, /p2, ... and .partitions.  With several
 * images the root lists /disk0, /disk1, ..., each with the content of one image.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "fusefs.h"
#include "keys.h"
#include "messages.h"
#include "output.h"
#include "parts-table.h"
#include "run.h"
#include "volumes.h"

#define LOCK_WAIT_S	5

static struct {
	struct anyfs_source **sources;
	int *files;			/* O_PATH: files that a writable mount changes */
	unsigned int nr_files;
	struct anyfs_image **images;
	unsigned int nr_images;
	struct place **places;		/* all places, the root first */
	unsigned int nr_places;
	pthread_mutex_t lock;		/* held while a partition is entered */
	bool write;
	struct timespec since;		/* the times of directories above the file systems */
} ns = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void note(void *data, const char *text)
{
	log_message("%s", text);
}

int place_enter(struct place *p)
{
	struct fsys *fs;
	int fd, rc = 0;

	if (__atomic_load_n(&p->fs, __ATOMIC_ACQUIRE))
		return 0;
	pthread_mutex_lock(&ns.lock);
	if (p->fs)
		goto out;
	/* Not O_PATH: open_by_handle_at() and syncfs() refuse such descriptors. */
	fd = anyfs_image_openat(p->image, p->path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (fd < 0) {
		log_message("%s", anyfs_strerror_last());
		rc = fd;
		goto out;
	}
	fs = calloc(1, sizeof(*fs));
	rc = fs ? fs_learn(fs, fd, !ns.write) : -ENOMEM;
	if (rc) {
		lkl_sys_close(fd);
		free(fs);
		goto out;
	}
	p->node->fs = fs;
	__atomic_store_n(&p->fs, fs, __ATOMIC_RELEASE);
out:
	pthread_mutex_unlock(&ns.lock);
	/* The directory exists, so these errors would mislead. */
	return rc == -ENOENT || rc == -ENOTDIR || rc == -ENOSYS ? -EIO : rc;
}

static struct place *add_place(struct tool *t, enum place_kind kind, struct place *parent,
			       const char *name)
{
	struct place *p = calloc(1, sizeof(*p));
	struct place **more = reallocarray(ns.places, ns.nr_places + 1, sizeof(*more));

	if (!p || !more)
		tool_no_memory(t);
	ns.places = more;
	ns.places[ns.nr_places++] = p;
	p->kind = kind;
	p->parent = parent;
	p->ino = ns.nr_places;
	snprintf(p->name, sizeof(p->name), "%s", name);
	p->node = node_of_place(p, !parent);
	if (!p->node)
		tool_no_memory(t);
	return p;
}

struct place *place_child(const struct place *list, unsigned int index)
{
	for (unsigned int i = 0; i < ns.nr_places; i++)
		if (ns.places[i]->parent == list && !index--)
			return ns.places[i];
	return NULL;
}

struct place *place_named(const struct place *list, const char *name)
{
	for (unsigned int i = 0; i < ns.nr_places; i++)
		if (ns.places[i]->parent == list && !strcmp(ns.places[i]->name, name))
			return ns.places[i];
	return NULL;
}

void place_stat(const struct place *p, struct lkl_statx *stx)
{
	const struct config *cfg = attr_config();
	const struct lkl_statx_timestamp when = {
		.tv_sec = ns.since.tv_sec, .tv_nsec = ns.since.tv_nsec,
	};

	*stx = (struct lkl_statx){
		.stx_mode = p->kind == PLACE_TABLE ? S_IFREG | 0444 : S_IFDIR | 0555,
		.stx_nlink = p->kind == PLACE_TABLE ? 1 : 2,
		.stx_size = p->text ? strlen(p->text) : 0,
		.stx_ino = p->ino, .stx_blksize = 4096,
		.stx_uid = cfg->map_uid ? cfg->uid : cfg->self_uid,
		.stx_gid = cfg->map_gid ? cfg->gid : cfg->self_gid,
		.stx_atime = when, .stx_mtime = when, .stx_ctime = when,
	};
}

/*
 * The place that contains @path: @list, or a partition or volume that contains volumes
 * itself, which becomes a list by that.
 */
static struct place *place_above(struct place *list, const struct anyfs_image *image,
				 const char *path)
{
	size_t len = strrchr(path, '/') - path;

	for (unsigned int i = 0; i < ns.nr_places; i++) {
		struct place *p = ns.places[i];

		if (p->image == image && p != list && len && strlen(p->path) == len &&
		    !strncmp(p->path, path, len)) {
			p->kind = PLACE_LIST;
			return p;
		}
	}
	return list;
}

static void add_part(struct tool *t, struct anyfs_image *image, struct place *list,
		     const char *path)
{
	struct place *above = place_above(list, image, path);
	const char *name = strrchr(path, '/') + 1;
	struct place *p = add_place(t, PLACE_PART, above, *name ? name : "p0");

	p->image = image;
	snprintf(p->path, sizeof(p->path), "%s", path);
}

/* The places of an image with partitions or volumes, below @list. */
static bool list_parts(struct tool *t, struct anyfs_image *image, struct place *list)
{
	struct place *p = add_place(t, PLACE_TABLE, list, ".partitions");
	AnyfsPart *parts;
	int nr;

	p->text = parts_text(t, image);
	if (!p->text)
		return false;
	nr = anyfs_image_parts(image, &parts);
	if (nr < 0) {
		tool_error(t, "%s", anyfs_strerror_last());
		return false;
	}
	/* The first row of a disk that is a volume group is the list itself. */
	for (int i = nr > 1 && !parts[0].path[1]; i < nr; i++)
		add_part(t, image, list, parts[i].path);
	anyfs_free(parts);
	return true;
}

/* "2" means p2 of a disk with partitions; "0" and "p0" mean the whole of a disk without. */
static void root_path(const struct anyfs_image *image, const char *part, char *path, size_t len)
{
	const char *text = part + strspn(part, "/");
	bool number = *text && !text[strspn(text, "0123456789")];

	if (!anyfs_image_is_partitioned(image) &&
	    (!strcmp(text, "0") || !strcasecmp(text, "p0")))
		text = "";
	snprintf(path, len, "/%s%s", number && *text && anyfs_image_is_partitioned(image) ? "p" : "",
		 text);
}

/* Mount the file system that is the mount's root now, so that errors are reported. */
static bool open_root(struct tool *t, struct anyfs_image *image, const char *path)
{
	struct place *root = add_place(t, PLACE_PART, NULL, "");
	int rc;

	root->image = image;
	root_path(image, path, root->path, sizeof(root->path));
	if (strlen(path) + 3 > sizeof(root->path)) {
		tool_error(t, "-o part=%s: the path is too long", path);
		return false;
	}
	if (anyfs_image_split_path(image, root->path, NULL) == 1) {
		tool_error(t, "-o part=%s: it holds volumes: name one of them, as %s/NAME", path,
			   path);
		return false;
	}
	rc = place_enter(root);
	if (!rc)
		return true;
	/* place_enter() has printed the reason. */
	t->status = rc == -ENOKEY || rc == -EKEYREJECTED ? EXIT_KEY : EXIT_FAILED;
	return false;
}

/* After umount(8) the process of an earlier mount may still flush the image: wait for it. */
static int open_source(struct tool *t, const char *path, const struct anyfs_disk_opts *disk,
		       struct anyfs_source **source)
{
	int rc;

	t->wait_given = true;
	t->wait_s = LOCK_WAIT_S;
	do
		rc = anyfs_source_open(path, disk, source);
	while (rc == -EBUSY && tool_wait_lock(t, path));
	return rc;
}

/* Remember the file @path, for namespace_deleted(). */
static void watch_file(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd >= 0)
		ns.files[ns.nr_files++] = fd;
}

bool namespace_deleted(void)
{
	struct stat st;

	for (unsigned int i = 0; i < ns.nr_files; i++)
		if (!fstat(ns.files[i], &st) && S_ISREG(st.st_mode) && !st.st_nlink)
			return true;
	return false;
}

bool namespace_prepare(struct tool *t, const struct config *cfg)
{
	const struct anyfs_disk_opts disk = {
		.struct_size = sizeof(disk),
		.flags = (cfg->write ? 0 : ANYFS_DISK_READONLY) |
			 (cfg->force_write ? ANYFS_DISK_FORCE_WRITE : 0),
		.overlay = cfg->overlay,
		.sector_size = cfg->sector_size,
		.offset = cfg->offset,
		.size = cfg->size,
		.format = cfg->format, .snapshot = cfg->snapshot, .backing_dir = cfg->backing_dir,
		.unpack_dir = cfg->unpack_dir, .unpack_limit = cfg->unpack_limit,
		.unpack_progress = progress_unpack, .unpack_data = t,
		.cache_file = cfg->cache_file, .cache_size = cfg->cache_size,
		.headers = cfg->headers, .nr_headers = cfg->nr_headers,
		.download = cfg->download, .net_timeout = cfg->net_timeout,
		.no_sandbox = !cfg->sandbox, .note = note,
	};

	if (cfg->nr_images > 1 && volumes_given()) {
		tool_error(t, "--crypt describes the volumes of one image; mount one image only");
		return false;
	}
	ns.sources = calloc(cfg->nr_images, sizeof(*ns.sources));
	ns.images = calloc(cfg->nr_images, sizeof(*ns.images));
	ns.files = calloc(cfg->nr_images + 1, sizeof(*ns.files));
	if (!ns.sources || !ns.images || !ns.files)
		tool_no_memory(t);
	for (unsigned int i = 0; i < cfg->nr_images; i++) {
		if (open_source(t, cfg->images[i], &disk, &ns.sources[i])) {
			tool_error(t, "%s", anyfs_strerror_last());
			return false;
		}
		if (cfg->write)
			watch_file(cfg->images[i]);
	}
	if (cfg->write && cfg->overlay)
		watch_file(cfg->overlay);
	return true;
}

static bool open_image(struct tool *t, const struct config *cfg, struct anyfs_source *source)
{
	struct anyfs_image_opts opts = {
		.struct_size = sizeof(opts),
		.fstype = cfg->fstype,
		.opts = cfg->opts,
		.note = note,
		.mount_flags = cfg->mount_flags,
	};
	struct anyfs_image *image;

	keys_configure(t, &opts);
	if (anyfs_image_open_source(NULL, source, &image)) {
		tool_error(t, "%s", anyfs_strerror_last());
		return false;
	}
	ns.images[ns.nr_images++] = image;
	if (volumes_configure(image) || anyfs_image_configure(image, &opts)) {
		tool_error(t, "%s", anyfs_strerror_last());
		return false;
	}
	return true;
}

/* Several images: /disk0, /disk1 ..., each with its partitions or its files. */
static bool list_images(struct tool *t)
{
	struct place *root = add_place(t, PLACE_LIST, NULL, "");

	for (unsigned int i = 0; i < ns.nr_images; i++) {
		bool whole = !anyfs_image_is_partitioned(ns.images[i]);
		struct place *p;
		char name[32];

		snprintf(name, sizeof(name), "disk%u", i);
		p = add_place(t, whole ? PLACE_PART : PLACE_LIST, root, name);
		p->image = ns.images[i];
		snprintf(p->path, sizeof(p->path), "/");
		if (!whole && !list_parts(t, ns.images[i], p))
			return false;
	}
	return true;
}

bool namespace_open(struct tool *t, const struct config *cfg)
{
	ns.write = cfg->write;
	clock_gettime(CLOCK_REALTIME, &ns.since);
	for (unsigned int i = 0; i < cfg->nr_images; i++)
		if (!open_image(t, cfg, ns.sources[i]))
			return false;
	if (cfg->part)
		return open_root(t, ns.images[0], cfg->part);
	if (ns.nr_images > 1)
		return list_images(t);
	if (!anyfs_image_is_partitioned(ns.images[0]))
		return open_root(t, ns.images[0], "/");
	return list_parts(t, ns.images[0], add_place(t, PLACE_LIST, NULL, ""));
}

int namespace_sync(void)
{
	int rc = 0, err;

	for (unsigned int i = 0; i < ns.nr_places; i++) {
		struct fsys *fs = __atomic_load_n(&ns.places[i]->fs, __ATOMIC_ACQUIRE);

		err = fs ? lkl_sys_syncfs(fs->root) : 0;
		if (err && !rc)
			rc = err;
	}
	return rc;
}

bool namespace_close(void)
{
	bool ok = true;

	for (unsigned int i = 0; i < ns.nr_places; i++) {
		if (ns.places[i]->fs)
			lkl_sys_close(ns.places[i]->fs->root);
	}
	for (unsigned int i = 0; i < ns.nr_images; i++) {
		if (!anyfs_image_close(ns.images[i]))
			continue;
		log_message("%s", anyfs_strerror_last());
		ok = false;
	}
	ns.nr_images = 0;
	return ok;
}
