// SPDX-License-Identifier: GPL-2.0
/*
 * oci-layer.c - verify and apply the layers of a container image
 *
 * A layer is a tar archive that may be compressed.  A whiteout deletes files of lower layers, but
 * not those of its own layer, which may precede it in the archive.  A layer is therefore read
 * twice: once to verify it and to collect its whiteouts, and, after these were applied, once to
 * extract its files.  All layers are verified before the first one is applied.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "oci.h"
#include "signals.h"

/* A layer that is being read. */
struct reading {
	struct tar_input input;
	struct oci_blob blob;
	struct archive *unpacked;	/* the blob without its compression */
	struct oci_digest diff;		/* of the uncompressed bytes */
	struct oci_layer *layer;
	char *name;			/* for messages */
	char *buf;			/* TAR_BUFFER bytes of the blob */
	bool empty;
	struct tar_in *in;		/* to extract to */
};

static la_ssize_t read_blob(struct archive *a, void *data, const void **buf)
{
	struct reading *r = data;
	long n = oci_blob_read(&r->blob, r->buf, TAR_BUFFER);

	*buf = r->buf;
	if (n >= 0)
		return n;
	archive_set_error(a, -n, "%s", r->blob.file.why);
	return ARCHIVE_FATAL;
}

static long read_unpacked(struct tar_input *input, void *buf, size_t len)
{
	struct reading *r = (struct reading *)input;
	long n = r->empty ? 0 : archive_read_data(r->unpacked, buf, len);

	if (n < 0) {
		input->why = archive_error_string(r->unpacked);
		return -EIO;
	}
	oci_digest_update(&r->diff, buf, n);
	return n;
}

static bool open_unpacked(struct reading *r)
{
	struct archive_entry *entry;
	int rc;

	r->unpacked = archive_read_new();
	if (!r->unpacked)
		tool_no_memory(r->input.t);
	tar_filters(r->unpacked);
	archive_read_support_format_raw(r->unpacked);
	archive_read_support_format_empty(r->unpacked);
	rc = archive_read_open(r->unpacked, r, NULL, read_blob, NULL);
	if (rc == ARCHIVE_OK)
		rc = archive_read_next_header(r->unpacked, &entry);
	r->empty = rc == ARCHIVE_EOF;
	if (rc == ARCHIVE_OK || r->empty)
		return true;
	tool_error(r->input.t, "%s: %s", r->name, archive_error_string(r->unpacked));
	return false;
}

static bool begin_reading(struct reading *r, const struct oci_store *s, struct oci_image *image,
			  size_t nr)
{
	struct tool *t = s->t;

	r->layer = &image->layers[nr];
	if (asprintf(&r->name, "%s: layer %zu (%s)", s->path, nr + 1, r->layer->ref.name) < 0)
		tool_no_memory(t);
	r->input = (struct tar_input){
		.t = t, .name = r->name, .source = "cannot be read", .read = read_unpacked,
		.plain = true, .verified = true,
	};
	r->buf = tool_alloc(t, TAR_BUFFER);
	oci_digest_begin(t, &r->diff, r->layer->diff_id);
	return oci_blob_open(s, &r->layer->ref, &r->blob) && open_unpacked(r) &&
	       tar_input_open(&r->input);
}

/* True if @read (all entries were read) and both digests of the layer are right. */
static bool end_reading(struct reading *r, bool read)
{
	bool good = read && oci_blob_verify(&r->blob);

	if (!read)
		oci_blob_close(&r->blob);
	if (!oci_digest_end(&r->diff) && good) {
		tool_error(r->input.t, "%s: damaged: its uncompressed content has another digest than %s",
			   r->name, r->layer->diff_id);
		good = false;
	}
	tar_input_close(&r->input);
	archive_read_free(r->unpacked);
	free(r->buf);
	free(r->name);
	return good;
}

static void add_whiteout(struct reading *r, const char *path)
{
	struct oci_layer *layer = r->layer;
	size_t nr = layer->nr_whiteouts;

	if (!(nr & (nr - 1))) {
		layer->whiteouts = reallocarray(layer->whiteouts, nr ? 2 * nr : 1, sizeof(char *));
		if (!layer->whiteouts)
			tool_no_memory(r->input.t);
	}
	layer->whiteouts[layer->nr_whiteouts++] = tool_strdup(r->input.t, path);
}

static void check_entry(void *data, struct archive_entry *entry)
{
	struct reading *r = data;
	const char *path = archive_entry_pathname(entry);

	if (path && tar_is_whiteout(path))
		add_whiteout(r, path);
}

static void extract_entry(void *data, struct archive_entry *entry)
{
	struct reading *r = data;
	const char *path = archive_entry_pathname(entry);

	if (!path || !tar_is_whiteout(path))
		tar_extract(r->in, entry);
}

bool oci_layer_check(const struct oci_store *s, struct oci_image *image, size_t nr)
{
	struct reading r = { 0 };
	bool read = begin_reading(&r, s, image, nr) &&
		    tar_input_each(&r.input, "nothing was changed", check_entry, &r);

	return end_reading(&r, read);
}

void oci_layer_apply(const struct oci_store *s, struct tar_in *in, struct oci_image *image,
		     size_t nr)
{
	struct reading r = { .in = in };
	bool read;

	for (size_t i = 0; i < image->layers[nr].nr_whiteouts && !tool_stopping(s->t); i++)
		tar_whiteout(in, image->layers[nr].whiteouts[i]);
	read = begin_reading(&r, s, image, nr);
	if (read) {
		in->archive = r.input.archive;
		read = tar_input_each(&r.input, "nothing after this was extracted", extract_entry,
				      &r);
	}
	end_reading(&r, read);
}
