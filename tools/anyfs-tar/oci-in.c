// SPDX-License-Identifier: GPL-2.0
/*
 * oci-in.c - anyfs oci-in: unpack a container image
 */
#include <locale.h>
#include "oci-platform.h"
#include "oci.h"
#include "output.h"
#include "run.h"
#include "signals.h"
#include "tar-verbs.h"

struct oci_in {
	struct oci_store store;
	struct tar_in in;
	const char *platform, *name;
};

/* Verify all layers before the first one changes the image. */
static bool check_layers(struct oci_in *o, struct oci_image *image)
{
	bool good = true;

	for (size_t i = 0; good && i < image->nr_layers; i++)
		good = oci_layer_check(&o->store, image, i) && !tool_stopping(o->in.t);
	return good;
}

static void unpack_into(struct oci_in *o, const char *path)
{
	struct oci_image image;

	if (!tar_in_open(&o->in, path) ||
	    !oci_choose(&o->store, o->platform, o->name, &image))
		return;
	progress_begin();
	if (check_layers(o, &image)) {
		for (size_t i = 0; i < image.nr_layers && !tool_stopping(o->in.t); i++)
			oci_layer_apply(&o->store, &o->in, &image, i);
		tar_meta_end(&o->in);
	}
	oci_image_free(&image);
}

enum { OPT_PLATFORM = OPT_TAR_IN_END, OPT_REF };

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "platform", required_argument, NULL, OPT_PLATFORM },
		{ "ref", required_argument, NULL, OPT_REF },
		TAR_IN_OPTIONS, TOOL_LONG_OPTIONS
	};
	struct oci_in o = {
		.in = { .t = t, .parent_fd = -1, .layers = true }, .platform = OCI_PLATFORM,
	};
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1) {
		tar_in_option(&o.in, c);
		if (c == OPT_PLATFORM)
			o.platform = oci_check_platform(t, optarg);
		else if (c == OPT_REF)
			o.name = optarg;
	}
	tool_need_args(t, argc, 2, 3);
	oci_store_open(&o.store, t, argv[optind + 1]);
	/* libarchive converts names, which are UTF-8 in archives, to the locale's charset. */
	setlocale(LC_CTYPE, "C.UTF-8");
	tool_open(t, argv[optind]);
	unpack_into(&o, argc - optind == 3 ? argv[optind + 2] : "/");
	return 0;
}

const struct verb verb_oci_in = {
	.name = "oci-in",
	.args = "[--platform OS/ARCH] [--ref NAME] [--json] IMAGE DIR|TAR [PATH]",
	.summary = OCI_IN_SUMMARY,
	.help = "DIR or TAR is an OCI image layout, or an archive that \"docker save\" wrote.  Its layers\n"
		"go into the directory PATH, by default the root, in their order, and entries cannot\n"
		"escape it.  Digests of all layers are verified before the first file is written.\n\n"
		"  --platform OS/ARCH[/VARIANT]  the image to unpack, by default " OCI_PLATFORM "\n"
		"  --ref NAME        the image with this name, such as a tag\n"
		TAR_IN_HELP,
	.has_result = true,
	.writes = true,
	.has_progress = true,
	.run = run,
};
