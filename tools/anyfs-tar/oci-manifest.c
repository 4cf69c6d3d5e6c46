// SPDX-License-Identifier: GPL-2.0
/*
 * oci-manifest.c - read the manifest of a container image
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "oci.h"

char *oci_platform(struct tool *t, struct json_object *o)
{
	const char *os = oci_text(o, "os"), *arch = oci_text(o, "architecture"),
		   *variant = oci_text(o, "variant");
	char *text;

	if (asprintf(&text, "%s/%s%s%s", os ? os : "unknown", arch ? arch : "unknown",
		     variant ? "/" : "", variant ? variant : "") < 0)
		tool_no_memory(t);
	return text;
}

static void alloc_layers(const struct oci_store *s, struct oci_image *image, size_t nr)
{
	image->layers = calloc(nr + 1, sizeof(*image->layers));
	if (!image->layers)
		tool_no_memory(s->t);
	image->nr_layers = nr;
}

/* Set the digests of the uncompressed layers from the configuration, whose name is @where. */
static bool set_diff_ids(const struct oci_store *s, const char *where, struct oci_image *image)
{
	struct json_object *ids = oci_array(oci_object(image->config, "rootfs"), "diff_ids");
	size_t nr = ids ? json_object_array_length(ids) : 0;

	if (!ids) {
		oci_error(s, where, "it has no \"rootfs\": this is not an image of a file system");
		return false;
	}
	if (nr != image->nr_layers) {
		oci_error(s, where, "damaged: it has digests of %zu layers, but the manifest has %zu",
			  nr, image->nr_layers);
		return false;
	}
	for (size_t i = 0; i < nr; i++) {
		struct json_object *id = json_object_array_get_idx(ids, i);
		const char *text = json_object_is_type(id, json_type_string) ?
				   json_object_get_string(id) : "";

		if (!oci_is_digest(text)) {
			oci_error(s, where, "layer %zu has no digest of SHA-256 or SHA-512", i + 1);
			return false;
		}
		image->layers[i].diff_id = tool_strdup(s->t, text);
	}
	return true;
}

static bool read_config(const struct oci_store *s, struct oci_ref *ref, struct oci_image *image)
{
	image->config = oci_read_json(s, ref);
	return image->config && set_diff_ids(s, ref->name, image);
}

/* False after a message if the layer is encrypted or not a tar archive. */
static bool is_readable(const struct oci_store *s, const struct oci_ref *layer)
{
	const char *type = layer->type;

	if (!type || (strstr(type, ".tar") && !strstr(type, "encrypted")))
		return true;
	oci_error(s, layer->name, "layers of the type %s are not supported", type);
	return false;
}

bool oci_read_manifest(const struct oci_store *s, const struct oci_ref *ref,
		       struct oci_image *image)
{
	struct json_object *o = oci_read_json(s, ref);
	struct json_object *layers = oci_array(o, "layers"), *config = oci_object(o, "config");
	struct oci_ref config_ref = { 0 };
	bool good = o && layers && config;

	*image = (struct oci_image){ 0 };
	if (o && !good)
		oci_error(s, ref->name, "not a manifest: it has no \"layers\" or no \"config\"");
	if (good)
		alloc_layers(s, image, json_object_array_length(layers));
	for (size_t i = 0; good && i < image->nr_layers; i++) {
		struct oci_ref *layer = &image->layers[i].ref;

		good = oci_ref_from_descriptor(s, json_object_array_get_idx(layers, i), ref->name,
					       layer) && is_readable(s, layer);
	}
	good = good && oci_ref_from_descriptor(s, config, ref->name, &config_ref) &&
	       read_config(s, &config_ref, image);
	oci_ref_free(&config_ref);
	json_object_put(o);
	if (!good)
		oci_image_free(image);
	return good;
}

bool oci_read_docker(const struct oci_store *s, struct json_object *entry,
		     struct oci_image *image)
{
	struct json_object *layers = oci_array(entry, "Layers");
	const char *config = oci_text(entry, "Config");
	struct oci_ref ref = { 0 };
	bool good = layers && config;

	*image = (struct oci_image){ 0 };
	if (!good)
		oci_error(s, "manifest.json", "an image has no \"Layers\" or no \"Config\"");
	if (good)
		alloc_layers(s, image, json_object_array_length(layers));
	for (size_t i = 0; good && i < image->nr_layers; i++) {
		struct json_object *name = json_object_array_get_idx(layers, i);

		good = json_object_is_type(name, json_type_string);
		if (good)
			oci_ref_from_name(s->t, json_object_get_string(name),
					  &image->layers[i].ref);
		else
			oci_error(s, "manifest.json", "layer %zu has no name", i + 1);
	}
	if (good) {
		oci_ref_from_name(s->t, config, &ref);
		good = read_config(s, &ref, image);
	}
	oci_ref_free(&ref);
	if (!good)
		oci_image_free(image);
	return good;
}

static void free_layer(struct oci_layer *layer)
{
	for (size_t i = 0; i < layer->nr_whiteouts; i++)
		free(layer->whiteouts[i]);
	free(layer->whiteouts);
	free(layer->diff_id);
	oci_ref_free(&layer->ref);
}

void oci_image_free(struct oci_image *image)
{
	for (size_t i = 0; i < image->nr_layers; i++)
		free_layer(&image->layers[i]);
	free(image->layers);
	json_object_put(image->config);
	*image = (struct oci_image){ 0 };
}
