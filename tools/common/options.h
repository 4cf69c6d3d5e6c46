/* SPDX-License-Identifier: GPL-2.0 */
/*
 * options.h - the options common to all verbs, and the text of --help
 */
#ifndef ANYFS_OPTIONS_H
#define ANYFS_OPTIONS_H

#include <getopt.h>
#include "tool.h"

#define TOOL_SHORT_OPTIONS	"vo:"
enum {
	OPT_HELP = 0x100, OPT_MEM, OPT_FSTYPE, OPT_JSON, OPT_OVERLAY, OPT_NO_SANDBOX, OPT_TIMEOUT,
	OPT_VERBOSE, OPT_WAIT, OPT_NO_WAIT, OPT_OFFSET, OPT_IMAGE_SIZE, OPT_SECTOR_SIZE,
	OPT_FORCE_WRITE, OPT_FORMAT, OPT_SNAPSHOT, OPT_BACKING, OPT_MEMBER, OPT_DEGRADED, OPT_KEY,
	OPT_KEY_SLOT, OPT_KDF_MEMORY, OPT_KDF_SECONDS, OPT_NO_PROMPT, OPT_CRYPT, OPT_SUBVOL,
	OPT_CACHE_FILE, OPT_CACHE_SIZE, OPT_HEADER, OPT_DOWNLOAD, OPT_NET_TIMEOUT, OPT_NO_GLOB,
	OPT_UNPACK_DIR, OPT_UNPACK_LIMIT, OPT_JSON_LINES, OPT_PROGRESS_FD,
	OPT_REPRODUCIBLE,
	OPT_VERB
};
#define TOOL_LONG_OPTIONS \
	{ "help", no_argument, NULL, OPT_HELP }, \
	{ "mem", required_argument, NULL, OPT_MEM }, \
	{ "fstype", required_argument, NULL, OPT_FSTYPE }, \
	{ "json", no_argument, NULL, OPT_JSON }, \
	{ "json-lines", no_argument, NULL, OPT_JSON_LINES }, \
	{ "overlay", required_argument, NULL, OPT_OVERLAY }, \
	{ "format", required_argument, NULL, OPT_FORMAT }, \
	{ "snapshot", required_argument, NULL, OPT_SNAPSHOT }, \
	{ "allow-backing", optional_argument, NULL, OPT_BACKING }, \
	{ "unpack-dir", required_argument, NULL, OPT_UNPACK_DIR }, \
	{ "unpack-limit", required_argument, NULL, OPT_UNPACK_LIMIT }, \
	{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX }, \
	{ "no-glob", no_argument, NULL, OPT_NO_GLOB }, \
	{ "progress-fd", required_argument, NULL, OPT_PROGRESS_FD }, \
	{ "reproducible", no_argument, NULL, OPT_REPRODUCIBLE }, \
	{ "timeout", required_argument, NULL, OPT_TIMEOUT }, \
	{ "verbose", no_argument, NULL, OPT_VERBOSE }, \
	{ "wait", required_argument, NULL, OPT_WAIT }, \
	{ "no-wait", no_argument, NULL, OPT_NO_WAIT }, \
	{ "offset", required_argument, NULL, OPT_OFFSET }, \
	{ "size", required_argument, NULL, OPT_IMAGE_SIZE }, \
	{ "sector-size", required_argument, NULL, OPT_SECTOR_SIZE }, \
	{ "force-write", no_argument, NULL, OPT_FORCE_WRITE }, \
	{ "key", required_argument, NULL, OPT_KEY }, \
	{ "key-slot", required_argument, NULL, OPT_KEY_SLOT }, \
	{ "kdf-memory", required_argument, NULL, OPT_KDF_MEMORY }, \
	{ "kdf-seconds", required_argument, NULL, OPT_KDF_SECONDS }, \
	{ "no-prompt", no_argument, NULL, OPT_NO_PROMPT }, \
	{ "crypt", required_argument, NULL, OPT_CRYPT }, \
	{ "member", required_argument, NULL, OPT_MEMBER }, \
	{ "degraded", no_argument, NULL, OPT_DEGRADED }, \
	{ "subvol", required_argument, NULL, OPT_SUBVOL }, \
	{ "cache-file", required_argument, NULL, OPT_CACHE_FILE }, \
	{ "cache-size", required_argument, NULL, OPT_CACHE_SIZE }, \
	{ "header", required_argument, NULL, OPT_HEADER }, \
	{ "download", no_argument, NULL, OPT_DOWNLOAD }, \
	{ "net-timeout", required_argument, NULL, OPT_NET_TIMEOUT }, \
	{ NULL, 0, NULL, 0 }

/*
 * Like getopt_long(), but handles the common options; ends the program on an invalid option.
 * With "+" first in @own_short, options end at the first argument that is not an option.
 */
int tool_getopt(struct tool *t, int argc, char **argv, const char *own_short,
		const struct option *options);
/* End the program with a message unless @min to @max arguments are left; @max 0: no limit. */
void tool_need_args(struct tool *t, int argc, int min, int max);
/* tool_getopt() and tool_need_args(), for a verb without options of its own. */
void tool_plain_args(struct tool *t, int argc, char **argv, int min, int max);
/* Print a message that refers to --help, and exit with EXIT_USAGE. */
void tool_usage(struct tool *t, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));
/* The number @text, the value of @option; tool_usage() unless it is from @min to @max. */
unsigned int tool_number(struct tool *t, const char *option, const char *text,
			 unsigned long min, unsigned long max);

/* Print the text of --help of the verb t->verb. */
void tool_print_help(struct tool *t, FILE *out);

/* timeout.c */

/* End the program with a message if it is still running after @seconds. */
void tool_set_timeout(struct tool *t, unsigned int seconds);
/* Until timeout_keeps(), the end by timeout removes the new file @path; up to four files. */
void timeout_removes(const char *path);
void timeout_keeps(const char *path);

#endif /* ANYFS_OPTIONS_H */
