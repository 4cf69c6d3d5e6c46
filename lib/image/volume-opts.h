/* SPDX-License-Identifier: GPL-2.0 */
/*
 * volume-opts.h - descriptions of volumes, from anyfs_image_add_volume()
 */
#ifndef ANYFS_IMAGE_VOLUME_OPTS_H
#define ANYFS_IMAGE_VOLUME_OPTS_H

#include "anyfs.h"
#include "crypt.h"
#include "device.h"
#include "image.h"

enum volume_type { VOLUME_LUKS, VOLUME_BITLOCKER, VOLUME_PLAIN, VOLUME_TCRYPT, VOLUME_VERITY };

struct volume_opts {
	struct volume_opts *next;
	enum volume_type type;
	char *path;			/* of the volume; NULL: every volume of unknown content */
	int disk;			/* disk with the header or the hashes; -1: none */
	struct device header;		/* the device of that disk, or all zero */
	struct crypt_plain plain;	/* VOLUME_PLAIN */
	struct crypt_tcrypt tcrypt;	/* VOLUME_TCRYPT */
	char *hash_volume;		/* verity: path of the volume with the hashes, or NULL */
	uint64_t hash_offset;		/* verity: offset of the superblock, bytes */
	char *root_hash;		/* verity: hexadecimal */
};

struct anyfs_node;

/*
 * Whether a volume with the content @fstype may need a description: nothing was recognised, or
 * the authentication tags of an encrypted volume whose header is detached.
 */
bool volume_needs_opts(const char *fstype);

/*
 * Find the description of the content of @n, or NULL.  @unknown: no content was recognised
 * there.
 */
struct volume_opts *volume_opts_for(const struct anyfs_node *n, bool unknown);
/*
 * Check descriptions of volumes below @n, whose children were added.  -ENOENT with error text if
 * one of them describes a volume that does not exist.
 */
int volume_opts_check(const struct anyfs_node *n);
/* The same for @n, if its content is shown only at n->shown_by. */
int volume_opts_check_same(const struct anyfs_node *n);
void volume_opts_free(struct anyfs_image *im, struct anyfs_kernel *k);

#endif /* ANYFS_IMAGE_VOLUME_OPTS_H */
