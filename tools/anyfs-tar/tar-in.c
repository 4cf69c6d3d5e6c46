// SPDX-License-Identifier: GPL-2.0
/*
 * tar-in.c - anyfs tar-in: unpack a tar archive from standard input
 */
#include <locale.h>
#include <string.h>
#include <unistd.h>
#include "image-path.h"
#include "input.h"
#include "mtree.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "selinux-labels.h"
#include "signals.h"
#include "tar-in.h"
#include "tar-input.h"
#include "tar-verbs.h"

enum { OPT_MANIFEST = OPT_TAR_IN_END };

static long read_stdin(struct tar_input *input, void *buf, size_t len)
{
	return tool_read_input(input->t, buf, len);
}

static void extract(void *data, struct archive_entry *entry)
{
	tar_extract(data, entry);
}

void tar_in_option(struct tar_in *in, int c)
{
	if (c == OPT_OWNER)
		in->owner_text = optarg;
	else if (c == OPT_NO_OWNER)
		in->owner_text = "0:0";
	if (c == OPT_SELINUX)
		in->labels = selinux_open(in->t, optarg);
	in->no_flags |= c == OPT_NO_FLAGS;
	in->no_xattrs |= c == OPT_NO_XATTRS;
}

bool tar_in_open(struct tar_in *in, const char *path)
{
	if (in->owner_text && !owner_parse(in->t, path, in->owner_text, &in->owner))
		return false;
	in->sets_owner = in->owner_text;
	if (tool_refuses_root(in->t, path))
		return false;
	in->base_path = path;
	in->base = tool_openat(in->t, path, LKL_O_RDONLY | LKL_O_DIRECTORY);
	if (in->labels)
		selinux_set_top(in->labels, path, false);
	return in->base >= 0;
}

static void unpack_into(struct tar_in *in, const char *path, const struct manifest *manifest)
{
	struct tar_input input = {
		.t = in->t, .name = "archive", .source = "standard input", .read = read_stdin,
	};

	if (!tar_in_open(in, path))
		return;
	if (tar_input_open(&input)) {
		in->archive = input.archive;
		progress_begin();
		tar_input_each(&input, "nothing after this was extracted", extract, in);
		tar_meta_end(in);
		if (manifest->nr && !tool_stopping(in->t))
			manifest_apply(in->t, manifest, in->base, path);
	}
	tar_input_close(&input);
}

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "manifest", required_argument, NULL, OPT_MANIFEST },
		TAR_IN_OPTIONS, TOOL_LONG_OPTIONS
	};
	struct tar_in in = { .t = t, .parent_fd = -1 };
	struct manifest manifest = { 0 };
	const char *file = NULL;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1) {
		if (c == OPT_MANIFEST)
			file = optarg;
		else
			tar_in_option(&in, c);
	}
	tool_need_args(t, argc, 2, 2);
	if (isatty(STDIN_FILENO))
		tool_usage(t, "standard input is a terminal: redirect the archive with <");
	if (file && !strcmp(file, "-"))
		tool_usage(t, "standard input is the archive: give the manifest as a file");
	if (file)
		manifest_read_mtree(t, file, &manifest);
	/* Wait for the first byte only: storing a large archive first would take time. */
	tool_collect_input(t, 1);
	/* libarchive converts names, which are UTF-8 in archives, to the locale's charset. */
	setlocale(LC_CTYPE, "C.UTF-8");
	tool_open(t, argv[optind]);
	unpack_into(&in, argv[optind + 1], &manifest);
	manifest_free(&manifest);
	return 0;
}

const struct verb verb_tar_in = {
	.name = "tar-in",
	.args = "[--owner USER[:GROUP]] [--manifest FILE] [--json] IMAGE PATH <TAR",
	.summary = TAR_IN_SUMMARY,
	.help = "Files go into the directory PATH, and entries cannot escape it.  The archive may be\n"
		"compressed.  Owners are set by number; ACLs and extended attributes are kept.\n\n"
		TAR_IN_HELP
		"  --manifest FILE   then set owners, modes, times and attributes from an mtree file,\n"
		"                    whose paths begin at PATH, and create the devices that it lists\n",
	.has_result = true,
	.writes = true,
	.has_progress = true,
	.run = run,
};
