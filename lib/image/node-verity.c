// SPDX-License-Identifier: GPL-2.0
/*
 * node-verity.c - a volume whose blocks are checked against hashes (dm-verity)
 *
 * The description of the volume has the root hash and the place of the hashes: a disk of
 * their own, another partition of the image, or after the data.  A superblock before the
 * hashes has the parameters.  If the kernel cannot check the volume, nothing below it opens.
 *
 * Reference: Documentation/admin-guide/device-mapper/verity.rst
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "mapper.h"
#include "node.h"
#include "verity-super.h"
#include "volume-opts.h"

/* Open the child of the disk that has the path @path. */
static int open_volume(const struct anyfs_node *n, const char *path, const struct device **d)
{
	struct anyfs_node *other;
	int rc = node_list(n->image->tree);

	if (rc)
		return rc;
	for (other = n->image->tree->children; other; other = other->next)
		if (!strcmp(other->path, path) && other != n->parent)
			break;
	if (!other)
		return error_set(-ENOENT, "%s: there is no volume %s, which should hold the hashes", n->object, path);
	rc = node_open(other);
	*d = &other->dev;
	return rc;
}

/* Find the device with the hashes. */
static int find_hashes(const struct anyfs_node *n, const struct volume_opts *o,
		       const struct device **d)
{
	*d = &n->parent->dev;
	if (o->disk >= 0)
		*d = &o->header;
	else if (o->hash_volume)
		return open_volume(n, o->hash_volume, d);
	else if (!o->hash_offset)
		return error_set(-EINVAL, "%s: the place of the hashes is not given; use header=, hash-volume= or hash-offset=", n->object);
	return 0;
}

/*
 * Make the parameters of a dm-verity target, "VERSION DATA HASHES BLOCK BLOCK BLOCKS START
 * ALGORITHM ROOT SALT"; the caller frees them.  NULL: out of memory.
 */
static char *verity_params(const struct anyfs_node *n, const struct volume_opts *o,
			   const struct device *hashes, const struct verity_super *s)
{
	char data[32], hash[32], *params;

	mapper_dev(n->parent->dev.dev, data, sizeof(data));
	mapper_dev(hashes->dev, hash, sizeof(hash));
	if (asprintf(&params, "%u %s %s %u %u %" PRIu64 " %" PRIu64 " %s %s %s", s->hash_type,
		     data, hash, s->data_block, s->hash_block, s->data_blocks, s->first_hash,
		     s->algorithm, o->root_hash, s->salt) < 0)
		return NULL;
	return params;
}

static int map(const struct anyfs_node *n, const struct volume_opts *o, struct mapper *m)
{
	const struct device *hashes;
	struct verity_super s;
	struct mapper_target t = { .type = "verity" };
	char why[MAPPER_WHY] = "", *params;
	int rc = find_hashes(n, o, &hashes);

	if (!rc)
		rc = verity_super_read(hashes, o->hash_offset, n->parent->dev.size, n->object, &s);
	if (rc)
		return rc;
	params = verity_params(n, o, hashes, &s);
	if (!params)
		return error_set(-ENOMEM, "%s: out of memory", n->object);
	t.len = s.data_blocks * (s.data_block / 512);
	t.params = params;
	rc = mapper_create(n->image->ks->k, &t, 1, MAPPER_READONLY, m, why);
	free(params);
	if (rc)
		error_set(rc, "%s: the kernel cannot check it with dm-verity: %s%s%s", n->object,
			  error_name(rc), *why ? ": " : "", why);
	return rc;
}

/* The kernel checks the root hash only when a block is read: read one. */
static int check_first_block(const struct anyfs_node *n)
{
	uint8_t block[512];
	int rc = device_read(&n->dev, block, sizeof(block), 0);

	return rc == -EIO ? error_set(-EKEYREJECTED, "%s: the first block does not match the root hash: the root hash is wrong, or the data or the hashes are damaged",
				      n->object) :
	       rc ? error_set(rc, "%s: the first block cannot be read: %s", n->object,
			      error_name(rc)) : 0;
}

static int verity_open(struct anyfs_node *n)
{
	const struct volume_opts *o = volume_opts_for(n->parent, !*n->part.fstype);
	struct mapper *m = calloc(1, sizeof(*m));
	int rc = m ? map(n, o, m) : error_set(-ENOMEM, "%s: out of memory", n->object);

	if (!rc) {
		rc = device_open(n->image->ks->k, m->dev, false, &n->dev);
		if (rc)
			kstate_error(n->image->ks->k, rc, n->object);
		else if ((rc = check_first_block(n)))
			device_close(&n->dev);
		if (rc)
			mapper_remove(m);
	}
	if (rc) {
		free(m);
		return rc;
	}
	n->data = m;
	n->has_dev = true;
	return 0;
}

static void verity_free(struct anyfs_node *n)
{
	free(n->data);
	n->data = NULL;
}

static int verity_close(struct anyfs_node *n)
{
	int rc;

	device_close(&n->dev);
	rc = mapper_remove(n->data);
	verity_free(n);
	return rc ? error_set(rc, "%s: still in use", n->object) : 0;
}

const struct node_kind node_verity = {
	.id = ANYFS_NODE_VERITY,
	.open = verity_open,
	.close = verity_close,
	.free = verity_free,
};
