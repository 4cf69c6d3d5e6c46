// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - open and close a disk, on its first worker thread
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"

static int find_key(void *data, const struct anyfs_node *node, unsigned int attempt,
		    struct anyfs_key *key)
{
	struct disk *d = data;

	for (unsigned int i = 0; i < d->opts.nr_keys; i++) {
		struct key *k = &d->opts.keys[i];

		if (k->path && strcmp(k->path, anyfs_node_path(node)))
			continue;
		if (attempt--)
			continue;
		key->data = k->data;
		key->len = k->len;
		key->free = NULL;
		return 0;
	}
	return -ENOKEY;
}

static void keep_note(void *data, const char *text)
{
	struct job *job = job_new(JOB_NOTE);

	if (!job)
		return;
	job->text = strdup(text);
	disk_done(data, job);
}

static void drop_output(void *data, const char *text, size_t len)
{
}

static int open_image(struct disk *d)
{
	int rc;

	d->opts.kernel.struct_size = sizeof(d->opts.kernel);
	d->opts.disk.struct_size = sizeof(d->opts.disk);
	d->opts.image.struct_size = sizeof(d->opts.image);
	if (!d->opts.kernel.loglevel)
		d->opts.kernel.print = drop_output;
	rc = anyfs_kernel_boot(&d->opts.kernel, &d->kernel);
	if (rc)
		return rc;
	anyfs_kernel_use(d->kernel);
	rc = anyfs_image_open_with(d->kernel, d->opts.path, &d->opts.disk, &d->image);
	if (rc)
		return rc;
	d->opts.image.key = find_key;
	d->opts.image.key_data = d;
	d->opts.image.note = keep_note;
	d->opts.image.note_data = d;
	rc = anyfs_image_configure(d->image, &d->opts.image);
	if (rc)
		return rc;
	d->partitioned = anyfs_image_is_partitioned(d->image);
	lkl_mount_fs("proc");
	d->real_root = sys3(d, __lkl__NR_openat, LKL_AT_FDCWD, (intptr_t)"/",
			    LKL_O_PATH | LKL_O_DIRECTORY);
	d->proc = sys3(d, __lkl__NR_openat, LKL_AT_FDCWD, (intptr_t)"/proc",
		       LKL_O_PATH | LKL_O_DIRECTORY);
	if (d->real_root < 0 || d->proc < 0)
		return d->real_root < 0 ? d->real_root : d->proc;
	return 0;
}

static void answer(struct disk *d, uint32_t id, enum job_kind kind, int64_t result)
{
	struct job *job = job_new(kind);

	if (!job)
		abort();	/* the JavaScript side would wait without end */
	job->id = id;
	job->result = result;
	if (result)
		job->text = strdup(anyfs_strerror_last());
	disk_done(d, job);
}

/* The first error of closing the image and halting the kernel. */
static int close_image(struct disk *d)
{
	int rc = 0, err;

	if (!d->kernel)
		return 0;
	if (d->image) {
		disk_close_fds(d);
		roots_free(d);
		rc = anyfs_image_close(d->image);
	}
	err = anyfs_kernel_shutdown(d->kernel);
	return rc ? rc : err;
}

static bool set_open(struct disk *d, int rc)
{
	bool opened;

	pthread_mutex_lock(&d->lock);
	if (d->state == DISK_OPENING && !rc)
		d->state = DISK_OPEN;
	else if (d->state == DISK_OPENING)
		d->state = DISK_CLOSING;
	opened = d->state == DISK_OPEN;
	pthread_mutex_unlock(&d->lock);
	return opened;
}

static void *first_worker(void *data)
{
	struct view view = { .root = -1 };
	struct disk *d = data;
	int rc = open_image(d);
	bool opened = set_open(d, rc);

	answer(d, d->open_id, JOB_OPEN, rc);
	if (opened)
		worker_loop(d, &view);
	/* The disk is closing, so no worker is added. */
	for (unsigned int i = 1; i < d->nr_workers; i++)
		pthread_join(d->workers[i], NULL);
	rc = close_image(d);
	pthread_mutex_lock(&d->lock);
	d->state = DISK_CLOSED;
	d->close_result = rc;
	pthread_mutex_unlock(&d->lock);
	answer(d, d->close_id, JOB_CLOSE, rc);
	return NULL;
}

struct disk *disk_new(struct disk_options *opts, uint32_t id, void (*notify)(void *data),
		      void *data)
{
	struct disk *d = calloc(1, sizeof(*d));

	if (!d) {
		disk_options_free(opts);
		return NULL;
	}
	d->opts = *opts;
	d->real_root = d->proc = d->view.root = -1;
	d->queue_end = &d->queue;
	d->done_end = &d->done;
	d->open_id = id;
	d->notify = notify;
	d->notify_data = data;
	pthread_mutex_init(&d->lock, NULL);
	pthread_mutex_init(&d->roots_lock, NULL);
	pthread_cond_init(&d->wake, NULL);
	pthread_mutex_lock(&d->lock);
	if (!pthread_create(&d->workers[0], NULL, first_worker, d))
		d->nr_workers = 1;
	pthread_mutex_unlock(&d->lock);
	if (!d->nr_workers) {
		disk_free(d);
		return NULL;
	}
	return d;
}

int disk_close_begin(struct disk *d, uint32_t id)
{
	int rc = 0;

	pthread_mutex_lock(&d->lock);
	if (d->state == DISK_OPEN || d->state == DISK_OPENING)
		d->close_id = id;
	else
		rc = -EBADF;
	if (!rc && d->view.root >= 0) {
		pthread_mutex_unlock(&d->lock);
		view_enter(d, &d->view, d->real_root);
		pthread_mutex_lock(&d->lock);
	}
	if (!rc)
		d->state = DISK_CLOSING;
	pthread_cond_broadcast(&d->wake);
	pthread_mutex_unlock(&d->lock);
	return rc;
}

void disk_close_wait(struct disk *d)
{
	if (!d->nr_workers)
		return;
	pthread_join(d->workers[0], NULL);
	d->nr_workers = 0;
}

void disk_options_free(struct disk_options *o)
{
	for (unsigned int i = 0; i < o->nr_keys; i++) {
		explicit_bzero(o->keys[i].data, o->keys[i].len);
		free(o->keys[i].data);
		free(o->keys[i].path);
	}
	free(o->path);
	free((char *)o->disk.overlay);
	free((char *)o->disk.format);
	free((char *)o->disk.snapshot);
	free((char *)o->disk.backing_dir);
	free((char *)o->image.fstype);
	free((char *)o->image.opts);
	free((char *)o->kernel.cmdline);
}

void disk_free(struct disk *d)
{
	struct job *job, *next;

	for (job = disk_collect(d); job; job = next) {
		next = job->next;
		job_free(job);
	}
	disk_options_free(&d->opts);
	pthread_cond_destroy(&d->wake);
	pthread_mutex_destroy(&d->roots_lock);
	pthread_mutex_destroy(&d->lock);
	free(d);
}
