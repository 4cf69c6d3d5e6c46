// SPDX-License-Identifier: GPL-2.0
/*
 * acl.c - convert POSIX ACLs between the kernel's attributes and archive entries
 *
 * The kernel's format is a version, followed by entries of tag, permissions and id, little
 * endian, sorted by tag and id.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "acl.h"
#include "messages.h"
#include "owner.h"

#define ACL_VERSION	2
#define ENTRIES_MAX	8192		/* an entry has 8 bytes; the kernel's limit is 64 KiB */

struct acl_entry {
	uint16_t tag, perm;
	uint32_t id;
};

/* Tags of the kernel and of libarchive, in the kernel's order. */
static const struct { uint16_t kernel; int archive; } tags[] = {
	{ 0x01, ARCHIVE_ENTRY_ACL_USER_OBJ },
	{ 0x02, ARCHIVE_ENTRY_ACL_USER },
	{ 0x04, ARCHIVE_ENTRY_ACL_GROUP_OBJ },
	{ 0x08, ARCHIVE_ENTRY_ACL_GROUP },
	{ 0x10, ARCHIVE_ENTRY_ACL_MASK },
	{ 0x20, ARCHIVE_ENTRY_ACL_OTHER },
};

#define NR_TAGS	(sizeof(tags) / sizeof(tags[0]))

bool acl_is_key(const char *key, int *type)
{
	if (!strcmp(key, "system.posix_acl_access"))
		*type = ARCHIVE_ENTRY_ACL_TYPE_ACCESS;
	else if (!strcmp(key, "system.posix_acl_default"))
		*type = ARCHIVE_ENTRY_ACL_TYPE_DEFAULT;
	else
		return false;
	return true;
}

int acl_to_entry(struct archive_entry *entry, int type, const void *value, size_t len)
{
	const unsigned char *p = value;
	uint32_t version;

	if (len < sizeof(version) || (len - sizeof(version)) % sizeof(struct acl_entry))
		return -EINVAL;
	memcpy(&version, p, sizeof(version));
	if (le32toh(version) != ACL_VERSION)
		return -EINVAL;
	for (p += sizeof(version); p < (const unsigned char *)value + len;) {
		struct acl_entry e;
		size_t i = 0;

		memcpy(&e, p, sizeof(e));
		p += sizeof(e);
		while (i < NR_TAGS && tags[i].kernel != le16toh(e.tag))
			i++;
		if (i == NR_TAGS)
			return -EINVAL;
		archive_entry_acl_add_entry(entry, type, le16toh(e.perm), tags[i].archive,
					    le32toh(e.id), NULL);
	}
	return 0;
}

static int by_tag_and_id(const void *a, const void *b)
{
	const struct acl_entry *x = a, *y = b;

	if (x->tag != y->tag)
		return le16toh(x->tag) - le16toh(y->tag);
	return le32toh(x->id) < le32toh(y->id) ? -1 : le32toh(x->id) > le32toh(y->id);
}

/* Find the id of a named user or group.  False if it is unknown. */
static bool find_id(struct tool *t, int root, int tag, int id, const char *name, uint32_t *out)
{
	bool group = tag == ARCHIVE_ENTRY_ACL_GROUP;

	*out = OWNER_KEEP;
	if (tag != ARCHIVE_ENTRY_ACL_USER && !group)
		return true;
	*out = id;
	return id != -1 || (name && owner_number(t, root, group, name, out));
}

void *acl_from_entry(struct tool *t, int root, struct archive_entry *entry, int type,
		     size_t *len, const char **what)
{
	size_t nr = archive_entry_acl_reset(entry, type), used = 0;
	uint32_t *value = malloc(sizeof(*value) + nr * sizeof(struct acl_entry));
	struct acl_entry *e = (struct acl_entry *)(value + 1);
	int got, perm, tag, id;
	const char *name;

	if (!value)
		tool_no_memory(t);
	*what = NULL;
	if (nr > ENTRIES_MAX)
		*what = "an ACL with too many entries";
	while (!*what && used < nr && archive_entry_acl_next(entry, type, &got, &perm, &tag, &id,
							     &name) == 0) {
		size_t i = 0;
		uint32_t number = 0;

		while (i < NR_TAGS && tags[i].archive != tag)
			i++;
		if (i == NR_TAGS || !find_id(t, root, tag, id, name, &number))
			*what = i == NR_TAGS ? "an ACL with an unknown tag" :
					       "an ACL names a user or group unknown in the image";
		else
			e[used++] = (struct acl_entry){
				htole16(tags[i].kernel), htole16(perm & 7), htole32(number)
			};
	}
	if (*what) {
		free(value);
		return NULL;
	}
	*value = htole32(ACL_VERSION);
	qsort(e, used, sizeof(*e), by_tag_and_id);
	*len = used ? sizeof(*value) + used * sizeof(*e) : 0;
	return value;
}
