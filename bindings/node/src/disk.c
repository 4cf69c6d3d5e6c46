// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - open and close a disk, on its first worker thread
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"

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

static int open_file(struct disk *d, struct anyfs_source **source)
{
	*source = NULL;
	return !d->opts.path || d->opts.custom.size ? 0 :
	       anyfs_source_open(d->opts.path, &d->opts.disk, source);
}

static int open_image(struct disk *d, struct anyfs_source *source)
{
	int rc = 0;

	if (!source)
		rc = custom_source(d, &source);
	if (!rc)
		rc = anyfs_image_open_source(d->kernel, source, &d->image);
	if (rc)
		return rc;
	d->opts.image.key = find_key;
	d->opts.image.key_data = d;
	d->opts.image.note = keep_note;
	d->opts.image.note_data = d;
	rc = anyfs_image_configure(d->image, &d->opts.image);
	d->partitioned = anyfs_image_is_partitioned(d->image);
	return rc;
}

static int open_roots(struct disk *d)
{
	lkl_mount_fs("proc");
	d->real_root = sys3(d, __lkl__NR_openat, LKL_AT_FDCWD, (intptr_t)"/",
			    LKL_O_PATH | LKL_O_DIRECTORY);
	d->proc = sys3(d, __lkl__NR_openat, LKL_AT_FDCWD, (intptr_t)"/proc",
		       LKL_O_PATH | LKL_O_DIRECTORY);
	if (d->real_root < 0 || d->proc < 0)
		return d->real_root < 0 ? d->real_root : d->proc;
	d->whole.prefix = (char *)"";
	d->whole.fd = d->real_root;
	return 0;
}

/*
 * Open the file before the kernel boots: the process may give up its rights then (lock_in), and
 * cannot open a file afterwards.
 */
static int open_all(struct disk *d)
{
	struct anyfs_source *source;
	int rc;

	d->opts.kernel.struct_size = sizeof(d->opts.kernel);
	d->opts.disk.struct_size = sizeof(d->opts.disk);
	d->opts.image.struct_size = sizeof(d->opts.image);
	if (!d->opts.kernel.loglevel)
		d->opts.kernel.print = drop_output;
	d->opts.disk.note = keep_note;
	d->opts.disk.note_data = d;
	rc = open_file(d, &source);
	if (rc)
		return rc;
	rc = anyfs_kernel_boot(&d->opts.kernel, &d->kernel);
	if (rc) {
		anyfs_source_close(source);
		return rc;
	}
	anyfs_kernel_use(d->kernel);
	if (d->opts.path)
		rc = open_image(d, source);
	return rc ? rc : open_roots(d);
}

static void post_result(struct disk *d, uint32_t id, enum job_kind kind, int64_t result)
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
	int rc, err;

	if (!d->kernel)
		return 0;
	disk_close_fds(d);
	roots_free(d);
	rc = anyfs_image_close(d->image);
	err = anyfs_kernel_shutdown(d->kernel);
	kernel_free_devices(d);
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

void disk_run(struct disk *d)
{
	struct view view = { .root = -1 };
	int rc = open_all(d);
	bool opened = set_open(d, rc);

	post_result(d, d->open_id, JOB_OPEN, rc);
	if (opened)
		worker_loop(d, &view);
	/* The disk is closing, so no thread is added. */
	waiters_end(d);
	for (unsigned int i = 1; i < d->nr_workers; i++)
		pthread_join(d->workers[i], NULL);
	rc = close_image(d);
	pthread_mutex_lock(&d->lock);
	d->state = DISK_CLOSED;
	d->close_result = rc;
	pthread_mutex_unlock(&d->lock);
	post_result(d, d->close_id, JOB_CLOSE, rc);
}

static void *first_worker(void *disk)
{
	disk_run(disk);
	return NULL;
}

struct disk *disk_alloc(struct disk_options *opts, uint32_t id, void (*notify)(void *data),
			void *data)
{
	struct disk *d = calloc(1, sizeof(*d));

	if (!d) {
		disk_options_free(opts);
		return NULL;
	}
	d->ops = &local_ops;
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
	pthread_cond_init(&d->changed, NULL);
	pthread_cond_init(&d->answered, NULL);
	return d;
}

struct disk *disk_new(struct disk_options *opts, uint32_t id, void (*notify)(void *data),
		      void *data)
{
	struct disk *d = disk_alloc(opts, id, notify, data);

	if (!d)
		return NULL;
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

static int local_close_begin(struct disk *d, uint32_t id)
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

static void local_close_wait(struct disk *d)
{
	if (!d->nr_workers)
		return;
	pthread_join(d->workers[0], NULL);
	d->nr_workers = 0;
}

const struct disk_ops local_ops = {
	.submit = local_submit,
	.close_begin = local_close_begin,
	.close_wait = local_close_wait,
	.answer = question_answer,
};

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
	free((char *)o->disk.cache_file);
	if (o->disk.password)
		explicit_bzero((char *)o->disk.password, strlen(o->disk.password));
	free((char *)o->disk.password);
	for (unsigned int i = 0; i < o->disk.nr_headers; i++) {
		explicit_bzero(o->headers[i], strlen(o->headers[i]));
		free(o->headers[i]);
	}
	free(o->headers);
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
	if (d->ops->free)
		d->ops->free(d);
	disk_options_free(&d->opts);
	pthread_cond_destroy(&d->answered);
	pthread_cond_destroy(&d->changed);
	pthread_cond_destroy(&d->wake);
	pthread_mutex_destroy(&d->roots_lock);
	pthread_mutex_destroy(&d->lock);
	free(d);
}
