// SPDX-License-Identifier: GPL-2.0
/*
 * kept-files.c - files of file systems that have no handles
 *
 * A file without a handle is kept by an O_PATH descriptor, and descriptors are limited.
 * The host may know many more files.  So only files that were used recently have their
 * descriptor; the others are opened again by directory and name.  All changes to names go
 * through this process, so a node always has a current name of its file.
 *
 * A FAT file system stores no inode numbers.  Its driver makes up a new one when a file
 * is read again, so a node without descriptor is found by its name.  Programs that walk a
 * tree expect a directory to keep its number: the numbers shown are made from the names
 * that files have when the host gets to know them.
 *
 * A file may have several names: hard links, and on FAT a short name and letters in other
 * case.  FAT has no hard links; a node without descriptor is found by names that differ
 * in the case of ASCII letters.  Another such name makes a second node for the file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "fnv.h"
#include "kept-files.h"
#include "node-fd.h"

#define PART		4		/* nodes keep up to 1/PART of the descriptors */
#define TRIES		16		/* nodes to try; those in use are skipped */
#define INO_BITS	48		/* bits of an inode number: see attr_ino() */
#define NUMBER_CHAINS	65536u

struct kept {
	struct kept *newer, *older;	/* in the ring, or NULL */
	struct node *node;
	uint64_t parent;		/* the directory, and the file's name in it */
	char *name;			/* NULL: no name is known */
	uint64_t ino;			/* atomic: shown inode number; 0: that of the file system */
	struct kept *next;		/* next node in the chain of this number */
};

/* Nodes whose descriptor may be closed: a ring, least recently used first. */
static struct {
	struct kept head;
	unsigned int nr, max;
} kept = { .head = { .newer = &kept.head, .older = &kept.head } };

/* Nodes by the numbers that are shown. */
static struct kept *numbers[NUMBER_CHAINS];

void kept_init(unsigned int max)
{
	kept.max = max / PART;
}

bool kept_new(struct node *n)
{
	n->kept = calloc(1, sizeof(*n->kept));
	if (n->kept)
		n->kept->node = n;
	return n->kept;
}

static void ring_remove(struct kept *k)
{
	if (!k->newer)
		return;
	k->newer->older = k->older;
	k->older->newer = k->newer;
	k->newer = k->older = NULL;
}

static void ring_add(struct kept *k)
{
	k->newer = &kept.head;
	k->older = kept.head.older;
	k->older->newer = k;
	kept.head.older = k;
}

static struct kept **chain_of(uint64_t ino)
{
	return &numbers[ino % NUMBER_CHAINS];
}

static void number_free(struct kept *k)
{
	struct kept **p = chain_of(k->ino);

	if (!k->ino)
		return;
	while (*p != k)
		p = &(*p)->next;
	*p = k->next;
}

static bool number_is_used(uint64_t ino)
{
	for (const struct kept *k = *chain_of(ino); k; k = k->next)
		if (k->ino == ino)
			return true;
	return false;
}

void kept_free(struct node *n)
{
	ring_remove(n->kept);
	number_free(n->kept);
	if (n->path_fd >= 0)
		kept.nr--;
	free(n->kept->name);
	free(n->kept);
	n->kept = NULL;
}

void kept_use(struct node *n)
{
	ring_remove(n->kept);
	if (n->path_fd >= 0 && n->kept->name)
		ring_add(n->kept);
}

void kept_give_fd(struct node *n, int fd)
{
	n->path_fd = fd;
	kept.nr++;
	kept_use(n);
}

unsigned int kept_count(void)
{
	return kept.nr;
}

/* A file that is open for writing keeps its descriptor: no second node may be made for it. */
static bool is_used(const struct node *n)
{
	return n->refs || n->fd >= 0 || n->pins ||
	       __atomic_load_n(&n->writers, __ATOMIC_ACQUIRE);
}

int kept_shrink(void)
{
	int fd;

	for (int i = 0; i < TRIES && kept.nr > kept.max; i++) {
		struct kept *k = kept.head.newer;

		if (k == &kept.head)
			break;
		if (is_used(k->node)) {
			kept_use(k->node);
			continue;
		}
		ring_remove(k);
		fd = k->node->path_fd;
		k->node->path_fd = -1;
		kept.nr--;
		if (k->node->fs->made_up_inos)
			table_key_by_name(k->node);
		return fd;
	}
	return -1;
}

/* ---- Names and numbers ---- */

static unsigned char fold_ascii(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

/* All names of a file that differ only in the case of ASCII letters give the same number. */
static uint64_t hash_name(uint64_t start, const char *name)
{
	uint64_t h = (FNV_START ^ start) * FNV_FACTOR;

	for (; *name; name++)
		h = (h ^ fold_ascii(*name)) * FNV_FACTOR;
	return h;
}

static uint32_t hash_name_folded(uint64_t parent, const char *name)
{
	uint64_t h = hash_name(parent, name);

	return h ^ h >> 32;
}

uint32_t kept_hash_key(const struct node_key *key)
{
	return hash_name_folded(key->dir->id, key->name);
}

uint32_t kept_hash(const struct node *n)
{
	return hash_name_folded(n->kept->parent, n->kept->name);
}

static bool same_folded(const char *a, const char *b)
{
	while (*a && fold_ascii(*a) == fold_ascii(*b))
		a++, b++;
	return fold_ascii(*a) == fold_ascii(*b);
}

bool kept_has_name(const struct node *n, const struct node_key *key)
{
	return n->kept->parent == key->dir->id && same_folded(n->kept->name, key->name);
}

uint64_t kept_ino(const struct node *n)
{
	return n->kept ? __atomic_load_n(&n->kept->ino, __ATOMIC_RELAXED) : 0;
}

uint64_t kept_number(const struct node *dir, const char *name)
{
	uint64_t h = hash_name(dir->kept ? kept_ino(dir) : 1, name);

	h = (h ^ h >> INO_BITS) & ((1ull << INO_BITS) - 1);
	return (h < 2 ? 2 : h) ^ (uint64_t)dir->fs->index << INO_BITS;
}

/* Choose a free number: that of the name may belong to a file that had this name before. */
static void set_number(struct kept *k, const struct node *dir, const char *name)
{
	uint64_t ino = kept_number(dir, name);

	while (number_is_used(ino))
		ino++;
	__atomic_store_n(&k->ino, ino, __ATOMIC_RELAXED);
	k->next = *chain_of(ino);
	*chain_of(ino) = k;
}

/* After a failed allocation the node has no name, and keeps its descriptor.  Table locked. */
static void set_name(struct node *n, const struct node *dir, const char *name)
{
	struct kept *k = n->kept;

	if (!k->ino && dir->fs->made_up_inos)
		set_number(k, dir, name);
	if (k->name && k->parent == dir->id && !strcmp(k->name, name))
		return;
	free(k->name);
	k->parent = dir->id;
	k->name = strdup(name);
}

void kept_found(struct node *n, const struct node_key *key)
{
	if (key->name)
		set_name(n, key->dir, key->name);
	kept_use(n);
}

void kept_moved(struct node *n, const struct node *dir, const char *name)
{
	if (!n->kept)
		return;
	table_lock();
	set_name(n, dir, name);
	kept_use(n);
	table_unlock();
}

void kept_unnamed(struct node *n, const struct node *dir, const char *name)
{
	struct kept *k = n->kept;

	if (!k)
		return;
	table_lock();
	if (k->name && k->parent == dir->id && same_folded(k->name, name)) {
		free(k->name);
		k->name = NULL;
		kept_use(n);
	}
	table_unlock();
}

/* ---- Opening a file again ---- */

/* Get a copy of the name of @n; NULL with *@rc 0 if it has a descriptor, or an error. */
static char *name_of(struct node *n, uint64_t *parent, int *rc)
{
	char *name = NULL;

	table_lock();
	*rc = 0;
	if (n->path_fd < 0) {
		*parent = n->kept->parent;
		if (n->kept->name)
			name = strdup(n->kept->name);
		*rc = n->kept->name ? -ENOMEM : -ESTALE;
	}
	table_unlock();
	return name;
}

/* Whether the file of @key is probably the file of @n; some file systems cannot identify files. */
static bool is_file(const struct node *n, const struct node_key *key)
{
	return n->type == key->type &&
	       (n->fs->made_up_inos ||
		(n->key_len == key->len && !memcmp(n->key, key->bytes, key->len)));
}

/* Open @name in @dir, which is open as @fd, for @n.  1: @n was moved.  The names are locked. */
static int open_name(struct node *n, struct node *dir, int fd, const char *name)
{
	struct lkl_statx stx;
	struct node_key key;
	int rc = 1, extra;

	table_lock();
	if (n->kept->name && n->kept->parent == dir->id && !strcmp(n->kept->name, name))
		rc = 0;
	table_unlock();
	if (!rc)
		rc = entry_look(dir, fd, name, &key, &stx);
	if (rc)
		return rc == -ENOENT ? -ESTALE : rc;
	table_lock();
	if (!is_file(n, &key)) {
		rc = -ESTALE;
	} else if (n->path_fd < 0) {
		kept_give_fd(n, key.fd);
		key.fd = -1;
		if (n->fs->made_up_inos)
			table_rekey(n, &key);
	}
	extra = kept_shrink();
	table_unlock();
	if (key.fd >= 0)
		lkl_sys_close(key.fd);
	if (extra >= 0)
		lkl_sys_close(extra);
	return rc;
}

static int reopen_in(struct node *n, uint64_t parent, const char *name)
{
	struct node *dir = node_ref(parent);
	int fd, rc;

	if (!dir)
		return -ESTALE;
	fd = rc = node_fd(dir);
	if (fd >= 0) {
		names_lock_shared(dir);
		rc = open_name(n, dir, fd, name);
		names_unlock(dir);
		node_fd_put(dir);
	}
	node_put(dir);
	return rc;
}

int kept_reopen(struct node *n)
{
	uint64_t parent;
	char *name;
	int rc;

	do {
		name = name_of(n, &parent, &rc);
		if (name)
			rc = reopen_in(n, parent, name);
		free(name);
	} while (rc > 0);
	return rc;
}
