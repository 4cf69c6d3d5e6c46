/* SPDX-License-Identifier: GPL-2.0 */
/*
 * acl.h - POSIX ACLs: the attribute of the kernel, and the text of getfacl(1)
 */
#ifndef ANYFS_ACL_H
#define ANYFS_ACL_H

#include "owner.h"
#include "side.h"

#define ACL_KEY			"system.posix_acl_access"
#define ACL_DEFAULT_KEY		"system.posix_acl_default"

/* The numbers of the tags in the attribute. */
enum { ACL_USER_OBJ = 1, ACL_USER = 2, ACL_GROUP_OBJ = 4, ACL_GROUP = 8, ACL_MASK = 16,
       ACL_OTHER = 32 };
#define ACL_READ	4
#define ACL_WRITE	2
#define ACL_EXECUTE	1

struct acl_item {
	unsigned int tag, perm;
	uint32_t id;			/* of ACL_USER and ACL_GROUP; else 0 */
};

struct acl {
	struct acl_item *items;		/* in the order of the attribute */
	size_t nr;
};

/*
 * Read the ACL @key of @f into @acl, which is empty if @f has none; acl_free() frees it.  0 or
 * -errno; -EUCLEAN if the attribute is not an ACL.
 */
long acl_read(struct tool *t, const struct side_file *f, const char *key, struct acl *acl);
/* Decode the value of an attribute; false if it is not an ACL.  acl_free() frees @acl. */
bool acl_decode(struct tool *t, const void *value, size_t len, struct acl *acl);
/* The value of the attribute, to be freed. */
void *acl_encode(struct tool *t, const struct acl *acl, size_t *len);
/* Make *@acl the three entries that have the permissions of @mode. */
void acl_from_mode(struct tool *t, unsigned int mode, struct acl *acl);
void acl_free(struct acl *acl);

/* The item with this tag and id, or NULL. */
struct acl_item *acl_find(const struct acl *acl, unsigned int tag, uint32_t id);
/* Append an item; acl_sort() then restores the order. */
void acl_append(struct tool *t, struct acl *acl, struct acl_item item);
void acl_sort(struct acl *acl);
/* Set the permissions of an item, which is added if there is none. */
void acl_set(struct tool *t, struct acl *acl, unsigned int tag, uint32_t id, unsigned int perm);
void acl_remove(struct acl *acl, unsigned int tag, uint32_t id);
/* Whether the ACL has more than a mode can store. */
bool acl_is_extended(const struct acl *acl);
/* Make the mask the union of the permissions that it limits, if the ACL is extended. */
void acl_set_mask(struct tool *t, struct acl *acl);

/* "user", "group", "mask" or "other"; "" if @tag is not a tag. */
const char *acl_tag_name(unsigned int tag);
/* Write "rwx", "r--" ... to @out. */
void acl_format_perm(unsigned int perm, char out[4]);
/*
 * The ACL in one line, "user::rw-,user:1000:r--,...", with @before in front of each item; to be
 * freed.
 */
char *acl_format_line(struct tool *t, const struct acl *acl, const char *before);

#endif /* ANYFS_ACL_H */
