/* SPDX-License-Identifier: GPL-2.0 */
/*
 * model.h - the changes of the workload, and the promises it got, with times
 *
 * A file is a history of writes and truncations; a name is a history of the files it
 * referred to.  Each step has the tick of the disk's log at which it began: a disk that is cut
 * later may show the step.  A promise means that from its tick on, all steps up to a given one
 * are on the disk.
 *
 * A model belongs to one thread and its directory, which no other thread uses.
 */
#ifndef TESTS_POWERCUT_MODEL_H
#define TESTS_POWERCUT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_PATH	40		/* bytes of a path, its zero too */
#define MODEL_FILE_MAX	(1u << 20)	/* largest size of a file */

#define NAME_ABSENT	(-1)
#define NAME_DIR	(-2)

/* Bytes [offset, offset + len) get the pattern of this step, or the file ends at offset. */
struct change {
	uint64_t began;			/* tick */
	uint32_t offset;
	uint32_t len;			/* 0: truncation to offset */
};

/* From tick @at on, the first @nr_steps steps of the history are durable. */
struct promise {
	uint64_t at;
	uint64_t nr_steps;
};

struct file {
	struct change *changes;
	struct promise *promises;
	uint32_t nr_changes, nr_promises;
	uint64_t removed;		/* tick when its only name was removed; 0: never */
};

/* From tick @began on the name may refer to this file. */
struct meaning {
	uint64_t began;			/* tick */
	int64_t target;			/* index of a file, or NAME_* */
};

struct name {
	char path[MODEL_PATH];		/* below the mount point, no slash at the front */
	struct meaning *meanings;	/* the first entry is NAME_ABSENT at tick 0 */
	struct promise *promises;
	uint32_t nr_meanings, nr_promises;
};

struct model {
	uint32_t id;			/* models with different values have different patterns */
	struct file *files;
	struct name *names;
	uint32_t nr_files, nr_names;
};

/* All of these functions end the program when memory is exhausted. */
uint32_t model_add_file(struct model *m);
uint32_t model_add_name(struct model *m, const char *path);
void model_add_change(struct model *m, uint32_t file, uint64_t began, uint32_t offset,
		      uint32_t len);
void model_add_meaning(struct model *m, uint32_t name, uint64_t began, int64_t target);
void model_promise_file(struct model *m, uint32_t file, uint64_t at);
void model_promise_name(struct model *m, uint32_t name, uint64_t at);
void model_free(struct model *m);

/* The file to which the name refers after all operations. */
int64_t model_meaning(const struct model *m, uint32_t name);
/* The file's size after its first @nr changes. */
uint32_t model_size(const struct file *f, uint32_t nr);

/* The bytes that step @change of @file writes at [offset, offset + len). */
void model_pattern(const struct model *m, uint32_t file, uint32_t change, uint32_t offset,
		   uint32_t len, char *buf);

/* How many steps of a history a cut at @tick may leave visible (begun), or must (promised). */
uint32_t model_changes_begun(const struct file *f, uint64_t tick);
uint32_t model_meanings_begun(const struct name *n, uint64_t tick);
uint32_t model_promised(const struct promise *promises, uint32_t nr, uint64_t tick);
/* The tick of the last promise before @tick; 0: there is none. */
uint64_t model_promised_at(const struct promise *promises, uint32_t nr, uint64_t tick);

#endif /* TESTS_POWERCUT_MODEL_H */
