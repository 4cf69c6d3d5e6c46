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
#include "place.h"
#include "run.h"
#include "volumes.h"

#define LOCK_WAIT_S	5

static struct {
	struct mounted {
		struct anyfs_source *source;
		struct anyfs_image *image;
		char *table;		/* the text of .partitions, if it has partitions */
	} *images;
	unsigned int nr_images;		/* that are open */
	int *files;			/* O_PATH: files that a writable mount changes */
	unsigned int nr_files;
	char *root_path;		/* in the first image: the root is that of a file system */
	struct fsys *mounted;		/* all file systems that were entered */
	pthread_mutex_t lock;		/* held while a volume is entered */
	bool write;
	struct timespec since;		/* the times of directories above the file systems */
} ns = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct anyfs_image *namespace_image(unsigned int index)
{
	return index < ns.nr_images ? ns.images[index].image : NULL;
}

unsigned int namespace_index(const struct anyfs_node *n)
{
	unsigned int i = 0;

	while (anyfs_node_parent(n))
		n = anyfs_node_parent(n);
	while (anyfs_image_node(ns.images[i].image) != n)
		i++;
	return i;
}

const char *namespace_table(const struct anyfs_node *n)
{
	return ns.images[namespace_index(n)].table;
}

const struct timespec *namespace_since(void)
{
	return &ns.since;
}

static void log_text(void *data, const char *text)
{
	log_message("%s", text);
}

/* Mount the file system of @n.  0, or -errno with the reason logged.  Locked. */
static int mount_filesystem(struct node *n)
{
	bool is_root = n->id == FUSE_ROOT_ID;
	struct fsys *fs = calloc(1, sizeof(*fs));
	int fd, rc;

	if (!fs)
		return -ENOMEM;
	/* Not O_PATH: open_by_handle_at() and syncfs() refuse such descriptors. */
	fd = anyfs_image_openat(namespace_image(namespace_index(n->shows)),
				is_root ? ns.root_path : anyfs_node_path(n->shows),
				LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (fd < 0)
		log_message("%s", anyfs_strerror_last());
	rc = fd < 0 ? fd : fs_learn(fs, fd, !ns.write);
	if (rc) {
		if (fd >= 0)
			lkl_sys_close(fd);
		free(fs);
		return rc;
	}
	fs->next = ns.mounted;
	__atomic_store_n(&ns.mounted, fs, __ATOMIC_RELEASE);
	__atomic_store_n(&n->fs, fs, __ATOMIC_RELEASE);
	return 0;
}

int namespace_enter(struct node *n)
{
	int rc = 0;

	if (__atomic_load_n(&n->fs, __ATOMIC_ACQUIRE))
		return 0;
	pthread_mutex_lock(&ns.lock);
	if (!n->fs)
		rc = mount_filesystem(n);
	pthread_mutex_unlock(&ns.lock);
	/* The directory exists, so these errors would mislead. */
	return rc == -ENOENT || rc == -ENOTDIR || rc == -ENOSYS ? -EIO : rc;
}

/* "2" means p2 of a disk with partitions; "0" and "p0" mean a whole disk without partitions. */
static char *root_path(struct tool *t, const struct anyfs_image *image, const char *part)
{
	const char *text = part + strspn(part, "/");
	char *path;

	if (!anyfs_image_is_partitioned(image) && (!strcmp(text, "0") || !strcasecmp(text, "p0")))
		text = "";
	if (asprintf(&path, "/%s%s", place_plain_number(image, text) ? "p" : "", text) < 0)
		tool_no_memory(t);
	return path;
}

/* Make the root of the mount. */
static struct node *make_root(struct tool *t, enum node_role role, struct anyfs_node *shows)
{
	struct node *root = node_virtual(role, shows);

	if (!root)
		tool_no_memory(t);
	return root;
}

/* Mount the file system that is the mount's root now, so that errors are reported. */
static bool open_root(struct tool *t, struct anyfs_image *image, const char *path)
{
	int rc;

	ns.root_path = root_path(t, image, path);
	if (anyfs_image_split_path(image, ns.root_path, NULL) == 1) {
		tool_error(t, "-o part=%s: it holds volumes: name one of them, as %s/NAME", path,
			   path);
		return false;
	}
	rc = namespace_enter(make_root(t, NODE_VOLUME, anyfs_image_node(image)));
	if (!rc)
		return true;
	/* namespace_enter() has printed the reason. */
	t->status = tool_is_key_error(rc) ? EXIT_KEY : EXIT_FAILED;
	return false;
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
		.no_sandbox = !cfg->sandbox, .note = log_text,
	};

	if (cfg->nr_images > 1 && volumes_given()) {
		tool_error(t, "--crypt describes the volumes of one image; mount one image only");
		return false;
	}
	ns.images = calloc(cfg->nr_images, sizeof(*ns.images));
	ns.files = calloc(cfg->nr_images + 1, sizeof(*ns.files));
	if (!ns.images || !ns.files)
		tool_no_memory(t);
	/* After umount(8) the process of an earlier mount may still flush the image. */
	t->wait_given = true;
	t->wait_s = LOCK_WAIT_S;
	for (unsigned int i = 0; i < cfg->nr_images; i++) {
		int rc = tool_open_source(t, cfg->images[i], &disk, &ns.images[i].source);

		if (rc) {
			tool_error(t, "%s", anyfs_strerror_last());
			if (tool_is_key_error(rc))
				t->status = EXIT_KEY;
			return false;
		}
		if (cfg->write)
			watch_file(cfg->images[i]);
	}
	if (cfg->write && cfg->overlay)
		watch_file(cfg->overlay);
	return true;
}

static bool open_image(struct tool *t, const struct config *cfg, struct mounted *m)
{
	struct anyfs_image_opts opts = {
		.struct_size = sizeof(opts),
		.fstype = cfg->fstype,
		.opts = cfg->opts,
		.note = log_text,
		.mount_flags = cfg->mount_flags,
	};

	keys_configure(t, &opts);
	if (anyfs_image_open_source(NULL, m->source, &m->image)) {
		tool_error(t, "%s", anyfs_strerror_last());
		return false;
	}
	ns.nr_images++;
	if (volumes_configure(m->image) || anyfs_image_configure(m->image, &opts)) {
		tool_error(t, "%s", anyfs_strerror_last());
		return false;
	}
	return true;
}

/*
 * Make the texts of .partitions.  This enters all nodes of the images with partitions, and asks
 * for their keys, so that virtual-dirs.c knows what each node contains.
 */
static bool make_tables(struct tool *t)
{
	for (unsigned int i = 0; i < ns.nr_images; i++) {
		struct mounted *m = &ns.images[i];

		if (!anyfs_image_is_partitioned(m->image))
			continue;
		m->table = parts_text(t, m->image);
		if (!m->table)
			return false;
	}
	return true;
}

bool namespace_open(struct tool *t, const struct config *cfg)
{
	struct anyfs_image *first;

	ns.write = cfg->write;
	clock_gettime(CLOCK_REALTIME, &ns.since);
	for (unsigned int i = 0; i < cfg->nr_images; i++)
		if (!open_image(t, cfg, &ns.images[i]))
			return false;
	first = ns.images[0].image;
	if (cfg->part)
		return open_root(t, first, cfg->part);
	if (ns.nr_images == 1 && !anyfs_image_is_partitioned(first))
		return open_root(t, first, "/");
	make_root(t, ns.nr_images > 1 ? NODE_IMAGES : NODE_LIST,
		  ns.nr_images > 1 ? NULL : anyfs_image_node(first));
	return make_tables(t);
}

int namespace_sync(void)
{
	struct fsys *fs = __atomic_load_n(&ns.mounted, __ATOMIC_ACQUIRE);
	int rc = 0, err;

	for (; fs; fs = fs->next) {
		err = lkl_sys_syncfs(fs->root);
		if (err && !rc)
			rc = err;
	}
	return rc;
}

bool namespace_close(void)
{
	bool ok = true;

	for (struct fsys *fs = ns.mounted; fs; fs = fs->next)
		lkl_sys_close(fs->root);
	for (unsigned int i = 0; i < ns.nr_images; i++) {
		if (!anyfs_image_close(ns.images[i].image))
			continue;
		log_message("%s", anyfs_strerror_last());
		ok = false;
	}
	ns.nr_images = 0;
	return ok;
}
