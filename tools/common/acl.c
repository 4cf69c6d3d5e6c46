// SPDX-License-Identifier: GPL-2.0
/*
 * acl.c - POSIX ACLs: the attribute of the kernel, and the text of getfacl(1)
 *
 * The attribute is a version and entries of tag, permissions and id, little-endian, sorted by tag
 * and id.  It comes from the image, so its form is checked.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "acl.h"
#include "messages.h"
#include "output.h"

#define VERSION		2
#define VALUE_MAX	65536		/* bytes; the limit of the kernel */

struct stored_item {
	uint16_t tag, perm;
	uint32_t id;
};

static bool has_id(unsigned int tag)
{
	return tag == ACL_USER || tag == ACL_GROUP;
}

void acl_append(struct tool *t, struct acl *acl, struct acl_item item)
{
	struct acl_item *more = reallocarray(acl->items, acl->nr + 1, sizeof(*more));

	if (!more)
		tool_no_memory(t);
	acl->items = more;
	acl->items[acl->nr++] = item;
}

bool acl_decode(struct tool *t, const void *value, size_t len, struct acl *acl)
{
	const unsigned char *p = value;
	uint32_t version;

	*acl = (struct acl){ 0 };
	if (len < sizeof(version) || (len - sizeof(version)) % sizeof(struct stored_item))
		return false;
	memcpy(&version, p, sizeof(version));
	if (le32toh(version) != VERSION)
		return false;
	for (p += sizeof(version); p < (const unsigned char *)value + len;) {
		struct stored_item e;
		struct acl_item item;

		memcpy(&e, p, sizeof(e));
		p += sizeof(e);
		item = (struct acl_item){ le16toh(e.tag), le16toh(e.perm) & 7, 0 };
		if (has_id(item.tag))
			item.id = le32toh(e.id);
		if (!*acl_tag_name(item.tag)) {
			acl_free(acl);
			return false;
		}
		acl_append(t, acl, item);
	}
	return true;
}

long acl_read(struct tool *t, const struct side_file *f, const char *key, struct acl *acl)
{
	char *value = tool_alloc(t, VALUE_MAX);
	long n = side_image.getxattr(f, key, value, VALUE_MAX);
	bool ok;

	*acl = (struct acl){ 0 };
	ok = n < 0 || acl_decode(t, value, n, acl);
	free(value);
	if (n == -ENODATA || n == -EOPNOTSUPP)
		return 0;
	return n < 0 ? n : ok ? 0 : -EUCLEAN;
}

void *acl_encode(struct tool *t, const struct acl *acl, size_t *len)
{
	uint32_t *value;
	struct stored_item *e;

	*len = sizeof(*value) + acl->nr * sizeof(*e);
	value = tool_alloc(t, *len);
	*value = htole32(VERSION);
	e = (struct stored_item *)(value + 1);
	for (size_t i = 0; i < acl->nr; i++) {
		const struct acl_item *item = &acl->items[i];

		e[i] = (struct stored_item){
			htole16(item->tag), htole16(item->perm),
			has_id(item->tag) ? htole32(item->id) : 0xffffffff
		};
	}
	return value;
}

void acl_from_mode(struct tool *t, unsigned int mode, struct acl *acl)
{
	*acl = (struct acl){ 0 };
	acl_set(t, acl, ACL_USER_OBJ, 0, mode >> 6 & 7);
	acl_set(t, acl, ACL_GROUP_OBJ, 0, mode >> 3 & 7);
	acl_set(t, acl, ACL_OTHER, 0, mode & 7);
}

void acl_free(struct acl *acl)
{
	free(acl->items);
	*acl = (struct acl){ 0 };
}

struct acl_item *acl_find(const struct acl *acl, unsigned int tag, uint32_t id)
{
	for (size_t i = 0; i < acl->nr; i++)
		if (acl->items[i].tag == tag && acl->items[i].id == id)
			return &acl->items[i];
	return NULL;
}

static int by_tag_and_id(const void *a, const void *b)
{
	const struct acl_item *x = a, *y = b;

	if (x->tag != y->tag)
		return x->tag < y->tag ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

void acl_sort(struct acl *acl)
{
	if (acl->nr)
		qsort(acl->items, acl->nr, sizeof(*acl->items), by_tag_and_id);
}

void acl_set(struct tool *t, struct acl *acl, unsigned int tag, uint32_t id, unsigned int perm)
{
	struct acl_item *item = acl_find(acl, tag, id);

	if (item) {
		item->perm = perm;
		return;
	}
	acl_append(t, acl, (struct acl_item){ tag, perm, id });
	acl_sort(acl);
}

void acl_remove(struct acl *acl, unsigned int tag, uint32_t id)
{
	struct acl_item *item = acl_find(acl, tag, id);

	if (!item)
		return;
	acl->nr--;
	memmove(item, item + 1, (acl->items + acl->nr - item) * sizeof(*item));
}

bool acl_is_extended(const struct acl *acl)
{
	for (size_t i = 0; i < acl->nr; i++)
		if (has_id(acl->items[i].tag) || acl->items[i].tag == ACL_MASK)
			return true;
	return false;
}

void acl_set_mask(struct tool *t, struct acl *acl)
{
	unsigned int perm = 0;

	acl_remove(acl, ACL_MASK, 0);
	if (!acl_is_extended(acl))
		return;
	for (size_t i = 0; i < acl->nr; i++)
		if (has_id(acl->items[i].tag) || acl->items[i].tag == ACL_GROUP_OBJ)
			perm |= acl->items[i].perm;
	acl_set(t, acl, ACL_MASK, 0, perm);
}

const char *acl_tag_name(unsigned int tag)
{
	switch (tag) {
	case ACL_USER_OBJ:
	case ACL_USER:
		return "user";
	case ACL_GROUP_OBJ:
	case ACL_GROUP:
		return "group";
	case ACL_MASK:
		return "mask";
	case ACL_OTHER:
		return "other";
	default:
		return "";
	}
}

void acl_format_perm(unsigned int perm, char out[4])
{
	out[0] = perm & ACL_READ ? 'r' : '-';
	out[1] = perm & ACL_WRITE ? 'w' : '-';
	out[2] = perm & ACL_EXECUTE ? 'x' : '-';
	out[3] = '\0';
}

char *acl_format_line(struct tool *t, const struct acl *acl, const char *before)
{
	char *text = NULL, perm[4];
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		tool_no_memory(t);
	for (size_t i = 0; i < acl->nr; i++) {
		const struct acl_item *item = &acl->items[i];

		acl_format_perm(item->perm, perm);
		fprintf(f, "%s%s%s:", i ? "," : "", before, acl_tag_name(item->tag));
		if (has_id(item->tag))
			fprintf(f, "%u", item->id);
		fprintf(f, ":%s", perm);
	}
	if (fclose(f))
		tool_no_memory(t);
	return text;
}
