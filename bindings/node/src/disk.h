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
#include <stdio.h>
#include <anyfs.h>
#include <lkl.h>

#define MAX_WORKERS	4
#define MAX_KEYS	16

/* Flags of a job: which arguments are paths of the image, and the effect of the call. */
#define JOB_PATH(i)	(1u << (i))
#define JOB_WRITES	(1u << 6)	/* changes a directory or a file named by a path */
#define JOB_OPENS	(1u << 7)	/* returns a descriptor */
#define JOB_CLOSES	(1u << 8)	/* ends the descriptor in the first argument */
/*
 * Reads from an inotify descriptor, which has no time limit: gets a thread of its own.  The
 * fourth argument is a watch whose removal ends the wait when the disk closes.
 */
#define JOB_WAITS	(1u << 9)

enum job_kind {
	JOB_SYSCALL, JOB_REALPATH, JOB_PARTS, JOB_TREE, JOB_INFO,
	JOB_DISK_ADD, JOB_DISK_REMOVE, JOB_MOUNT, JOB_UMOUNT,	/* without an image */
	JOB_OPEN, JOB_CLOSE, JOB_NOTE,
};

/* The type of an argument of a job. */
enum arg_type { ARG_NUMBER, ARG_TEXT, ARG_BYTES, ARG_VECTOR };

struct job {
	struct job *next;
	enum job_kind kind;
	unsigned int flags;
	uint32_t id;		/* names the waiting call in JavaScript; 0: a synchronous call */
	int64_t nr;		/* number of the system call */
	int64_t args[6];
	uint8_t types[6];	/* enum arg_type */
	size_t lens[6];		/* bytes; of a vector: its number of buffers */
	void *owned[6];		/* memory of the arguments, freed with the job */
	int64_t result;
	char *text;		/* JSON, or a message about the error; freed with the job */
	void *vector;		/* memory of the buffers of a vector, freed with the job */
	int64_t deadline;	/* of an isolated disk: milliseconds of the clock; 0: none */
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
	bool listing;		/* a directory of partitions or volumes, with no files */
};

struct key {
	char *path;		/* path of the node that the key opens; NULL: any node */
	void *data;
	size_t len;
};

/* A disk that JavaScript serves. */
struct custom_options {
	uint64_t size;		/* bytes; 0: the image is not such a disk */
	bool write;
};

struct disk_options {
	char *path;		/* NULL: a kernel without an image */
	struct anyfs_disk_opts disk;
	struct anyfs_image_opts image;
	struct anyfs_kernel_opts kernel;
	struct key keys[MAX_KEYS];
	unsigned int nr_keys;
	bool ask_keys;		/* ask JavaScript for keys */
	struct custom_options custom;
	unsigned int answer_ms;	/* limit of the time for an answer of JavaScript; 0: none */
	int64_t umask;
	char **headers;		/* the strings that disk.headers points to */
};

/* A question to JavaScript: a request to a disk, or a request for the key of a volume. */
enum question_kind { ASK_READ, ASK_WRITE, ASK_FLUSH, ASK_KEY };

struct question {
	struct question *next;
	uint32_t id;
	enum question_kind kind;
	uint32_t disk;		/* number of the disk, 0 for the image */
	uint64_t offset;
	void *data;		/* read from or written to the disk; owned by the asking thread */
	size_t len;
	const char *text;	/* ASK_KEY: JSON that describes the volume */
	unsigned int attempt;
	bool taken;		/* JavaScript has it */
	bool busy;		/* another thread uses data or text */
	bool answered;
	bool on_heap;		/* of an isolated disk: freed once JavaScript has it */
	int result;		/* 0 or -errno */
	void *answer;		/* ASK_KEY: the key, freed by the asking thread */
	size_t answer_len;
};

/* A thread for a job with JOB_WAITS. */
struct waiter {
	struct waiter *next;
	struct disk *disk;
	struct job *job;
	int64_t fd, sentinel;	/* the inotify descriptor, and a watch of it */
	pthread_t thread;
	bool ended;
};

struct disk;

/* A disk is served by threads of this process, or by a separate process (remote.c). */
struct disk_ops {
	/* Queue a job, which is passed to disk_done() afterwards.  -EBADF if the disk is closed. */
	int (*submit)(struct disk *d, struct job *job);
	/* Begin to close; the result comes as a done job with @id, unless @id is 0. */
	int (*close_begin)(struct disk *d, uint32_t id);
	/* Wait until the disk, which is closing, has closed. */
	void (*close_wait)(struct disk *d);
	/* Answer the question @id; @bytes may be NULL. */
	void (*answer)(struct disk *d, uint32_t id, int result, const void *bytes, size_t len);
	void (*free)(struct disk *d);	/* frees d->remote; or NULL */
};

extern const struct disk_ops local_ops, remote_ops;

enum disk_state { DISK_OPENING, DISK_OPEN, DISK_CLOSING, DISK_CLOSED };

struct disk {
	const struct disk_ops *ops;
	struct remote *remote;		/* of an isolated disk */
	struct disk_options opts;
	struct anyfs_kernel *kernel;
	struct anyfs_image *image;
	bool partitioned;
	int real_root, proc;		/* descriptors of the kernel's own / and /proc */
	struct view view;		/* of the JavaScript thread */

	pthread_mutex_t roots_lock;
	struct root *roots;
	struct root whole;		/* the kernel's own root, without an image */

	pthread_mutex_t lock;		/* for all members below */
	pthread_cond_t wake;
	enum disk_state state;
	struct job *queue, **queue_end;
	unsigned int queued, idle;
	struct job *done, **done_end;
	pthread_cond_t changed;	/* a done job or a question was added */
	struct question *questions;	/* not answered yet */
	uint32_t last_question;
	pthread_cond_t answered;
	bool abandoned;			/* JavaScript will give no answers */
	struct waiter *waiters;
	struct lkl_device *devices;
	pthread_t workers[MAX_WORKERS];
	unsigned int nr_workers;
	unsigned char *open_fds;	/* a bit for each descriptor that is open in JavaScript */
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
/*
 * The two parts of disk_new(): make the struct without starting a thread, and run the disk until it
 * closes, on the calling thread.
 */
struct disk *disk_alloc(struct disk_options *opts, uint32_t id, void (*notify)(void *data),
			void *data);
void disk_run(struct disk *d);
/* Free a disk that has closed. */
void disk_free(struct disk *d);
void disk_options_free(struct disk_options *opts);

/* ---- worker.c: threads and jobs ---- */

struct job *job_new(enum job_kind kind);
void job_free(struct job *job);
int local_submit(struct disk *d, struct job *job);
/* Run jobs until the disk closes and the queue is empty. */
void worker_loop(struct disk *d, struct view *view);
void *worker_main(void *disk);
/* Add a finished job to the done list. */
void disk_done(struct disk *d, struct job *job);
/* Take the whole done list. */
struct job *disk_collect(struct disk *d);
/* Remove the job @id from the done list; NULL if it is not there.  Lock held. */
struct job *disk_take_done(struct disk *d, uint32_t id);
/* Close all descriptors that are still open in JavaScript. */
void disk_close_fds(struct disk *d);

/* ---- waiter.c: threads for calls that wait ---- */

int waiter_start(struct disk *d, struct job *job);
/* End all waits, and the threads.  The disk is closing. */
void waiters_end(struct disk *d);

/* ---- question.c: questions to JavaScript ---- */

/* Ask and wait for the answer.  Returns its result, -EIO if there is none, or -ETIMEDOUT. */
int disk_ask(struct disk *d, struct question *q);
/* Add @q to the questions.  Lock held. */
void question_add(struct disk *d, struct question *q);
/* Whether question_take() would return one.  Lock held. */
bool question_is_waiting(struct disk *d);
/* The next question for JavaScript, or NULL; the caller may use it until question_taken(). */
struct question *question_take(struct disk *d);
void question_taken(struct disk *d, struct question *q);
/* Free a question that is on the heap. */
void question_free(struct question *q);
/* Answer the question @id; ignored if no thread waits for the answer. */
void question_answer(struct disk *d, uint32_t id, int result, const void *bytes, size_t len);
/* JavaScript gives no more answers: end all waits. */
void questions_abandon(struct disk *d);

/* ---- custom.c: disks and keys that JavaScript provides ---- */

int custom_source(struct disk *d, struct anyfs_source **source);
int find_key(void *disk, const struct anyfs_node *node, unsigned int attempt,
	     struct anyfs_key *key);

/* ---- kernel.c: jobs of a kernel without an image ---- */

void kernel_run(struct disk *d, struct job *job);
/* Free the disks, after the kernel has ended. */
void kernel_free_devices(struct disk *d);

/* ---- remote.c: a kernel in a separate process ---- */

/*
 * Like disk_new(), in a new process of @program.  Each call that takes longer than @timeout
 * milliseconds (0: no limit) ends the process.
 */
struct disk *remote_new(struct disk_options *opts, const char *program, unsigned int timeout,
			uint32_t id, void (*notify)(void *data), void *data);
/* -errno and the reason, borrowed, once the process has ended unexpectedly; else 0. */
int remote_death(struct disk *d, const char **why);

/* ---- path.c: paths of the image ---- */

/* Run @job on the calling thread, whose root is @view. */
void job_run(struct disk *d, struct view *view, struct job *job);
/* Make @fd the root directory of the calling thread. */
int view_enter(struct disk *d, struct view *view, int fd);
void roots_free(struct disk *d);
int64_t sys3(struct disk *d, int64_t nr, int64_t a, int64_t b, int64_t c);

/* ---- tree.c: descriptions of the image, as JSON ---- */

void tree_run(struct disk *d, struct job *job);
struct json_string {
	const char *name, *value;
};
/* Write "name":"value", ... for each of @strings, up to a name that is NULL. */
void put_strings(FILE *f, const struct json_string *strings);

#endif
