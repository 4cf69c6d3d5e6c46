// SPDX-License-Identifier: GPL-2.0
/*
 * tar-in.c - anyfs tar-in: unpack a tar archive from standard input
 *
 * libarchive reads the archive.  Only filters that run in this process are enabled: the
 * others would let the archive decide which programs are started.
 */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "change.h"
#include "image-path.h"
#include "input.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "tar-in.h"
#include "tar-verbs.h"

#define BUFFER_SIZE	(1u << 20)
#define BLOCK		512

struct input {
	struct tool *t;
	char *buf;
	char tail[BLOCK];		/* the last bytes read */
	size_t tail_len;
	bool ended;
};

static void keep_tail(struct input *in, size_t n)
{
	size_t keep = n < BLOCK ? n : BLOCK, old = BLOCK - keep;

	if (old > in->tail_len)
		old = in->tail_len;
	memmove(in->tail, in->tail + in->tail_len - old, old);
	memcpy(in->tail + old, in->buf + n - keep, keep);
	in->tail_len = old + keep;
}

static la_ssize_t read_input(struct archive *a, void *data, const void **buf)
{
	struct input *in = data;
	long n = tool_read_input(in->t, in->buf, BUFFER_SIZE);

	*buf = in->buf;
	if (n < 0) {
		archive_set_error(a, -n, "standard input: %s", strerror(-n));
		return ARCHIVE_FATAL;
	}
	in->ended = !n;
	if (n)
		keep_tail(in, n);
	return n;
}

/* Zeros at the end are the only sign that an uncompressed archive is complete. */
static bool cut_off(const struct tar_in *in, const struct input *input)
{
	static const char zeros[BLOCK];

	return input->ended && archive_filter_count(in->archive) == 1 &&
	       (input->tail_len < BLOCK || memcmp(input->tail, zeros, BLOCK));
}

/* Read the rest of the input, so that the writing program does not get SIGPIPE. */
static void drain(struct input *in)
{
	while (!in->ended && tool_read_input(in->t, in->buf, BUFFER_SIZE) > 0)
		;
}

/* libarchive warns about names that are not UTF-8; they are kept as bytes. */
static bool is_harmless(struct archive *a)
{
	const char *text = archive_error_string(a);

	return text && strstr(text, "can't be converted");
}

static void unpack(struct tar_in *in, struct input *input)
{
	struct archive_entry *entry;
	int rc = ARCHIVE_OK;

	while (!tool_stopping(in->t)) {
		rc = archive_read_next_header(in->archive, &entry);
		if (rc == ARCHIVE_EOF || rc == ARCHIVE_FATAL)
			break;
		if (rc != ARCHIVE_OK && !is_harmless(in->archive))
			tool_error(in->t, "archive: %s", archive_error_string(in->archive));
		if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
			tar_extract(in, entry);
	}
	if (in->t->signal || in->t->end_early)
		return;
	if (rc == ARCHIVE_FATAL)
		tool_error(in->t, "archive: %s; nothing after this was extracted",
			   archive_error_string(in->archive));
	else if (cut_off(in, input))
		tool_error(in->t, "archive: no end-of-archive mark: is it truncated?");
	else
		drain(input);
}

static struct archive *open_archive(struct input *input)
{
	static int (*const filters[])(struct archive *a) = {
		archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
		archive_read_support_filter_xz, archive_read_support_filter_lzma,
		archive_read_support_filter_zstd, archive_read_support_filter_lz4,
		archive_read_support_filter_lzip, archive_read_support_filter_compress,
	};
	struct archive *a = archive_read_new();

	if (!a)
		tool_no_memory(input->t);
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		filters[i](a);
	archive_read_support_format_tar(a);
	if (archive_read_open(a, input, NULL, read_input, NULL) == ARCHIVE_OK)
		return a;
	tool_error(input->t, "archive: %s", archive_error_string(a));
	archive_read_free(a);
	return NULL;
}

static void unpack_into(struct tar_in *in, const char *path, const char *owner)
{
	struct input input = { .t = in->t, .buf = tool_alloc(in->t, BUFFER_SIZE) };

	if (owner && !owner_parse(in->t, path, owner, &in->owner))
		return;
	in->sets_owner = owner;
	if (tool_refuses_root(in->t, path))
		return;
	in->base = tool_openat(in->t, path, LKL_O_RDONLY | LKL_O_DIRECTORY);
	if (in->base < 0)
		return;
	in->archive = open_archive(&input);
	if (!in->archive)
		return;
	progress_begin();
	unpack(in, &input);
	tar_meta_end(in);
	archive_read_free(in->archive);
	free(input.buf);
}

enum { OPT_OWNER = OPT_VERB, OPT_NO_OWNER, OPT_NUMERIC_OWNER, OPT_NO_XATTRS, OPT_NO_FLAGS };

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "owner", required_argument, NULL, OPT_OWNER },
		{ "no-flags", no_argument, NULL, OPT_NO_FLAGS },
		{ "no-owner", no_argument, NULL, OPT_NO_OWNER },
		{ "no-xattrs", no_argument, NULL, OPT_NO_XATTRS },
		{ "numeric-owner", no_argument, NULL, OPT_NUMERIC_OWNER },
		TOOL_LONG_OPTIONS
	};
	struct tar_in in = { .t = t, .parent_fd = -1 };
	const char *owner = NULL;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1) {
		if (c == OPT_OWNER)
			owner = optarg;
		else if (c == OPT_NO_OWNER)
			owner = "0:0";
		in.no_flags |= c == OPT_NO_FLAGS;
		in.no_xattrs |= c == OPT_NO_XATTRS;
	}
	tool_need_args(t, argc, 2, 2);
	if (isatty(STDIN_FILENO))
		tool_usage(t, "standard input is a terminal: redirect the archive with <");
	/* Wait for the first byte only: storing a large archive first would take time. */
	tool_collect_input(t, 1);
	/* libarchive converts names, which are UTF-8 in archives, to the locale's charset. */
	setlocale(LC_CTYPE, "C.UTF-8");
	tool_open(t, argv[optind]);
	unpack_into(&in, argv[optind + 1], owner);
	return 0;
}

const struct verb verb_tar_in = {
	.name = "tar-in",
	.args = "[--owner USER[:GROUP]] [--no-xattrs] [--json] IMAGE PATH <TAR",
	.summary = TAR_IN_SUMMARY,
	.help = "Files go into the directory PATH, and entries cannot escape it.  The archive may be\n"
		"compressed.  Owners are set by number; ACLs and extended attributes are kept.\n\n"
		"  --owner USER[:GROUP]  owner of all files, instead of those in the archive\n"
		"  --no-owner        root owns all files\n"
		"  --no-xattrs       do not extract extended attributes and ACLs\n"
		"  --no-flags        do not report flags of chattr, which are never set\n"
		"  --numeric-owner   owners are always set by number; accepted for scripts\n",
	.has_result = true,
	.writes = true,
	.run = run,
};
