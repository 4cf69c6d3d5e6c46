// SPDX-License-Identifier: GPL-2.0
/*
 * node-probe.c - detect the content of a node
 *
 * Each type that libblkid detects belongs to a kind of node.  Anything that is neither a
 * file system nor a container becomes a node that cannot be entered, with the reason.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "content.h"
#include "node.h"
#include "volume-opts.h"

static const struct { const char *type; const struct node_kind *kind; } containers[] = {
	{ "crypto_LUKS", &node_crypt },
	{ "BitLocker", &node_crypt },
	{ "cs_fvault2", &node_crypt },
	{ "LVM2_member", &node_group },
	{ "linux_raid_member", &node_array },
};

static const struct node_kind *container_kind(const char *type)
{
	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		if (!strcmp(containers[i].type, type))
			return containers[i].kind;
	return NULL;
}

/* Whether the kernel shows the entries of @t, a table in a partition, as partitions of the disk. */
static bool is_flattened(const struct anyfs_node *n, const struct probe_table *t)
{
	return n->kind == &node_partition &&
	       (!strcmp(t->type, "bsd") || !strcmp(t->type, "minix") ||
		!strcmp(t->type, "solaris") || !strcmp(t->type, "unixware"));
}

/*
 * Whether a partition or volume contains a partition table; the kernel reads only tables of
 * disks.
 */
static bool has_table(const struct anyfs_node *n)
{
	struct probe_table t;
	bool has;

	if (n->kind == &node_disk || n->kind == &node_table || probe_parttable(&n->dev, &t))
		return false;
	has = t.nr > 0 && !is_flattened(n, &t);
	probe_table_free(&t);
	return has;
}

/* The kind of the content of @n if the user has described the volume, or NULL. */
static const struct node_kind *kind_by_options(const struct anyfs_node *n,
					       const struct probe_super *s)
{
	bool unknown = volume_needs_opts(s->fstype) && s->usage != PROBE_AMBIGUOUS && !has_table(n);
	const struct volume_opts *o = volume_opts_for(n, unknown);

	if (!o)
		return NULL;
	return o->type == VOLUME_VERITY ? &node_verity : &node_crypt;
}

static const struct node_kind *kind_of(const struct anyfs_node *n, const struct probe_super *s)
{
	const struct node_kind *kind = kind_by_options(n, s);

	if (kind)
		return kind;
	if (s->usage == PROBE_CONTAINER)
		kind = container_kind(s->fstype);
	else if (n->image->fstype || s->usage == PROBE_FILESYSTEM)
		kind = &node_filesystem;
	else if (s->usage == PROBE_NONE && has_table(n))
		kind = &node_table;
	if (!kind && n->image->fstype)
		kind = &node_filesystem;
	return kind ? kind : &node_other;
}

/* Why a disk has no content; "" for other nodes. */
static const char *empty_reason(const struct anyfs_node *n)
{
	if (n->kind == &node_disk)
		return parts_table_trouble(n->dev.bd);
	if (n->kind == &node_partition && !n->part.number)
		return "the disk as a whole is not a file system; name one of its partitions";
	return "";
}

/* Whether @n is a decrypted volume whose format verifies the key: the key was right. */
static bool has_right_key(const struct anyfs_node *n)
{
	return n->kind == &node_crypt && *n->part.fstype;
}

/* Add to the error @err that the volume was opened. */
static void add_opened(int err)
{
	char *text = strdup(error_last());

	if (text)
		error_set(err, "%s; the key is right, and the encrypted volume was opened", text);
	free(text);
}

static int keep_reason(struct anyfs_node *child, const struct anyfs_node *n,
		       const struct probe_super *s)
{
	child->err = content_refuse(&n->dev, s, n->object, empty_reason(n));
	if (s->usage == PROBE_NONE && has_right_key(n))
		add_opened(child->err);
	child->reason = strdup(error_last());
	return child->reason ? 0 : error_set(-ENOMEM, "%s: out of memory", n->object);
}

int node_add_content(struct anyfs_node *n)
{
	const struct node_kind *kind;
	struct anyfs_node *child;
	struct probe_super s;
	int rc = probe_superblock(&n->dev, &s);

	/* The table may be wrong: the partition extends beyond the end of the disk. */
	if (rc == -ENXIO)
		rc = 0;
	if (rc)
		return error_set(rc, "%s: reading its superblock: %s", n->object, error_name(rc));
	kind = kind_of(n, &s);
	child = node_add(n->image, n, kind, "");
	if (!child)
		return -ENOMEM;
	memcpy(child->part.fstype, s.fstype, sizeof(child->part.fstype));
	memcpy(child->part.label, s.label, sizeof(child->part.label));
	memcpy(child->part.uuid, s.uuid, sizeof(child->part.uuid));
	child->part.size = n->dev.size;
	return kind == &node_other ? keep_reason(child, n, &s) : 0;
}
