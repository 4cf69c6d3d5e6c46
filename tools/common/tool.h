/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tool.h - struct tool, a run of a program, and struct verb, what it was asked to do
 *
 * A verb parses its options, opens the image and does its job.  What fails is
 * told at once in one line; the exit code is the worst that happened.
 */
#ifndef ANYFS_TOOL_H
#define ANYFS_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/stat.h>
#include "sandbox.h"

#define EXIT_FAILED	1		/* something could not be done */
#define EXIT_USAGE	2
#define EXIT_KEY	4		/* no key, or a wrong one, for an encrypted volume */
#define EXIT_SIGNAL	128		/* and the number of the signal that ended it early */

struct verb;

struct tool {
	const char *program;		/* for messages */
	const struct verb *verb;
	struct anyfs_image *image;
	const char *image_path;
	struct sandbox_path *host;	/* all that tool_needs_host() was told */
	size_t nr_host;
	int status;			/* exit code so far */
	int signal;			/* that ends the run early, or 0 */
	bool failed_for_good;		/* tool_stopping() */
	bool paths_are_host;		/* in messages; else they are the image's */
	bool verbose;
	bool wait_given;		/* --wait or --no-wait */
	unsigned int wait_s;		/* of them: seconds to wait for an image in use */
	bool no_sandbox;
	bool json;
	bool json_begun, json_ended;
	unsigned int mem_mb;		/* 0: TOOL_MEM_MB or TOOL_MEM_WRITE_MB */
	const char *fstype;
	const char *mount_opts;
	const char *overlay;		/* file that has or takes the changes */
	uint64_t offset, size;		/* where in the image the disk is; size 0: to the end */
	unsigned int sector_size;	/* 0: found out */
	bool force_write;
	const char *format, *snapshot, *backing_dir;	/* as in AnyfsDiskOpts */
	uint64_t files, bytes;		/* done so far, for result.c and progress.c */
	uint64_t failures;		/* messages of failures so far */
};

struct verb {
	const char *name;
	const char *args;		/* "[-lR] IMAGE [PATH]..." */
	const char *summary;		/* one line */
	const char *help;		/* its own options and what else to say */
	bool has_json;			/* --json: prints its answer so, an array */
	bool has_json_object;		/* likewise, one object */
	bool has_result;		/* --json: result.c tells what became of it */
	const char *unknown_option;	/* what to say of one, "; ...", or NULL */
	bool no_mount;			/* has no options for mounting an image */
	bool writes;			/* changes the image; no other verb opens it for writing */
	int (*run)(struct tool *t, int argc, char **argv);
};

#endif /* ANYFS_TOOL_H */
