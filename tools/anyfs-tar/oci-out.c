// SPDX-License-Identifier: GPL-2.0
/*
 * oci-out.c - anyfs oci-out: write a tree as a container image
 *
 * The image layout has one layer.  Nothing in it depends on the time of the run or on the host.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <json-c/json.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "glob.h"
#include "image-path.h"
#include "messages.h"
#include "oci-out.h"
#include "oci-platform.h"
#include "operand.h"
#include "output.h"
#include "run.h"
#include "tar-verbs.h"

#define OCI_TYPE	"application/vnd.oci.image."

struct oci_out {
	struct tar_out tar;		/* first: abandon_output() gets a pointer to it */
	struct oci_output output;
	char *os, *arch, *variant;
	const char *ref;
	enum oci_compression compression;
	char created[32];		/* SOURCE_DATE_EPOCH, or "" */
};

static void abandon_output(struct tar_out *tar)
{
	oci_output_abandon(&((struct oci_out *)tar)->output);
}

static void set_member(struct json_object *o, const char *key, struct json_object *value)
{
	json_object_object_add(o, key, value);
}

static void set_text(struct json_object *o, const char *key, const char *text)
{
	set_member(o, key, json_object_new_string(text));
}

static struct json_object *list_of(struct json_object *item)
{
	struct json_object *list = json_object_new_array();

	json_object_array_add(list, item);
	return list;
}

static struct json_object *descriptor_of(const char *type, const char *hex, uint64_t size)
{
	struct json_object *o = json_object_new_object();
	char digest[8 + OCI_SHA256_HEX];

	snprintf(digest, sizeof(digest), "sha256:%s", hex);
	set_text(o, "mediaType", type);
	set_text(o, "digest", digest);
	set_member(o, "size", json_object_new_int64(size));
	return o;
}

static void set_platform(const struct oci_out *out, struct json_object *o)
{
	set_text(o, "architecture", out->arch);
	set_text(o, "os", out->os);
	if (out->variant)
		set_text(o, "variant", out->variant);
}

static struct json_object *make_config(const struct oci_out *out, const struct oci_packed *packed)
{
	struct json_object *o = json_object_new_object(), *rootfs = json_object_new_object(),
			   *history = json_object_new_object();
	char diff_id[8 + OCI_SHA256_HEX];

	snprintf(diff_id, sizeof(diff_id), "sha256:%s", packed->diff_id);
	if (*out->created) {
		set_text(o, "created", out->created);
		set_text(history, "created", out->created);
	}
	set_text(history, "created_by", "anyfs oci-out");
	set_platform(out, o);
	set_member(o, "config", json_object_new_object());
	set_text(rootfs, "type", "layers");
	set_member(rootfs, "diff_ids", list_of(json_object_new_string(diff_id)));
	set_member(o, "rootfs", rootfs);
	set_member(o, "history", list_of(history));
	return o;
}

/* The text of @o, which is valid until @o is freed. */
static const char *text_of(struct oci_out *out, struct json_object *o, size_t *len)
{
	const char *text =
		json_object_to_json_string_length(o, JSON_C_TO_STRING_NOSLASHESCAPE, len);

	if (!text)
		tool_no_memory(out->tar.t);
	return text;
}

/* Write @o to the file @name, and free it. */
static void add_file(struct oci_out *out, const char *name, struct json_object *o)
{
	size_t len;
	const char *text = text_of(out, o, &len);

	oci_output_file(&out->output, name, text, len);
	json_object_put(o);
}

/* Write @o as a blob, and free it.  Returns the descriptor of the blob. */
static struct json_object *add_blob(struct oci_out *out, const char *type, struct json_object *o)
{
	size_t len;
	const char *text = text_of(out, o, &len);
	char hex[OCI_SHA256_HEX], name[32 + OCI_SHA256_HEX];

	oci_sha256(text, len, hex);
	snprintf(name, sizeof(name), "blobs/sha256/%s", hex);
	add_file(out, name, o);
	return descriptor_of(type, hex, len);
}

static struct json_object *begin_document(const char *type)
{
	struct json_object *o = json_object_new_object();

	set_member(o, "schemaVersion", json_object_new_int(2));
	set_text(o, "mediaType", type);
	return o;
}

/* Write the files that describe the layer. */
static void write_metadata(struct oci_out *out, const struct oci_packed *packed)
{
	static const char *const layer_types[] = {
		OCI_TYPE "layer.v1.tar", OCI_TYPE "layer.v1.tar+gzip", OCI_TYPE "layer.v1.tar+zstd",
	};
	struct json_object *manifest = begin_document(OCI_TYPE "manifest.v1+json"),
			   *index = begin_document(OCI_TYPE "index.v1+json"),
			   *layout = json_object_new_object(), *platform = json_object_new_object(),
			   *notes = json_object_new_object(), *described;

	set_member(manifest, "config", add_blob(out, OCI_TYPE "config.v1+json", make_config(out, packed)));
	set_member(manifest, "layers", list_of(descriptor_of(layer_types[out->compression], packed->digest,
						   packed->size)));
	described = add_blob(out, OCI_TYPE "manifest.v1+json", manifest);
	set_platform(out, platform);
	set_member(described, "platform", platform);
	set_text(notes, "org.opencontainers.image.ref.name", out->ref);
	set_member(described, "annotations", notes);
	set_member(index, "manifests", list_of(described));
	set_text(layout, "imageLayoutVersion", "1.0.0");
	add_file(out, "oci-layout", layout);
	add_file(out, "index.json", index);
}

static void write_image(struct oci_out *out, const char *given)
{
	struct tool *t = out->tar.t;
	char *path = tool_expand_one(t, given);
	struct oci_packed packed;
	int fd = !path || tool_refuses_root(t, path) ? -1 :
		 tool_openat(t, path, LKL_O_RDONLY | LKL_O_DIRECTORY);

	if (fd < 0) {
		free(path);
		return;
	}
	lkl_sys_close(fd);
	oci_output_begin(&out->output);
	progress_begin();
	oci_pack(&out->output, &out->tar, path, out->compression, &packed);
	oci_output_layer(&out->output, packed.digest, packed.size);
	write_metadata(out, &packed);
	oci_output_end(&out->output);
	free(path);
}

/* SOURCE_DATE_EPOCH is the time of the image, and the latest time of its files. */
static void read_epoch(struct oci_out *out)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	struct tm tm;
	time_t epoch;
	char *end;

	out->tar.latest = INT64_MAX;
	if (!text || !*text)
		return;
	errno = 0;
	epoch = strtoll(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || !gmtime_r(&epoch, &tm) ||
	    tm.tm_year > 9999 - 1900)
		tool_usage(out->tar.t, "SOURCE_DATE_EPOCH=%s: not a number of seconds", text);
	strftime(out->created, sizeof(out->created), "%Y-%m-%dT%H:%M:%SZ", &tm);
	out->tar.latest = epoch;
	out->output.time = epoch;
}

static void parse_platform(struct oci_out *out, const char *text)
{
	char *rest = tool_strdup(out->tar.t, oci_check_platform(out->tar.t, text));

	out->os = strsep(&rest, "/");
	out->arch = strsep(&rest, "/");
	out->variant = rest;
}

static enum oci_compression parse_compression(struct tool *t, const char *text)
{
	static const char *const names[] = { "none", "gzip", "zstd" };

	for (int i = 0; i < 3; i++)
		if (!strcmp(text, names[i]))
			return i;
	tool_usage(t, "--compress %s: give none, gzip or zstd", text);
}

/* IMAGE:PATH or IMAGE, or with @two_words IMAGE and PATH. */
static struct operand parse_source(struct tool *t, char **args, bool two_words)
{
	struct operand from = operand_parse(t, args[0]);

	if (from.image && two_words)
		tool_usage(t, "%s and %s: the path is given twice", args[0], args[1]);
	if (!from.image) {
		from.image = tool_strdup(t, from.text);
		from.path = two_words ? args[1] : "/";
	}
	return from;
}

enum { OPT_PLATFORM = OPT_TAR_OUT_END, OPT_REF, OPT_COMPRESS };

static int run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "compress", required_argument, NULL, OPT_COMPRESS },
		{ "platform", required_argument, NULL, OPT_PLATFORM },
		{ "ref", required_argument, NULL, OPT_REF },
		TAR_OUT_OPTIONS, TOOL_LONG_OPTIONS
	};
	struct oci_out out = { .tar = { .t = t, .layer = true, .abandon = abandon_output }, .ref = "latest" };
	const char *platform = OCI_PLATFORM;
	struct operand from;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1) {
		tar_out_option(&out.tar, c);
		if (c == OPT_COMPRESS)
			out.compression = parse_compression(t, optarg);
		else if (c == OPT_PLATFORM)
			platform = optarg;
		else if (c == OPT_REF)
			out.ref = optarg;
	}
	tool_need_args(t, argc, 2, 3);
	parse_platform(&out, platform);
	from = parse_source(t, argv + optind, argc - optind == 3);
	out.tar.name = argv[argc - 1];
	oci_output_open(&out.output, t, argv[argc - 1]);
	read_epoch(&out);
	/* libarchive converts names, which are UTF-8 in archives, from the locale's charset. */
	setlocale(LC_CTYPE, "C.UTF-8");
	tool_open(t, from.image);
	write_image(&out, from.path);
	return 0;
}

const struct verb verb_oci_out = {
	.name = "oci-out",
	.args = "[--compress gzip|zstd] [--platform OS/ARCH] [--ref NAME] [--json] IMAGE[:PATH] DIR|TAR",
	.summary = OCI_OUT_SUMMARY,
	.help = "The tree at PATH becomes the only layer of an OCI image layout: a new or empty\n"
		"directory, or a new archive if the name ends in \".tar\".  IMAGE PATH stands for\n"
		"IMAGE:PATH.\n\n"
		"  --compress gzip|zstd  compress the layer\n"
		"  --platform OS/ARCH[/VARIANT]  platform of the image, by default " OCI_PLATFORM "\n"
		"  --ref NAME        name of the image, by default latest\n"
		TAR_OUT_HELP,
	.has_result = true,
	.has_progress = true,
	.catches_signals = true,
	.may_write = true,
	.run = run,
};
