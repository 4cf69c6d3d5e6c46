/* SPDX-License-Identifier: GPL-2.0 */
/*
 * powercut.h - the power-cut tester's parts
 *
 *	workload.c	changes a mounted file system and records the promises
 *	recording.c	the initial disk, all writes, the promises
 *	cut.c		builds a disk in a state that a power cut may leave
 *	verify.c	whether a mounted tree keeps the promises
 *	image.c		disks in memory; mkfs and fsck
 *	rig.c		a kernel with one disk, mounted
 *	powercut.c	the program
 */
#ifndef TESTS_POWERCUT_POWERCUT_H
#define TESTS_POWERCUT_POWERCUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "model.h"
#include "record.h"
#include "tester.h"

#define SECTOR	512u

/* image.c */

#define TOOL_ARGS	12

/* Properties of a file system that the tester needs. */
struct fs {
	const char *name;		/* the kernel's */
	uint64_t size;			/* bytes of the disk */
	/* The image's path comes last. */
	const char *mkfs[2][TOOL_ARGS];	/* for even and odd seeds */
	const char *fsck[TOOL_ARGS];	/* exit 0: clean */
	/*
	 * The file system relies on the disk to write this number of bytes completely or not
	 * at all.
	 */
	unsigned int atom;
	/*
	 * Whether files, including unsynced ones, never show bytes that were not written to them.
	 */
	bool ordered;
};
/* Find the properties by name, or NULL. */
const struct fs *fs_find(const char *name);

/* Make an empty disk in memory; returns a descriptor. */
int image_new(uint64_t size);
/* Copy a disk; holes stay holes, and blocks of zeros become holes. */
void image_copy(int to, int from);
void image_mkfs(int fd, const struct fs *fs, uint64_t seed);
/* True if fsck finds no error; otherwise its output goes to stderr. */
bool image_fsck(int fd, const struct fs *fs);

/* rig.c */

struct rig {
	int disk;
	char root[64];			/* the mount point, in the kernel */
};

/*
 * Boot, attach @bd, which the kernel then owns, and mount it for writing.  On failure, returns
 * -errno with the text in anyfs_strerror_last(), and leaves nothing running.
 */
int rig_up(struct rig *rig, struct blockdev *bd, const char *fstype);
/* Unmount and halt: 0, or the first error as -errno. */
int rig_down(struct rig *rig);

/* workload.c */

#define ACTORS	3

/* Run until each thread has done @steps steps; each thread fills its model. */
void workload_run(const struct rig *rig, struct record_log *log, uint64_t seed,
		  unsigned int steps, struct model models[ACTORS]);

/* recording.c */

struct recording {
	const struct fs *fs;
	uint64_t seed;
	bool fua;
	int base;			/* the disk before the first entry, a descriptor */
	const struct record_entry **entries;
	size_t nr;
	uint64_t end;			/* the last tick */
	struct model models[ACTORS];
	struct record_log *log;		/* owner of the entries; NULL: the recording */
};

struct recording_opts {
	uint64_t seed;
	unsigned int steps;
	bool fua;
	bool ignore_flushes;
};

void recording_make(struct recording *rec, const struct fs *fs,
		    const struct recording_opts *opts);
void recording_save(const struct recording *rec, const char *path);
void recording_load(struct recording *rec, const char *path);
void recording_free(struct recording *rec);

/* cut.c */

/* A moment, and a choice of the pending writes in the disk's cache that are lost. */
struct cut {
	uint64_t id;			/* with the recording, it identifies the cut */
	uint64_t tick;
	unsigned int kind;		/* how the choice is made */
	uint64_t choice;		/* seed of the choice */
	unsigned int pending;		/* writes that were not durable */
	unsigned int kept;		/* of these, written completely or in part */
};

struct cutter;

struct cutter *cutter_new(const struct recording *rec);
void cutter_free(struct cutter *c);
/* Make cut @id; the same recording and id give the same cut. */
struct cut cut_make(const struct recording *rec, uint64_t id);
/* Text for cut.kind. */
const char *cut_kind(const struct cut *cut);
/* Build the disk in @fd.  Cuts must come in the order of their ticks. */
void cutter_build(struct cutter *c, struct cut *cut, int fd);

/* verify.c */

struct verdict {
	unsigned int promises;		/* promises that held at the tick and were checked */
	unsigned int lost;		/* of these, broken */
	unsigned int garbled;		/* names and content that never existed */
	char first[400];		/* the first error */
};

/* Compare the tree at @root with the states that are allowed at @tick. */
void verify_tree(const struct recording *rec, const char *root, uint64_t tick, struct verdict *v);

#endif /* TESTS_POWERCUT_POWERCUT_H */
