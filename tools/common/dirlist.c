// SPDX-License-Identifier: GPL-2.0
/*
 * dirlist.c - read a whole directory and sort its entries
 *
 * Images are hostile: a directory with an empty name or a slash in a name is refused as
 * damaged, and "." and ".." are skipped, so callers may use a name as one path component.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "dirlist.h"

#define READ_SIZE	(256u << 10)
#define TEXT_MAX	(4ull << 30)	/* bytes; a damaged directory may list entries forever */

/* struct linux_dirent64, which getdents64() returns. */
struct raw_entry {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

/* Append one entry's type byte and name to the list's text. */
static int add_text(struct dirlist *list, size_t *used, size_t *size, const struct raw_entry *e)
{
	size_t len = strlen(e->name) + 1;

	if (*used + len + 1 > *size) {
		size_t bigger = *size ? *size * 2 : 4096;
		char *text = bigger > TEXT_MAX ? NULL : realloc(list->names, bigger);

		if (!text)
			return bigger > TEXT_MAX ? -EFBIG : -ENOMEM;
		list->names = text;
		*size = bigger;
	}
	list->names[(*used)++] = e->type;
	memcpy(list->names + *used, e->name, len);
	*used += len;
	list->nr++;
	return 0;
}

static int take_entries(struct dirlist *list, size_t *used, size_t *size, const char *buf, long n)
{
	for (long pos = 0; pos < n;) {
		const struct raw_entry *e = (const struct raw_entry *)(buf + pos);
		int rc;

		pos += e->reclen;
		if (!strcmp(e->name, ".") || !strcmp(e->name, ".."))
			continue;
		if (!*e->name || strchr(e->name, '/'))
			return -EUCLEAN;
		rc = add_text(list, used, size, e);
		if (rc)
			return rc;
	}
	return 0;
}

/* Build the entries, which point into list->names: that buffer no longer moves. */
static int make_index(struct dirlist *list)
{
	const char *p = list->names;

	list->entries = malloc((list->nr ? list->nr : 1) * sizeof(*list->entries));
	if (!list->entries)
		return -ENOMEM;
	for (size_t i = 0; i < list->nr; i++) {
		list->entries[i].type = *p++;
		list->entries[i].name = p;
		p += strlen(p) + 1;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct dirlist_entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Compare as if directory names ended in a slash: this sorts by the paths of a whole tree. */
static int by_path(const void *a, const void *b)
{
	const struct dirlist_entry *x = a, *y = b;
	const unsigned char *p = (const unsigned char *)x->name;
	const unsigned char *q = (const unsigned char *)y->name;
	int c, d;

	while (*p && *p == *q) {
		p++;
		q++;
	}
	c = *p ? *p : x->type == DT_DIR ? '/' : 0;
	d = *q ? *q : y->type == DT_DIR ? '/' : 0;
	return c - d;
}

static unsigned char entry_type(const struct side *side, int fd, const char *name)
{
	struct lkl_statx stx;

	return side->stat(fd, name, &stx) < 0 ? DT_UNKNOWN : IFTODT(stx.stx_mode);
}

int dirlist_read(const struct side *side, int fd, enum dirlist_order order, struct dirlist *list)
{
	size_t used = 0, size = 0;
	char *buf = malloc(READ_SIZE);
	int rc = buf ? 0 : -ENOMEM;
	long n;

	memset(list, 0, sizeof(*list));
	while (!rc && (n = side->getdents(fd, buf, READ_SIZE)) != 0)
		rc = n < 0 ? n : take_entries(list, &used, &size, buf, n);
	free(buf);
	if (!rc)
		rc = make_index(list);
	if (rc) {
		dirlist_free(list);
		return rc;
	}
	for (size_t i = 0; i < list->nr; i++)
		if (list->entries[i].type == DT_UNKNOWN)
			list->entries[i].type = entry_type(side, fd, list->entries[i].name);
	qsort(list->entries, list->nr, sizeof(*list->entries),
	      order == ORDER_PATH ? by_path : by_name);
	return 0;
}

void dirlist_free(struct dirlist *list)
{
	free(list->entries);
	free(list->names);
	memset(list, 0, sizeof(*list));
}
