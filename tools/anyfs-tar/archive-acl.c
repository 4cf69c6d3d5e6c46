// SPDX-License-Identifier: GPL-2.0
/*
 * archive-acl.c - convert POSIX ACLs between the kernel's attributes and archive entries
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "acl.h"
#include "archive-acl.h"
#include "messages.h"
#include "owner.h"

#define ENTRIES_MAX	8192		/* an entry has 8 bytes; the kernel's limit is 64 KiB */

/* Tags of the kernel and of libarchive, in the kernel's order. */
static const struct { unsigned int kernel; int archive; } tags[] = {
	{ ACL_USER_OBJ, ARCHIVE_ENTRY_ACL_USER_OBJ },
	{ ACL_USER, ARCHIVE_ENTRY_ACL_USER },
	{ ACL_GROUP_OBJ, ARCHIVE_ENTRY_ACL_GROUP_OBJ },
	{ ACL_GROUP, ARCHIVE_ENTRY_ACL_GROUP },
	{ ACL_MASK, ARCHIVE_ENTRY_ACL_MASK },
	{ ACL_OTHER, ARCHIVE_ENTRY_ACL_OTHER },
};

#define NR_TAGS	(sizeof(tags) / sizeof(tags[0]))

bool acl_is_key(const char *key, int *type)
{
	if (!strcmp(key, ACL_KEY))
		*type = ARCHIVE_ENTRY_ACL_TYPE_ACCESS;
	else if (!strcmp(key, ACL_DEFAULT_KEY))
		*type = ARCHIVE_ENTRY_ACL_TYPE_DEFAULT;
	else
		return false;
	return true;
}

static int archive_tag(unsigned int tag)
{
	size_t i = 0;

	while (tags[i].kernel != tag)
		i++;
	return tags[i].archive;
}

int acl_to_entry(struct tool *t, struct archive_entry *entry, int type, const void *value,
		 size_t len)
{
	struct acl acl;

	if (!acl_decode(t, value, len, &acl))
		return -EINVAL;
	for (size_t i = 0; i < acl.nr; i++)
		archive_entry_acl_add_entry(entry, type, acl.items[i].perm,
					    archive_tag(acl.items[i].tag), acl.items[i].id, NULL);
	acl_free(&acl);
	return 0;
}

/* Find the id of a named user or group.  False if it is unknown. */
static bool find_id(struct tool *t, int root, int tag, int id, const char *name, uint32_t *out)
{
	bool group = tag == ARCHIVE_ENTRY_ACL_GROUP;

	*out = 0;
	if (tag != ARCHIVE_ENTRY_ACL_USER && !group)
		return true;
	*out = id;
	return id != -1 || (name && owner_number(t, root, group, name, out));
}

void *acl_from_entry(struct tool *t, int root, struct archive_entry *entry, int type,
		     size_t *len, const char **what)
{
	size_t nr = archive_entry_acl_reset(entry, type);
	int got, perm, tag, id;
	struct acl acl = { 0 };
	void *value = NULL;
	const char *name;

	*what = nr > ENTRIES_MAX ? "an ACL with too many entries" : NULL;
	while (!*what && acl.nr < nr && archive_entry_acl_next(entry, type, &got, &perm, &tag, &id,
							       &name) == 0) {
		size_t i = 0;
		uint32_t number = 0;

		while (i < NR_TAGS && tags[i].archive != tag)
			i++;
		if (i == NR_TAGS || !find_id(t, root, tag, id, name, &number))
			*what = i == NR_TAGS ? "an ACL with an unknown tag" :
					       "an ACL names a user or group unknown in the image";
		else
			acl_append(t, &acl, (struct acl_item){ tags[i].kernel, perm & 7, number });
	}
	if (!*what) {
		acl_sort(&acl);
		value = acl_encode(t, &acl, len);
	}
	if (!acl.nr)
		*len = 0;
	acl_free(&acl);
	return value;
}
