// SPDX-License-Identifier: GPL-2.0
/*
 * oci-choose.c - find the wanted image in an image layout or a docker archive
 *
 * index.json lists manifests and further indexes, the manifest.json of "docker save" lists images.
 * All images are collected before one is chosen: if several fit, the error names them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "oci.h"
#include "output.h"

#define DEPTH_MAX	4		/* of indexes in indexes */
#define CANDIDATES_MAX	10000
#define NAME_KEY	"org.opencontainers.image.ref.name"
#define CONTAINERD_KEY	"io.containerd.image.name"

struct candidate {
	struct oci_ref manifest;	/* of an image layout */
	struct json_object *docker;	/* of a docker archive: its entry in manifest.json */
	char *platform;
	char *names[2];			/* in messages the first is used; either may be NULL */
};

struct choice {
	const struct oci_store *s;
	struct candidate *list;
	size_t nr;
};

static struct candidate *add(struct choice *c)
{
	if (!(c->nr & (c->nr - 1))) {
		c->list = reallocarray(c->list, c->nr ? 2 * c->nr : 1, sizeof(*c->list));
		if (!c->list)
			tool_no_memory(c->s->t);
	}
	c->list[c->nr] = (struct candidate){ 0 };
	return &c->list[c->nr++];
}

static char *copy_text(struct tool *t, const char *text)
{
	return text ? tool_strdup(t, text) : NULL;
}

/* The platform in the configuration of the image @c; NULL after a message. */
static char *read_platform(const struct oci_store *s, const struct candidate *c)
{
	struct oci_image image;
	char *platform;

	if (c->docker ? !oci_read_docker(s, c->docker, &image) :
			!oci_read_manifest(s, &c->manifest, &image))
		return NULL;
	platform = oci_platform(s->t, image.config);
	oci_image_free(&image);
	return platform;
}

/* Whether the descriptor is that of an image: attestations and signatures are listed, too. */
static bool is_image(struct json_object *descriptor, const char *platform)
{
	const char *type = oci_text(descriptor, "mediaType");

	return (!type || strstr(type, "manifest.v")) && !oci_text(descriptor, "artifactType") &&
	       (!platform || strcmp(platform, "unknown/unknown"));
}

static bool add_manifest(struct choice *c, const char *where, struct json_object *descriptor,
			 const char *const names[2])
{
	struct json_object *platform = oci_object(descriptor, "platform");
	char *text = platform ? oci_platform(c->s->t, platform) : NULL;
	struct candidate *new;

	if (!is_image(descriptor, text)) {
		free(text);
		return true;
	}
	new = add(c);
	new->platform = text;
	for (int i = 0; i < 2; i++)
		new->names[i] = copy_text(c->s->t, names[i]);
	if (!oci_ref_from_descriptor(c->s, descriptor, where, &new->manifest))
		return false;
	if (!text)
		new->platform = read_platform(c->s, new);
	return new->platform;
}

static bool is_index(struct json_object *descriptor)
{
	const char *type = oci_text(descriptor, "mediaType");

	return type && (strstr(type, "image.index.") || strstr(type, "manifest.list."));
}

static bool add_index(struct choice *c, const char *where, struct json_object *index,
		      const char *const names[2], int depth);

static bool add_nested(struct choice *c, const char *where, struct json_object *descriptor,
		       const char *const names[2], int depth)
{
	struct json_object *index;
	struct oci_ref ref;
	bool good = false;

	if (oci_ref_from_descriptor(c->s, descriptor, where, &ref)) {
		index = oci_read_json(c->s, &ref);
		good = index && add_index(c, ref.name, index, names, depth + 1);
		json_object_put(index);
	}
	oci_ref_free(&ref);
	return good;
}

/* @names: the names in the descriptor of this index, which its images have too; may be NULL. */
static bool add_index(struct choice *c, const char *where, struct json_object *index,
		      const char *const names[2], int depth)
{
	struct json_object *list = oci_array(index, "manifests");
	bool good = list && depth <= DEPTH_MAX;

	if (!good)
		oci_error(c->s, where, list ? "too many indexes in indexes" :
					      "not an index: it has no \"manifests\"");
	for (size_t i = 0; good && i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		struct json_object *notes = oci_object(o, "annotations");
		const char *own[2] = { oci_text(notes, NAME_KEY), oci_text(notes, CONTAINERD_KEY) };

		if (names[0] || names[1])
			memcpy(own, names, sizeof(own));
		good = is_index(o) ? add_nested(c, where, o, own, depth) :
				     add_manifest(c, where, o, own);
		if (good && c->nr > CANDIDATES_MAX) {
			oci_error(c->s, where, "more than %d images", CANDIDATES_MAX);
			good = false;
		}
	}
	return good;
}

/* Add the image @entry under each of its names. */
static bool add_docker_image(struct choice *c, struct json_object *entry)
{
	struct json_object *tags = oci_array(entry, "RepoTags");
	size_t nr = tags ? json_object_array_length(tags) : 0;
	struct candidate *new = add(c);

	new->docker = json_object_get(entry);
	new->platform = read_platform(c->s, new);
	for (size_t i = 0; new->platform && i < nr; i++) {
		struct json_object *tag = json_object_array_get_idx(tags, i);

		if (i) {
			new = add(c);
			new->docker = json_object_get(entry);
			new->platform = tool_strdup(c->s->t, new[-1].platform);
		}
		if (json_object_is_type(tag, json_type_string))
			new->names[0] = tool_strdup(c->s->t, json_object_get_string(tag));
	}
	return new->platform;
}

static bool add_docker(struct choice *c, struct json_object *list)
{
	bool good = json_object_is_type(list, json_type_array);

	if (!good)
		oci_error(c->s, "manifest.json", "not a list of images");
	for (size_t i = 0; good && i < json_object_array_length(list); i++)
		good = add_docker_image(c, json_object_array_get_idx(list, i));
	return good;
}

/* Collect the images of the store. */
static bool collect(struct choice *c)
{
	static const char *const no_names[2];
	static const char *const files[] = { "index.json", "manifest.json" };
	struct json_object *o;
	long rc = -ENOENT;
	bool good;
	int i = -1;

	while (rc == -ENOENT && ++i < 2)
		rc = oci_read_json_file(c->s, files[i], &o);
	if (rc == -ENOENT)
		oci_error(c->s, "", "neither an OCI image layout nor a docker archive: it has no index.json and no manifest.json");
	if (rc < 0)
		return false;
	good = i ? add_docker(c, o) : add_index(c, files[i], o, no_names, 0);
	json_object_put(o);
	return good;
}

static bool has_name(const struct candidate *c, const char *name)
{
	return !name || (c->names[0] && !strcmp(c->names[0], name)) ||
	       (c->names[1] && !strcmp(c->names[1], name));
}

/* True if @platform is @wanted, or a variant of it. */
static bool has_platform(const struct candidate *c, const char *wanted)
{
	size_t len = strlen(wanted);

	return !strncmp(c->platform, wanted, len) && (!c->platform[len] || c->platform[len] == '/');
}

static bool same_image(const struct candidate *a, const struct candidate *b)
{
	return a->docker ? a->docker == b->docker : !strcmp(a->manifest.digest, b->manifest.digest);
}

/* The names and platforms of the images in @fits, or of all if that is NULL; to be freed. */
static char *describe(const struct choice *c, const bool *fits)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		tool_no_memory(c->s->t);
	for (size_t i = 0; i < c->nr && ftell(f) < 500; i++) {
		const struct candidate *one = &c->list[i];
		const char *name = one->names[0] ? one->names[0] : one->names[1];

		if (!fits || fits[i])
			fprintf(f, "%s%s (%s)", ftell(f) ? ", " : "", name ? name : "no name",
				one->platform);
	}
	if (fclose(f))
		tool_no_memory(c->s->t);
	return text;
}

/* The candidate that fits; NULL after a message unless there is exactly one image. */
static const struct candidate *select_image(const struct choice *c, const char *platform,
					    const char *name)
{
	bool *fits = tool_alloc(c->s->t, c->nr + 1);
	const struct candidate *found = NULL;
	bool several = false;
	char *text;

	for (size_t i = 0; i < c->nr; i++) {
		const struct candidate *one = &c->list[i];

		fits[i] = has_name(one, name) && has_platform(one, platform);
		if (!fits[i])
			continue;
		several |= found && !same_image(found, one);
		found = one;
	}
	if (!found || several) {
		text = describe(c, several ? fits : NULL);
		if (several)
			oci_error(c->s, "", "several images fit, choose one with --ref or --platform: %s", text);
		else if (c->nr)
			oci_error(c->s, "", "no image%s%s for %s (see --ref and --platform); it has: %s",
				  name ? " " : "", name ? name : "", platform, text);
		else
			oci_error(c->s, "", "it has no image");
		free(text);
	}
	free(fits);
	return several ? NULL : found;
}

bool oci_choose(const struct oci_store *s, const char *platform, const char *name,
		struct oci_image *image)
{
	struct choice c = { .s = s };
	const struct candidate *found = collect(&c) ? select_image(&c, platform, name) : NULL;
	bool good = found && (found->docker ? oci_read_docker(s, found->docker, image) :
					      oci_read_manifest(s, &found->manifest, image));

	for (size_t i = 0; i < c.nr; i++) {
		oci_ref_free(&c.list[i].manifest);
		json_object_put(c.list[i].docker);
		free(c.list[i].platform);
		free(c.list[i].names[0]);
		free(c.list[i].names[1]);
	}
	free(c.list);
	return good;
}
