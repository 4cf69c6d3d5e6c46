/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.h - one open image: its kernel, its worker threads and its jobs
 *
 * Each disk has a kernel of its own.  The first worker thread boots it, opens the image,
 * and closes both at the end.  JavaScript calls come in two forms: a synchronous call runs
 * on the JavaScript thread, an asynchronous one becomes a job for a worker.  Finished
 * jobs wait in the list of done jobs until the JavaScript thread collects them.
 */
#ifndef ANYFS_NODE_DISK_H
#define ANYFS_NODE_DISK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <anyfs.h>
#include <lkl.h>

#define MAX_WORKERS	4
#define MAX_KEYS	16

/* Flags of a job: which arguments are paths of the image, and the effect of the call. */
#define JOB_PATH(i)	(1u << (i))
#define JOB_WRITES	(1u << 6)	/* changes a directory or a file named by a path */
#define JOB_OPENS	(1u << 7)	/* returns a descriptor */
#define JOB_CLOSES	(1u << 8)	/* ends the descriptor in the first argument */

enum job_kind { JOB_SYSCALL, JOB_REALPATH, JOB_PARTS, JOB_TREE, JOB_OPEN, JOB_CLOSE, JOB_NOTE };

struct job {
	struct job *next;
	enum job_kind kind;
	unsigned int flags;
	uint32_t id;		/* names the waiting call in JavaScript; 0: a synchronous call */
	int64_t nr;		/* number of the system call */
	int64_t args[6];
	void *owned[6];		/* memory of the arguments, freed with the job */
	int64_t result;
	char *text;		/* JSON, or a message about the error; freed with the job */
	char small[512];	/* memory for short strings */
	size_t used;
};

/* The kernel's root directory of one thread: a descriptor, or -1 before the first call. */
struct view {
	int root;
};

/* A file system or a directory of partitions, by the path that leads to it. */
struct root {
	struct root *next;
	char *prefix;		/* such as "/p2", without a slash at the end; "": the whole disk */
	char *point;		/* the kernel's path */
	int fd;
	bool listing;		/* a directory of partitions or volumes */
};

struct key {
	char *path;		/* of the node that the key opens; NULL: of any node */
	void *data;
	size_t len;
};

struct disk_options {
	char *path;
	struct anyfs_disk_opts disk;
	struct anyfs_image_opts image;
	struct anyfs_kernel_opts kernel;
	struct key keys[MAX_KEYS];
	unsigned int nr_keys;
	int64_t umask;
};

enum disk_state { DISK_OPENING, DISK_OPEN, DISK_CLOSING, DISK_CLOSED };

struct disk {
	struct disk_options opts;
	struct anyfs_kernel *kernel;
	struct anyfs_image *image;
	bool partitioned;
	int real_root, proc;		/* descriptors of the kernel's own / and /proc */
	struct view view;		/* of the JavaScript thread */

	pthread_mutex_t roots_lock;
	struct root *roots;

	pthread_mutex_t lock;		/* for all members below */
	pthread_cond_t wake;
	enum disk_state state;
	struct job *queue, **queue_end;
	unsigned int queued, idle;
	struct job *done, **done_end;
	pthread_t workers[MAX_WORKERS];
	unsigned int nr_workers;
	unsigned char *open_fds;	/* a bit for each descriptor that JavaScript has opened */
	size_t nr_open_fds;
	uint32_t open_id, close_id;
	int close_result;
	void (*notify)(void *data);	/* called after the first job was added to done */
	void *notify_data;
};

/* ---- disk.c: the life of a disk ---- */

/*
 * Start to open an image.  Takes the content of @opts, also on failure.  The result comes as
 * a done job with @id.  NULL if there is no memory or no thread.
 */
struct disk *disk_new(struct disk_options *opts, uint32_t id, void (*notify)(void *data),
		      void *data);
/* Begin to close; the result comes as a done job with @id, unless @id is 0.  -EBADF: closed. */
int disk_close_begin(struct disk *d, uint32_t id);
/* Wait until the disk, which is closing, has closed. */
void disk_close_wait(struct disk *d);
/* Free a disk that has closed. */
void disk_free(struct disk *d);
void disk_options_free(struct disk_options *opts);

/* ---- worker.c: threads and jobs ---- */

struct job *job_new(enum job_kind kind);
void job_free(struct job *job);
/* Queue a job for the workers, which own it then.  -EBADF if the disk is closed. */
int disk_submit(struct disk *d, struct job *job);
/* Run jobs until the disk closes and the queue is empty. */
void worker_loop(struct disk *d, struct view *view);
void *worker_main(void *disk);
/* Add a finished job to the done list. */
void disk_done(struct disk *d, struct job *job);
/* Take the whole done list. */
struct job *disk_collect(struct disk *d);
/* Close all descriptors that are still open in JavaScript. */
void disk_close_fds(struct disk *d);

/* ---- path.c: paths of the image ---- */

/* Run @job on the calling thread, whose root is @view. */
void job_run(struct disk *d, struct view *view, struct job *job);
/* Make @fd the root directory of the calling thread. */
int view_enter(struct disk *d, struct view *view, int fd);
void roots_free(struct disk *d);
int64_t sys3(struct disk *d, int64_t nr, int64_t a, int64_t b, int64_t c);

/* ---- tree.c: descriptions of the image, as JSON ---- */

void tree_run(struct disk *d, struct job *job);

#endif
