/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tool.h - what the verbs of anyfs share
 *
 * A verb parses its options, opens the image and does its job.  What fails is
 * told at once in one line; the exit code is the worst that happened.
 */
#ifndef ANYFS_TOOL_H
#define ANYFS_TOOL_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/stat.h>
#include "sandbox.h"
#include "side.h"

#define EXIT_FAILED	1		/* something could not be done */
#define EXIT_USAGE	2
#define EXIT_SIGNAL	128		/* and the number of the signal that ended it early */

/*
 * A tool reads everything once: memory that is used again beats memory that is
 * touched for the first time, so less than the library's default is faster.
 */
#define TOOL_MEM_MB	64
/*
 * xfs keeps what it knows of new files until its log is written: tens of
 * thousands of small ones fill 128 MiB, and the kernel dies.
 */
#define TOOL_MEM_WRITE_MB	192

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
	bool verbose;
	bool wait_given;		/* --wait or --no-wait */
	unsigned int wait_s;		/* of them: seconds to wait for an image in use */
	bool no_sandbox;
	bool json;
	bool json_begun;
	unsigned int mem_mb;		/* 0: TOOL_MEM_MB or TOOL_MEM_WRITE_MB */
	const char *fstype;
	const char *mount_opts;
	const char *overlay;		/* file that has or takes the changes */
	uint64_t files, bytes;		/* done so far, for result.c and progress.c */
};

struct verb {
	const char *name;
	const char *args;		/* "[-lR] IMAGE [PATH]..." */
	const char *summary;		/* one line */
	const char *help;		/* its own options and what else to say */
	bool has_json;			/* --json: prints its answer so */
	bool has_result;		/* --json: result.c tells what became of it */
	bool writes;			/* changes the image; no other verb opens it for writing */
	int (*run)(struct tool *t, int argc, char **argv);
};

/* The verbs, one file each (cmd-*.c). */
extern const struct verb verb_ls, verb_cat, verb_get, verb_stat, verb_hash, verb_parts, verb_info,
	verb_put, verb_mkdir, verb_rm, verb_mv, verb_ln, verb_chmod, verb_chown, verb_touch,
	verb_truncate, verb_setfattr, verb_getfattr, verb_sync, verb_fsync,
	verb_mkfs;

/* options.c */

#define TOOL_SHORT_OPTIONS	"vo:"
enum {
	OPT_HELP = 0x100, OPT_MEM, OPT_FSTYPE, OPT_JSON, OPT_OVERLAY, OPT_NO_SANDBOX, OPT_TIMEOUT,
	OPT_VERBOSE, OPT_WAIT, OPT_NO_WAIT, OPT_VERB
};
#define TOOL_LONG_OPTIONS \
	{ "help", no_argument, NULL, OPT_HELP }, \
	{ "mem", required_argument, NULL, OPT_MEM }, \
	{ "fstype", required_argument, NULL, OPT_FSTYPE }, \
	{ "json", no_argument, NULL, OPT_JSON }, \
	{ "overlay", required_argument, NULL, OPT_OVERLAY }, \
	{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX }, \
	{ "timeout", required_argument, NULL, OPT_TIMEOUT }, \
	{ "verbose", no_argument, NULL, OPT_VERBOSE }, \
	{ "wait", required_argument, NULL, OPT_WAIT }, \
	{ "no-wait", no_argument, NULL, OPT_NO_WAIT }, \
	{ NULL, 0, NULL, 0 }

/* getopt_long() that deals with the common options itself; ends the program on a bad one. */
int tool_getopt(struct tool *t, int argc, char **argv, const char *own_short,
		const struct option *options);
/* End the program with a message unless @min to @max arguments are left. */
void tool_need_args(struct tool *t, int argc, int min, int max);
/* Both, for a verb that has no options of its own. */
void tool_plain_args(struct tool *t, int argc, char **argv, int min, int max);
void tool_usage(struct tool *t, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* timeout.c */

/* End the program, with a message, if it still runs in @seconds. */
void tool_set_timeout(struct tool *t, unsigned int seconds);

/* tool.c */

/*
 * Say before tool_open() that @path of the host is needed after it: a file or
 * tree to be read or, with @write, a directory to make files in.  Borrowed.
 */
void tool_needs_host(struct tool *t, const char *path, bool write);
/* Boot a kernel, in the sandbox; ends the program if that fails. */
void tool_boot(struct tool *t);
/*
 * As tool_boot(), and open @path: for writing if the verb writes, else read-only;
 * ends the program if that fails.  From here on only what tool_needs_host() was
 * told of is to be asked of the host, and in a verb that writes SIGINT, SIGTERM
 * and SIGHUP only make tool_stopping() true.
 */
void tool_open(struct tool *t, const char *path);
/*
 * The end.  What a verb wrote to the image is stored and unmounted, what is still
 * in stdout's buffer is written; that either failed is told and is the exit code.
 */
int tool_finish(struct tool *t) __attribute__((noreturn));

/* One line on stderr, "program: text"; the exit code becomes 1. */
void tool_error(struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As tool_error(), "path: reason of the kernel's or the host's -errno @err". */
void tool_errno(struct tool *t, const char *path, long err);
/* As tool_errno() with a reason of our own; @err is for programs. */
void tool_failed(struct tool *t, const char *path, const char *reason, long err);
/* As tool_errno() with what was not done: "path: not copied: reason". */
void tool_not_done(struct tool *t, const char *path, const char *what, long err);
/* One line on stderr that is no failure. */
void tool_note(struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* End the program: out of memory. */
void tool_no_memory(struct tool *t) __attribute__((noreturn));
/* malloc(), or that. */
void *tool_alloc(struct tool *t, size_t size);
/* End the program if stdout has failed. */
void tool_check_output(struct tool *t);
/* Open a path of the image's namespace; -errno with the message printed. */
int tool_openat(struct tool *t, const char *path, int flags);
/* What was opened is the root that holds the partitions. */
bool tool_is_root(struct tool *t, const char *path);
/*
 * Where @path stands: a directory, opened O_PATH, and a name in it ("." if it is
 * the top of a file system), to be freed.  The name may be a symbolic link, or
 * not exist.  -errno with the message printed.
 */
int tool_locate(struct tool *t, const char *path, char **name);

/* True, and told, if @path is the root above the partitions, where nothing can be made. */
bool tool_refuses_root(struct tool *t, const char *path);
/* As tool_locate(), for a path that is to be changed or made; the root is refused. */
int tool_locate_change(struct tool *t, const char *path, char **name);
/* As tool_locate_change() with a symbolic link as last component followed. */
int tool_locate_target(struct tool *t, const char *path, char **name);

/* signals.c */

/* From now on SIGINT, SIGTERM and SIGHUP end the run at the next tool_stopping(). */
void tool_catch_signals(struct tool *t);
/* True once a signal came (which is told) or failed_for_good is set: start nothing new. */
bool tool_stopping(struct tool *t);
/* Wait until read(2) from @fd does not block; false once tool_stopping() is true. */
bool tool_wait_readable(struct tool *t, int fd);

/* input.c */

/*
 * Before tool_open(), for a verb that reads standard input: wait for its first byte, and
 * read up to about @max bytes of it into a temporary file, unless it is a regular file.
 * Ends the program if it is closed or cannot be read.
 */
#define INPUT_BEFORE_LOCK	(4u << 20)	/* enough for files that are edited */
void tool_collect_input(struct tool *t, uint64_t max);
/* Pause for @ms milliseconds, or less while collected input goes on coming. */
void tool_wait_input(struct tool *t, unsigned int ms);
/* read(2) from standard input, what was collected first; -EINTR once tool_stopping(). */
long tool_read_input(struct tool *t, void *buf, size_t len);

/* lock-wait.c */

/*
 * The image at @path is in use.  True after a short pause: try again.  False when the
 * time of --wait is over (it begins with the first call), or the run is to end.
 */
bool tool_wait_lock(struct tool *t, const char *path);

/* progress.c: a line on the terminal that is written over */

void progress_begin(void);
void progress_show(struct tool *t);
void progress_end(void);		/* before a message */

/* result.c: {"failed": [{path, reason, code}...], "files", "bytes", "exit"} */

/* @path or NULL, @err: -errno or 0. */
void result_failure(struct tool *t, const char *path, const char *reason, long err);
void result_end(struct tool *t);

/* escape.c */

/* Bytes that a terminal would obey become \n, \x1b ...; @space: blanks too. */
char *escape_text(const char *text, bool space);
/* Print @name as it is, or escaped if stdout is a terminal. */
void print_name(const char *name);
/*
 * Length of the UTF-8 sequence at @p, 0 if it is none: no overlong forms, no
 * surrogates.  *@code gets the character.
 */
int utf8_len(const unsigned char *p, unsigned int *code);
/* Controls of ASCII and Latin-1, and what turns the direction of text. */
bool text_unsafe(unsigned int code);

/* json.c */

/* As JSON string, quotes included; bytes that are not UTF-8 become U+FFFD. */
void json_string(const char *text);
/* "key": "text", and "key_hex" if the text had to be changed. */
void json_text(const char *key, const char *text);

/*
 * An array of objects, one a line; nothing is printed before the first.
 * Before an object: what goes between it and the one before, and its brace.
 */
void json_separator(struct tool *t);
/* The end of the array, with --json; nothing if all that was asked for failed. */
void json_end(struct tool *t);

/* format.c */

/* "drwxr-xr-x" */
void format_mode(unsigned int mode, char out[11]);
/* "file", "directory" ... */
const char *format_type(unsigned int mode);
/* "4.0K", "1.2G" */
void format_size(uint64_t size, char *out, size_t len);
/* "2024-02-29 12:34", with @full seconds, fraction and zone. */
void format_time(const struct lkl_statx_timestamp *ts, bool full, char *out, size_t len);

/* entry.c: what is known of one file */

#define ENTRY_MASK	(LKL_STATX_BASIC_STATS | LKL_STATX_BTIME)

/* The link text of dirfd/name, to be freed; NULL and *@err on failure. */
char *entry_target(const struct side *side, int dirfd, const char *name, uint64_t size,
		   long *err);
/* The members of a JSON object, without braces. */
void entry_json(const char *path, const struct lkl_statx *stx, const char *target);

/* xattr.c: extended attributes, symbolic links not followed */

typedef long xattr_fn(void *data, const char *key, const void *value, size_t len);
/* Call @fn for each of @f's; 0, the first thing it returned, or -errno. */
long xattr_each(const struct side *side, const struct side_file *f, xattr_fn *fn, void *data);

/* dirlist.c: a directory read as a whole */

struct dirlist_entry {
	const char *name;
	unsigned char type;		/* DT_* */
};

struct dirlist {
	struct dirlist_entry *entries;
	size_t nr;
	char *names;			/* owns the text */
};

/* What entries are sorted by: the bytes of names, or of the paths below a tree. */
enum dirlist_order { ORDER_NAME, ORDER_PATH };

/* Everything in @fd but "." and "..", sorted.  0 or -errno. */
int dirlist_read(const struct side *side, int fd, enum dirlist_order order, struct dirlist *list);
void dirlist_free(struct dirlist *list);

/* walk.c: a tree, depth first */

#define WALK_DEPTH_MAX	2048

struct walk_node {
	int dirfd;			/* directory it stands in; -1 for the top */
	const char *name;
	const char *path;		/* for messages */
	const char *below;		/* relative to the top; "" for the top */
	unsigned char type;		/* DT_* */
	int fd;				/* a directory's own, else -1 */
	unsigned int depth;
};

struct walk_ops {
	/* Before a directory's children.  < 0: skip it (the message is printed). */
	int (*enter)(void *data, const struct walk_node *node);
	void (*leave)(void *data, const struct walk_node *node);
	/* Everything that is no directory. */
	void (*other)(void *data, const struct walk_node *node);
};

/*
 * Walk below the directory @fd at @path (of the namespace for the image); @fd is
 * closed.  Ends early when tool_stopping(): every directory that was entered is
 * left, nothing else begun.
 */
void walk_tree(struct tool *t, const struct side *side, const char *path, int fd,
	       const struct walk_ops *ops, void *data);
/*
 * Open the child @name of a directory, itself a directory.  Below the root of a
 * partitioned disk this mounts.  Failure is told; a partition that holds no
 * file system is only noted.
 */
int walk_open_dir(struct tool *t, int dirfd, const char *name, const char *path, bool at_root);

/* strbuf.c: a path that grows and shrinks */

struct strbuf {
	char *text;
	size_t len, size;
};

/* Append "/name" ("name" if empty or ending in a slash); the length before, to go back to. */
size_t strbuf_push(struct tool *t, struct strbuf *b, const char *name);
void strbuf_pop(struct strbuf *b, size_t len);

#endif /* ANYFS_TOOL_H */
