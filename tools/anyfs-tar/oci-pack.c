// SPDX-License-Identifier: GPL-2.0
/*
 * oci-pack.c - write the layer of a container image
 *
 * The tar archive goes to a second libarchive writer that compresses it, because both the
 * uncompressed and the compressed bytes need a checksum.
 */
#define _GNU_SOURCE
#include <archive_entry.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>
#include "messages.h"
#include "oci-out.h"
#include "run.h"
#include "signals.h"

struct packing {
	struct oci_output *o;
	struct archive *compressor;	/* or NULL */
	struct sha256_ctx plain, stored;
	uint64_t size;
};

static la_ssize_t store(struct archive *a, void *data, const void *buf, size_t len)
{
	struct packing *p = data;
	ssize_t n;

	if (tool_stopping(p->o->t)) {
		archive_set_error(a, ECANCELED, "%s", strerror(ECANCELED));
		return -1;
	}
	n = TEMP_FAILURE_RETRY(write(p->o->layer, buf, len));
	if (n < 0) {
		archive_set_error(a, errno, "%s", strerror(errno));
		return -1;
	}
	sha256_update(&p->stored, n, buf);
	p->size += n;
	return n;
}

static la_ssize_t store_tar(struct archive *a, void *data, const void *buf, size_t len)
{
	struct packing *p = data;
	la_ssize_t n = p->compressor ? archive_write_data(p->compressor, buf, len) :
		       store(a, data, buf, len);

	if (n > 0)
		sha256_update(&p->plain, n, buf);
	else if (p->compressor)
		archive_set_error(a, archive_errno(p->compressor), "%s",
				  archive_error_string(p->compressor));
	return n > 0 ? n : -1;
}

static int open_compressor(struct packing *p, enum oci_compression compression)
{
	struct archive *a = p->compressor = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	int rc;

	if (!a || !entry)
		tool_no_memory(p->o->t);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_write_set_format_raw(a);
	archive_write_set_bytes_in_last_block(a, 1);
	rc = compression == OCI_GZIP ? archive_write_add_filter_gzip(a) :
				       archive_write_add_filter_zstd(a);
	/* The header of gzip would contain the time of the run. */
	if (rc == ARCHIVE_OK && compression == OCI_GZIP)
		rc = archive_write_set_filter_option(a, "gzip", "timestamp", NULL);
	if (rc == ARCHIVE_OK)
		rc = archive_write_open(a, p, NULL, store, NULL);
	if (rc == ARCHIVE_OK)
		rc = archive_write_header(a, entry);
	archive_entry_free(entry);
	return rc;
}

static void finish(struct packing *p, struct oci_packed *packed)
{
	uint8_t sum[SHA256_DIGEST_SIZE];

	if (p->compressor && archive_write_close(p->compressor))
		oci_output_failed(p->o, tar_out_reason(p->compressor));
	archive_write_free(p->compressor);
	sha256_digest(&p->stored, sizeof(sum), sum);
	oci_hex(sum, packed->digest);
	sha256_digest(&p->plain, sizeof(sum), sum);
	oci_hex(sum, packed->diff_id);
	packed->size = p->size;
}

void oci_pack(struct oci_output *o, struct tar_out *out, const char *path,
	      enum oci_compression compression, struct oci_packed *packed)
{
	struct packing p = { .o = o };

	sha256_init(&p.plain);
	sha256_init(&p.stored);
	tar_out_begin(out);
	if (compression != OCI_PLAIN && open_compressor(&p, compression))
		oci_output_failed(o, tar_out_reason(p.compressor));
	if (archive_write_open(out->archive, &p, NULL, store_tar, NULL))
		tar_out_failed(out);
	tar_out_path(out, path);
	if (!o->t->files || tool_stopping(o->t)) {
		oci_output_abandon(o);
		tool_finish(o->t);
	}
	tar_out_end(out);
	finish(&p, packed);
}
