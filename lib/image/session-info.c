// SPDX-License-Identifier: GPL-2.0
/*
 * session-info.c - describe the disk and the slots of a session
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "kernel-syscalls.h"
#include "session-slots.h"
#include <lkl/asm/statfs.h>

const char *anyfs_partkind_name(AnyfsPartKind kind)
{
	switch (kind) {
	case ANYFS_PART_KIND_FS:
		return "FS";
	case ANYFS_PART_KIND_LVM_PV:
		return "LVM_PV";
	case ANYFS_PART_KIND_LUKS:
		return "LUKS";
	case ANYFS_PART_KIND_NESTED_PARTITION_TABLE:
		return "NESTED";
	default:
		return "UNKNOWN";
	}
}

/* ---- The disk ------------------------------------------------------------ */

int anyfs_session_meta(AnyfsSession *s, AnyfsSessionMeta *meta)
{
	struct anyfs_kernel *k = kstate_kernel(s->image->ks), *mine;
	int64_t size;
	int rc;

	if (!k)
		return -ENODEV;
	mine = anyfs_kernel_use(k);
	memset(meta, 0, sizeof(*meta));
	size = anyfs_disk_size(s->image->disk);
	rc = size < 0 ? (int)size : anyfs_disk_table(s->image->disk, meta->pt_type,
						     sizeof(meta->pt_type));
	anyfs_kernel_use(mine);
	meta->logical_size = rc ? 0 : size;
	return rc;
}

/* Read the partition table of the disk once.  Work locked. */
static int read_table(struct AnyfsSession *s)
{
	struct anyfs_kernel *mine;
	int nr;

	if (s->parts)
		return 0;
	mine = anyfs_kernel_use(s->image->ks->k);
	nr = anyfs_disk_parts(s->image->disk, &s->parts);
	anyfs_kernel_use(mine);
	s->nr_parts = nr < 0 ? 0 : nr;
	return nr < 0 ? nr : 0;
}

/* ---- Slots --------------------------------------------------------------- */

/* The partition's entry in the table of the disk, or in a table in a container. */
static const AnyfsPart *entry_of(const struct AnyfsSession *s, const struct slot *slot)
{
	for (int i = 0; i < s->nr_parts && !slot->parent; i++)
		if (s->parts[i].number == slot->index)
			return &s->parts[i];
	return &slot->node->part;
}

/*
 * Get the content of @slot, which is probed but not opened; NULL if it cannot be read.  0, or
 * -ENOMEM with error text if the kernel lacks memory.
 */
static int content_of(const struct slot *slot, const struct anyfs_node **content)
{
	struct anyfs_node *n = slot->node;
	int rc = 0;

	*content = n;
	if (n->kind == &node_filesystem || n->kind == &node_other)
		return 0;
	if (!n->listed || n->state == ANYFS_NODE_FAILED || n->shown_by)
		rc = node_list(n);
	*content = rc ? NULL : n->children;
	return node_lacks_memory(n, rc) ? rc : 0;
}

static AnyfsPartKind kind_of(const struct anyfs_node *content)
{
	while (content && (content->kind == &node_array || content->kind == &node_verity))
		content = content->shown_by ? content->shown_by : content->children;
	switch (content ? content->kind->id : ANYFS_NODE_OTHER) {
	case ANYFS_NODE_FILESYSTEM:
		return ANYFS_PART_KIND_FS;
	case ANYFS_NODE_CRYPT:
		return ANYFS_PART_KIND_LUKS;
	case ANYFS_NODE_GROUP:
		return ANYFS_PART_KIND_LVM_PV;
	case ANYFS_NODE_TABLE:
		return ANYFS_PART_KIND_NESTED_PARTITION_TABLE;
	default:
		return ANYFS_PART_KIND_UNKNOWN;
	}
}

/* Copy @from, cut to @len bytes. */
static void copy_text(char *to, size_t len, const char *from)
{
	size_t n = strnlen(from, len - 1);

	memcpy(to, from, n);
	to[n] = '\0';
}

/* Whether @entry has a type from a partition table, not that of an LVM2 volume's segment. */
static bool is_table_type(const struct slot *slot, const AnyfsPart *entry)
{
	return *entry->type && slot->node->kind->id == ANYFS_NODE_PARTITION;
}

static int describe(const struct AnyfsSession *s, const struct slot *slot, AnyfsPartInfo *info)
{
	const AnyfsPart *entry = entry_of(s, slot), *part;
	const struct anyfs_node *content;
	int rc = content_of(slot, &content);

	if (rc)
		return rc;
	part = content ? &content->part : entry;
	memset(info, 0, sizeof(*info));
	info->slot_id = slot->id;
	info->parent = slot->parent ? slot->parent->id : -1;
	info->index = slot->index;
	info->offset_bytes = entry->start;
	info->size_bytes = slot->node->has_dev ? slot->node->dev.size : entry->size;
	info->kind = kind_of(content);
	copy_text(info->ptype, sizeof(info->ptype), is_table_type(slot, entry) ? entry->type : "?");
	copy_text(info->fstype, sizeof(info->fstype), part->fstype);
	copy_text(info->label, sizeof(info->label), part->label);
	copy_text(info->uuid, sizeof(info->uuid), part->uuid);
	return 0;
}

/* Make the slots of the children; swap and the like have none. */
static int list_children(struct AnyfsSession *s, struct slot *slot)
{
	const struct anyfs_node *content;
	int rc;

	if (slot == &s->top)
		return 0;
	rc = content_of(slot, &content);
	if (rc || (content && content->kind == &node_other))
		return rc;
	return slot_list(s, slot);
}

static int list_slots(struct AnyfsSession *s, struct slot *slot, AnyfsPartInfo *buf, size_t n,
		      size_t *got)
{
	int rc = n ? read_table(s) : 0;

	if (rc)
		return rc;
	pthread_mutex_lock(&s->image->ks->tree_lock);
	rc = list_children(s, slot);
	for (size_t i = 0; !rc && i < n && i < slot->nr_children; i++)
		rc = describe(s, &slot->children[i], &buf[i]);
	pthread_mutex_unlock(&s->image->ks->tree_lock);
	*got = rc ? 0 : slot->nr_children;
	return rc;
}

int anyfs_session_list(AnyfsSession *s, int parent, AnyfsPartInfo *buf, size_t n, size_t *got)
{
	struct slot *slot = parent == -1 ? &s->top : slot_find(s, parent);
	size_t all = 0;
	int rc = slot ? 0 : -ENXIO;

	if (got)
		*got = 0;
	if (!rc && n && !buf)
		rc = error_set(-EINVAL, "anyfs_session_list: no buffer given");
	if (!rc && !kstate_kernel(s->image->ks))
		rc = -ENODEV;
	if (rc)
		return rc;
	pthread_mutex_lock(&s->work);
	rc = list_slots(s, slot, buf, n, &all);
	pthread_mutex_unlock(&s->work);
	if (got)
		*got = all;
	return rc ? rc : (int)(n < all ? n : all);
}

size_t anyfs_session_count(AnyfsSession *s, int parent)
{
	size_t got;

	return anyfs_session_list(s, parent, NULL, 0, &got) ? 0 : got;
}

/* ---- Probing ------------------------------------------------------------- */

/* Bytes in use of the file system that is mounted at @point. */
static int count_used(struct AnyfsSession *s, const char *point, uint64_t *used)
{
	struct lkl_statfs st;
	int64_t rc = ksys(s->image->ks->k, __lkl__NR_statfs, KPTR(point), KPTR(&st), 0, 0, 0);

	if (rc < 0)
		return kstate_error(s->image->ks->k, rc, image_name(s->image));
	*used = (uint64_t)(st.f_blocks - st.f_bfree) * st.f_bsize;
	return 0;
}

static int measure_used(struct AnyfsSession *s, struct slot *slot, uint64_t *used)
{
	bool entered = slot_state(s, slot) == ANYFS_PART_MOUNTED;
	char point[ANYFS_LKL_PATH_MAX];
	int rc = slot_enter(s, slot, ANYFS_MOUNT_RDONLY, point), err = 0;

	if (rc)
		return rc;
	if (*point)
		rc = count_used(s, point, used);
	if (!entered)
		err = slot_leave(s, slot);
	return rc ? rc : err;
}

int anyfs_session_probe(AnyfsSession *s, unsigned part, char *fstype, char *label, uint64_t *used)
{
	struct slot *slot = slot_find(s, part);
	AnyfsPartInfo info;
	int rc = slot ? 0 : -ENXIO;

	if (used)
		*used = 0;
	if (!rc && !kstate_kernel(s->image->ks))
		rc = -ENODEV;
	if (rc)
		return rc;
	pthread_mutex_lock(&s->work);
	rc = read_table(s);
	pthread_mutex_lock(&s->image->ks->tree_lock);
	if (!rc)
		rc = describe(s, slot, &info);
	pthread_mutex_unlock(&s->image->ks->tree_lock);
	if (!rc && used && info.kind == ANYFS_PART_KIND_FS)
		rc = measure_used(s, slot, used);
	pthread_mutex_unlock(&s->work);
	if (rc)
		return rc;
	if (fstype)
		strcpy(fstype, info.fstype);
	if (label)
		strcpy(label, info.label);
	return 0;
}
