/* SPDX-License-Identifier: GPL-2.0 */
/*
 * oci.h - interfaces between the files of anyfs oci-in
 *
 * oci-store.c reads the files of an image layout or docker archive, oci-blob.c verifies their
 * digests, oci-json.c parses them, oci-choose.c finds the manifest of the wanted image,
 * oci-manifest.c reads it, and oci-layer.c applies the layers.
 *
 * All files may be hostile.  Functions report failures, unless they say otherwise.
 */
#ifndef ANYFS_OCI_H
#define ANYFS_OCI_H

#include <archive.h>
#include <json-c/json.h>
#include <nettle/nettle-meta.h>
#include "tar-in.h"
#include "tar-input.h"

/* oci-store.c: the files of an image, in a directory or in an archive */

struct oci_store {
	struct tool *t;
	const char *path;
	int fd;				/* the directory, or the archive */
	bool is_dir;
};

struct oci_file {
	struct archive *archive;	/* NULL: the store is a directory */
	int fd;				/* of the file in the directory, else -1 */
	uint64_t size;
	const char *why;		/* text of the last error of oci_file_read() */
};

/* Open @path, before tool_open().  Ends the program with EXIT_OPEN on failure. */
void oci_store_open(struct oci_store *s, struct tool *t, const char *path);
/*
 * Open the file @name.  Only one file of a store can be open at a time.  0; -ENOENT, which is
 * not reported, if there is no such file; or another -errno.
 */
long oci_file_open(const struct oci_store *s, const char *name, struct oci_file *f);
/* Like read(2); on failure returns -errno, with the text in f->why.  Failures are not reported. */
long oci_file_read(struct oci_file *f, void *buf, size_t len);
void oci_file_close(struct oci_file *f);
/* Report a failure with the file @name. */
void oci_error(const struct oci_store *s, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* oci-blob.c: files with a digest */

#define OCI_DIGEST_MAX	64		/* bytes */

/* A digest that is being computed, and its expected value. */
struct oci_digest {
	const struct nettle_hash *kind;	/* NULL: none */
	void *state;
	uint8_t want[OCI_DIGEST_MAX];
};

/* True if @text is "sha256:HEX" or "sha512:HEX". */
bool oci_is_digest(const char *text);
/* Begin a digest that must become @text, for which oci_is_digest() is true. */
void oci_digest_begin(struct tool *t, struct oci_digest *d, const char *text);
void oci_digest_update(struct oci_digest *d, const void *buf, size_t len);
/* True if the digest is as expected; not reported.  Frees the state. */
bool oci_digest_end(struct oci_digest *d);

/* A reference to a file of the store; its texts are allocated. */
struct oci_ref {
	char *name;			/* of the file */
	char *digest;			/* NULL: unknown */
	char *type;			/* media type, or NULL */
	int64_t size;			/* bytes; -1: unknown */
};

struct oci_blob {
	const struct oci_store *store;
	const struct oci_ref *ref;
	struct oci_file file;
	struct oci_digest digest;
};

/* Set @ref from the descriptor @o, which is in the file @where. */
bool oci_ref_from_descriptor(const struct oci_store *s, struct json_object *o,
			     const char *where, struct oci_ref *ref);
/* Set @ref from the name of a file in a docker archive, which may contain its digest. */
void oci_ref_from_name(struct tool *t, const char *name, struct oci_ref *ref);
void oci_ref_free(struct oci_ref *ref);

/* Open the file @ref.  False if it is missing or has another size. */
bool oci_blob_open(const struct oci_store *s, const struct oci_ref *ref, struct oci_blob *b);
/* Like oci_file_read(). */
long oci_blob_read(struct oci_blob *b, void *buf, size_t len);
/* Read the rest, and close the blob.  False if it cannot be read or has another digest. */
bool oci_blob_verify(struct oci_blob *b);
void oci_blob_close(struct oci_blob *b);

/* oci-json.c */

/* Verify and parse the blob @ref.  Free the result with json_object_put().  NULL on failure. */
struct json_object *oci_read_json(const struct oci_store *s, const struct oci_ref *ref);
/*
 * Parse the file @name; free *@o with json_object_put().  0; -ENOENT, which is not reported, if
 * there is no such file; or another -errno.
 */
long oci_read_json_file(const struct oci_store *s, const char *name, struct json_object **o);
/* A member of @o, which may be NULL.  NULL if it is missing or of another type. */
const char *oci_text(struct json_object *o, const char *key);
struct json_object *oci_object(struct json_object *o, const char *key);
struct json_object *oci_array(struct json_object *o, const char *key);
/* A number of @o; -1 if it is missing or of another type. */
int64_t oci_number(struct json_object *o, const char *key);

/* oci-manifest.c: an image */

struct oci_layer {
	struct oci_ref ref;
	char *diff_id;			/* digest of the uncompressed layer */
	char **whiteouts;		/* names of its entries that delete files */
	size_t nr_whiteouts;
};

struct oci_image {
	struct json_object *config;
	struct oci_layer *layers;
	size_t nr_layers;
};

/* Read the manifest @ref of an image layout. */
bool oci_read_manifest(const struct oci_store *s, const struct oci_ref *ref,
		       struct oci_image *image);
/* Read an entry of the manifest.json of a docker archive. */
bool oci_read_docker(const struct oci_store *s, struct json_object *entry,
		     struct oci_image *image);
void oci_image_free(struct oci_image *image);
/* "os/architecture/variant" of @o, a configuration or a platform; to be freed. */
char *oci_platform(struct tool *t, struct json_object *o);

/* oci-choose.c */

/*
 * Read the image for @platform, "os/architecture" or "os/architecture/variant", whose name is
 * @name unless that is NULL.  There must be exactly one.
 */
bool oci_choose(const struct oci_store *s, const char *platform, const char *name,
		struct oci_image *image);

/* oci-layer.c */

/* Read and verify the layer number @nr, and collect its whiteouts. */
bool oci_layer_check(const struct oci_store *s, struct oci_image *image, size_t nr);
/* Delete the files that the whiteouts of the layer name, then extract its files. */
void oci_layer_apply(const struct oci_store *s, struct tar_in *in, struct oci_image *image,
		     size_t nr);

#endif /* ANYFS_OCI_H */
