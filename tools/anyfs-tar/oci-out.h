/* SPDX-License-Identifier: GPL-2.0 */
/*
 * oci-out.h - interfaces between the files of anyfs oci-out
 *
 * oci-pack.c writes the layer, oci-output.c the files of the image layout, oci-out.c their
 * content.
 */
#ifndef ANYFS_OCI_OUT_H
#define ANYFS_OCI_OUT_H

#include <archive.h>
#include "tar-out.h"

#define OCI_SHA256_HEX	65		/* bytes of a SHA-256 as text, with its NUL */

/* oci-output.c: an image layout that is being written, as a directory or an archive */

struct oci_output {
	struct tool *t;
	const char *path;
	int parent;			/* directory of the new directory or archive */
	const char *name;		/* its name there; NULL: @path existed, and was empty */
	bool is_archive;
	int dir;			/* the layout, if it is a directory */
	int blobs;			/* its directory blobs/sha256; -1: not made yet */
	int layer;			/* temporary file for the layer */
	struct archive *archive;
	int64_t time;			/* of the files in an archive, in seconds */
};

/*
 * Open the parent of @path, or @path if it is an empty directory, before tool_open().  Ends the
 * program if @path is anything else that exists.
 */
void oci_output_open(struct oci_output *o, struct tool *t, const char *path);
/* Create the directory or archive. */
void oci_output_begin(struct oci_output *o);
/* Add a file.  Ends the program on failure, like the functions below. */
void oci_output_file(struct oci_output *o, const char *name, const void *data, size_t len);
/* Add the temporary file as the blob with the checksum @hex. */
void oci_output_layer(struct oci_output *o, const char *hex, uint64_t size);
void oci_output_end(struct oci_output *o);
/* Remove the files and directories that this run has created. */
void oci_output_abandon(struct oci_output *o);
/* Report a failed write with its @reason, call oci_output_abandon(), and end the program. */
void oci_output_failed(struct oci_output *o, const char *reason) __attribute__((noreturn));
/* The SHA-256 of @data as text. */
void oci_sha256(const void *data, size_t len, char hex[OCI_SHA256_HEX]);
void oci_hex(const uint8_t *sum, char hex[OCI_SHA256_HEX]);

/* oci-pack.c */

enum oci_compression { OCI_PLAIN, OCI_GZIP, OCI_ZSTD };

struct oci_packed {
	char digest[OCI_SHA256_HEX];	/* of the stored layer */
	char diff_id[OCI_SHA256_HEX];	/* without compression */
	uint64_t size;			/* bytes of the stored layer */
};

/* Write the tree @path to the temporary file of @o. */
void oci_pack(struct oci_output *o, struct tar_out *out, const char *path,
	      enum oci_compression compression, struct oci_packed *packed);

#endif /* ANYFS_OCI_OUT_H */
