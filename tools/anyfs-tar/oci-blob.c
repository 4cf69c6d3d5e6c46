// SPDX-License-Identifier: GPL-2.0
/*
 * oci-blob.c - read files of a container image and verify their digests
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "hex.h"
#include "messages.h"
#include "oci.h"

#define HEX_256		64		/* digits of a SHA-256 */
#define HEX_DIGITS	"0123456789abcdef"

/* Decode "sha256:HEX"; NULL if @text is not such a digest. */
static const struct nettle_hash *decode(const char *text, uint8_t want[OCI_DIGEST_MAX])
{
	const struct nettle_hash *kind = !strncmp(text, "sha256:", 7) ? &nettle_sha256 :
					 !strncmp(text, "sha512:", 7) ? &nettle_sha512 : NULL;
	const char *hex = kind ? text + 7 : "";

	if (!kind || strlen(hex) != 2 * kind->digest_size ||
	    strspn(hex, HEX_DIGITS) != 2 * kind->digest_size)
		return NULL;
	for (size_t i = 0; i < kind->digest_size; i++)
		want[i] = hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]);
	return kind;
}

bool oci_is_digest(const char *text)
{
	uint8_t want[OCI_DIGEST_MAX];

	return decode(text, want);
}

void oci_digest_begin(struct tool *t, struct oci_digest *d, const char *text)
{
	d->kind = decode(text, d->want);
	d->state = tool_alloc(t, d->kind->context_size);
	d->kind->init(d->state);
}

void oci_digest_update(struct oci_digest *d, const void *buf, size_t len)
{
	if (d->kind)
		d->kind->update(d->state, len, buf);
}

bool oci_digest_end(struct oci_digest *d)
{
	uint8_t sum[OCI_DIGEST_MAX];
	bool same = true;

	if (d->kind) {
		d->kind->digest(d->state, d->kind->digest_size, sum);
		same = !memcmp(sum, d->want, d->kind->digest_size);
	}
	free(d->state);
	*d = (struct oci_digest){ 0 };
	return same;
}

bool oci_ref_from_descriptor(const struct oci_store *s, struct json_object *o,
			     const char *where, struct oci_ref *ref)
{
	const char *digest = oci_text(o, "digest"), *type = oci_text(o, "mediaType");

	*ref = (struct oci_ref){ .size = oci_number(o, "size") };
	if (!digest || !oci_is_digest(digest)) {
		oci_error(s, where, "its reference to a blob has no digest of SHA-256 or SHA-512");
		return false;
	}
	if (asprintf(&ref->name, "blobs/%.6s/%s", digest, digest + 7) < 0)
		tool_no_memory(s->t);
	ref->digest = tool_strdup(s->t, digest);
	ref->type = type ? tool_strdup(s->t, type) : NULL;
	return true;
}

/* "HEX.json" and "blobs/sha256/HEX" are the names of files with that digest. */
void oci_ref_from_name(struct tool *t, const char *name, struct oci_ref *ref)
{
	static const char blobs[] = "blobs/sha256/";
	bool in_blobs = !strncmp(name, blobs, strlen(blobs));
	const char *hex = in_blobs ? name + strlen(blobs) : name;
	size_t len = strspn(hex, HEX_DIGITS);

	*ref = (struct oci_ref){ .name = tool_strdup(t, name), .size = -1 };
	if (len != HEX_256 || strcmp(hex + len, in_blobs ? "" : ".json"))
		return;
	if (asprintf(&ref->digest, "sha256:%.*s", HEX_256, hex) < 0)
		tool_no_memory(t);
}

void oci_ref_free(struct oci_ref *ref)
{
	free(ref->name);
	free(ref->digest);
	free(ref->type);
	*ref = (struct oci_ref){ 0 };
}

bool oci_blob_open(const struct oci_store *s, const struct oci_ref *ref, struct oci_blob *b)
{
	long rc;

	*b = (struct oci_blob){ .store = s, .ref = ref };
	rc = oci_file_open(s, ref->name, &b->file);
	if (rc == -ENOENT)
		oci_error(s, ref->name, "this part of the image is missing");
	if (rc < 0)
		return false;
	if (ref->size >= 0 && b->file.size != (uint64_t)ref->size) {
		oci_error(s, ref->name, "damaged: it has %llu bytes, not %lld",
			  (unsigned long long)b->file.size, (long long)ref->size);
		oci_blob_close(b);
		return false;
	}
	if (ref->digest)
		oci_digest_begin(s->t, &b->digest, ref->digest);
	return true;
}

long oci_blob_read(struct oci_blob *b, void *buf, size_t len)
{
	long n = oci_file_read(&b->file, buf, len);

	if (n > 0)
		oci_digest_update(&b->digest, buf, n);
	return n;
}

bool oci_blob_verify(struct oci_blob *b)
{
	char buf[16384];
	bool good = false;
	long n;

	while ((n = oci_blob_read(b, buf, sizeof(buf))) > 0)
		;
	if (n < 0)
		oci_error(b->store, b->ref->name, "%s", b->file.why);
	else if (!oci_digest_end(&b->digest))
		oci_error(b->store, b->ref->name, "damaged: its content has another digest than %s",
			  b->ref->digest);
	else
		good = true;
	oci_blob_close(b);
	return good;
}

void oci_blob_close(struct oci_blob *b)
{
	oci_digest_end(&b->digest);
	oci_file_close(&b->file);
}
