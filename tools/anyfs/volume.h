/* SPDX-License-Identifier: GPL-2.0 */
/*
 * volume.h - run a file system's own programs on a volume inside an image
 *
 * The programs want a file or a device, but a volume may be a partition of a compressed image,
 * or be encrypted.  So the sandboxed process copies the volume into a sparse temporary file, a
 * helper outside the sandbox runs the program on that file, and blocks that the program has
 * changed are copied back.  The helper takes no command line from the sandboxed process: it
 * computes the program from the type of the file system.
 */
#ifndef ANYFS_VOLUME_H
#define ANYFS_VOLUME_H

#include "tool.h"

#define VOLUME_ARGS	24
#define VOLUME_NAME	".anyfs-volume-"	/* the beginning of the temporary file's name */
#define VOLUME_FILE	"\1"		/* argument: the path of the temporary file */

struct volume_program {
	const char *name;		/* see struct host_program */
	const char *package;
	const char *args[VOLUME_ARGS + 1];	/* after the name; NULL at the end */
};

/* Program number @step for the type @fstype; NULL: there is none.  Called in both processes. */
typedef const struct volume_program *volume_program_fn(void *data, const char *fstype,
						       unsigned int step);

struct volume {
	struct tool *t;
	volume_program_fn *program;
	void *data;			/* for @program */
	int file;			/* the temporary file */
	char *dir;			/* its directory */
	char *name;			/* its path; NULL: it has none until a program needs one */
	bool ends_only;			/* copy the first and last MiB only: the tables */
	int output;			/* memory file: the output of the last program */
	int socket;			/* to the helper */
	bool changed;			/* a program has written to the file since volume_load() */
	char *buf;
};

/* A request of the sandboxed process to the helper, and the answer. */
struct volume_request {
	bool end;
	char fstype[32];
	unsigned int step;
};

struct volume_answer {
	bool ended;			/* false: the program could not be run, see @why */
	bool changed;			/* the program has written to the file */
	int status;			/* a result of wait(2) */
	char why[256];
};

/* volume.c */

/*
 * Start the helper, before tool_open().  The caller has set t, program, data and ends_only.
 * The file is created beside the image @path, or in the directory for temporary files.
 */
void volume_begin(struct volume *v, const char *path);
/*
 * The file system, or other content with a known type, at @path of the image; opens the volumes
 * that contain it, and mounts nothing.  NULL after a message.
 */
struct anyfs_node *volume_find(struct tool *t, const char *path);
/* The bytes of the partition or volume with the content @node, or -errno. */
int64_t volume_size(struct anyfs_node *node);
/* Copy @node into the temporary file.  False after a message. */
bool volume_load(struct volume *v, struct anyfs_node *node);
/* Run a program on the file.  Returns its exit code, or -1 after a message. */
int volume_run(struct volume *v, struct anyfs_node *node, unsigned int step);
/*
 * Like volume_run(), but 0 if the step has no program.  Exit codes above @most are reported as
 * failures: "@what: PROGRAM failed with exit code 8: the last line of its output"; returns -1.
 */
int volume_run_step(struct volume *v, struct anyfs_node *node, unsigned int step, int most,
		    const char *what);
/* Copy changed blocks back into the image.  False after a message. */
bool volume_store(struct volume *v, struct anyfs_node *node);
/*
 * The output of the last program, with the path of @node in place of the temporary file, to be
 * freed.  It may contain anything.
 */
char *volume_output(struct volume *v, struct anyfs_node *node);
/* The last line of volume_output(), to be freed: the reason of a failure. */
char *volume_reason(struct volume *v, struct anyfs_node *node);
/* Remove the file and end the helper. */
void volume_end(struct volume *v);

/* volume-helper.c: the helper process */
void volume_serve(struct volume *v, int socket) __attribute__((noreturn));

#endif /* ANYFS_VOLUME_H */
