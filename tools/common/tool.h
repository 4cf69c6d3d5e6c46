/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tool.h - struct tool, the state of a run, and struct verb, the command to run
 *
 * A verb parses its options, opens the image and does its job.  Each failure is reported
 * at once in one line, and sets the exit code.
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
#define EXIT_OPEN	3		/* the image cannot be opened */
#define EXIT_KEY	4		/* no key, or a wrong one, for an encrypted volume */
#define EXIT_TIMEOUT	124		/* the time of --timeout was over */
#define EXIT_SIGNAL	128		/* plus the number of the signal that ended the run */

struct verb;
struct tool_session;

/* Another image: with members of volumes in the first one, or another side of copy or diff. */
struct tool_member {
	const char *path;
	bool readonly;			/* even if the verb writes */
	struct anyfs_source *source;	/* before the kernel runs */
	struct anyfs_image *image;	/* from then on */
};

struct tool {
	const char *program;		/* for messages */
	const struct verb *verb;
	struct tool_session *session;	/* NULL: this run has one verb; see session.h */
	struct anyfs_image *image;
	const char *image_path;
	struct anyfs_image *first_image;	/* saved while tool_use_image() has set another */
	const char *first_path;
	struct sandbox_path *host;	/* paths given to tool_needs_host() */
	size_t nr_host;
	int status;			/* exit code so far */
	int signal;			/* signal that ends the run early, or 0 */
	int output_error;		/* errno of the first write to stdout that failed, or 0 */
	bool end_early;			/* further work would fail too, or is not wanted */
	bool paths_are_host;		/* paths in messages are the host's, not the image's */
	bool verbose;
	bool wait_given;		/* --wait or --no-wait */
	unsigned int wait_s;		/* seconds to wait for a locked image, if wait_given */
	bool no_sandbox;
	bool reproducible;		/* --reproducible was given */
	bool no_glob;			/* paths are never patterns: see glob.h */
	bool json;
	bool json_lines;		/* with json: no array, an object on each line */
	bool json_begun, json_ended;
	unsigned int mem_mb;		/* 0: TOOL_MEM_MB or TOOL_MEM_WRITE_MB */
	const char *fstype;
	const char *mount_opts, *subvol;
	const char *overlay;		/* file that stores the changes to the image, or NULL */
	uint64_t offset, size;		/* bytes: the disk within the image; size 0: to the end */
	unsigned int sector_size;	/* bytes; 0: detect it */
	bool force_write, degraded;
	bool opens_inner;		/* a path leads into a disk image inside the image */
	struct tool_member *members;	/* images of --member */
	size_t nr_members;
	const char *format, *snapshot, *backing_dir;	/* see struct anyfs_disk_opts */
	const char *unpack_dir;
	uint64_t unpack_limit;		/* bytes; 0: default */
	/* Of an image at an address, see struct anyfs_disk_opts. */
	const char *cache_file;
	uint64_t cache_size;
	const char **headers;
	unsigned int nr_headers, net_timeout;
	bool download;
	uint64_t files, bytes;		/* done so far, for result.c and progress.c */
	uint64_t failures;		/* messages of failures so far */
};

struct verb {
	const char *name;
	const char *args;		/* "[-lR] IMAGE [PATH]..." */
	const char *summary;		/* one line */
	const char *help;		/* the verb's own options and notes */
	/*
	 * One letter for each operand after IMAGE:
	 *   p  a path of the image
	 *   h  a path of the host
	 *   t  other text
	 *   o  the verb has no IMAGE, and the operand is one of operand.h
	 *   a  a path of the image, or text if it begins with "+", "-" or "="
	 *   e  at the end: the first operand that begins with "-", "(" or "!", and all that
	 *      follow, are text
	 * "+" after a letter means one or more operands.
	 */
	const char *operands;
	bool no_image;			/* the verb opens no image, and has no options for one */
	bool no_shell;			/* the verb needs a process of its own */
	/* --json prints the verb's data as an array, --json-lines as lines. */
	bool has_json;
	bool has_json_object;		/* --json prints the verb's data as one object */
	bool has_result;		/* --json prints failures and counts (result.c) */
	const char *unknown_option;	/* a hint, "; ...", after "unknown option", or NULL */
	bool has_progress;		/* counts files and bytes, for --progress-fd */
	bool no_mount;			/* does not accept mount options */
	bool new_volumes;		/* with no_mount: has keys, of volumes that it makes */
	bool keeps_discards;		/* see anyfs_disk_discards(): changes stay in memory */
	bool never_asks;		/* never ask for passwords; report locked volumes */
	bool writes;			/* the image is opened for writing */
	bool catches_signals;		/* ends cleanly; so does all that writes */
	bool may_write;			/* some options write, or another program does */
	int failed_status;		/* exit code after a failure; 0: EXIT_FAILED */
	bool serves;			/* clients connect to it */
	int (*run)(struct tool *t, int argc, char **argv);
};

#endif /* ANYFS_TOOL_H */
