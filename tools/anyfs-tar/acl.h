/* SPDX-License-Identifier: GPL-2.0 */
/*
 * acl.h - POSIX ACLs between the kernel's attributes and an archive's entries
 */
#ifndef ANYFS_ACL_H
#define ANYFS_ACL_H

#include <archive_entry.h>
#include "tool.h"

/* "system.posix_acl_access" or "..._default"; *@type gets ARCHIVE_ENTRY_ACL_TYPE_*. */
bool acl_is_key(const char *key, int *type);

/* Add the attribute's value to @entry.  0, or -EINVAL if it is no ACL. */
int acl_to_entry(struct archive_entry *entry, int type, const void *value, size_t len);

/*
 * The value for the attribute from what @entry says, *@len bytes to be freed; *@len
 * is 0 if it has no ACL of @type.  NULL: a user or group is named that /etc/passwd
 * below the directory @root does not know, or the ACL is wrong; *@what tells.
 */
void *acl_from_entry(struct tool *t, int root, struct archive_entry *entry, int type,
		     size_t *len, const char **what);

#endif /* ANYFS_ACL_H */
