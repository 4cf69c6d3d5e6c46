// SPDX-License-Identifier: GPL-2.0
/*
 * oci-in.c - anyfs oci-in: unpack a container image
 */
#include <locale.h>
#include "messages.h"
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
	bool print_config;
};

/* Verify all layers before the first one changes the image. */
static bool check_layers(struct oci_in *o, struct oci_image *image)
{
	bool good = true;

	for (size_t i = 0; good && i < image->nr_layers; i++)
		good = oci_layer_check(&o->store, image, i) && !tool_stopping(o->in.t);
	return good;
}

/* Print the command, environment and so on with which the image is to be run. */
static void print_config(struct oci_in *o, const struct oci_image *image)
{
	struct json_object *config = oci_object(image->config, "config");

	puts(config ? json_object_to_json_string_ext(config, JSON_C_TO_STRING_PRETTY) : "{}");
	tool_check_output(o->in.t);
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
		if (o->print_config)
			print_config(o, &image);
	}
	oci_image_free(&image);
}

enum { OPT_PLATFORM = OPT_TAR_IN_END, OPT_REF, OPT_PRINT_CONFIG };

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "platform", required_argument, NULL, OPT_PLATFORM },
		{ "print-config", no_argument, NULL, OPT_PRINT_CONFIG },
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
		o.print_config |= c == OPT_PRINT_CONFIG;
	}
	if (o.print_config && t->json)
		tool_usage(t, "--print-config and --json both print JSON: give only one");
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
	.args = "[--platform OS/ARCH] [--ref NAME] [--print-config] [--json] IMAGE DIR|TAR [PATH]",
	.summary = OCI_IN_SUMMARY,
	.help = "DIR or TAR is an OCI image layout, or an archive that \"docker save\" wrote.  Its layers\n"
		"go into the directory PATH, by default the root, in their order, and entries cannot\n"
		"escape it.  Digests of all layers are verified before the first file is written.  TAR\n"
		"\"-\" is standard input.\n\n"
		"  --platform OS/ARCH[/VARIANT]  the image to unpack, by default " OCI_PLATFORM "\n"
		"  --ref NAME        the image with this name, such as a tag\n"
		"  --print-config    print the image's command, environment and so on as JSON\n"
		TAR_IN_HELP,
	.has_result = true,
	.writes = true,
	.has_progress = true,
	.run = run,
};
