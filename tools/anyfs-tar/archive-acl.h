/* SPDX-License-Identifier: GPL-2.0 */
/*
 * archive-acl.h - convert POSIX ACLs between the kernel's attributes and archive entries
 */
#ifndef ANYFS_ARCHIVE_ACL_H
#define ANYFS_ARCHIVE_ACL_H

#include <archive_entry.h>
#include "tool.h"

/* True for the two keys system.posix_acl_*; *@type gets ARCHIVE_ENTRY_ACL_TYPE_*. */
bool acl_is_key(const char *key, int *type);

/* Add the ACL in an attribute's value to @entry.  0, or -EINVAL if it is damaged. */
int acl_to_entry(struct tool *t, struct archive_entry *entry, int type, const void *value,
		 size_t len);

/*
 * Convert the ACL of @type in @entry to an attribute's value of *@len bytes, to be freed;
 * *@len is 0 if there is none.  Returns NULL, with the reason in *@what, if the ACL is
 * invalid or names a user or group that /etc/passwd or /etc/group below the directory
 * @root does not list.
 */
void *acl_from_entry(struct tool *t, int root, struct archive_entry *entry, int type,
		     size_t *len, const char **what);

#endif /* ANYFS_ARCHIVE_ACL_H */
