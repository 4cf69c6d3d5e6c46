// SPDX-License-Identifier: GPL-2.0
/*
 * node.c - the files that the host knows
 *
 * The host may know a million files, and the library kernel has little memory.  So a node takes
 * some memory in this process and none in the library kernel: it has the handle of the file, by
 * which the file can be opened again.  For file systems without handles see kept-files.c.
 *
 * The host may forget a node while a request still uses it, because the requesting
 * program was killed.  So nodes are reference-counted, and the id of a node for the host
 * is not its address but a number that is never reused.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "fusefs.h"
#include "kept-files.h"
#include "node-fd.h"

static struct {
	pthread_mutex_t lock;
	struct node **slots;		/* indexed by the lower half of the id */
	uint32_t *generations;		/* the upper half */
	uint32_t *free_next;		/* chain of the free slots */
	uint32_t nr_slots, first_free;
	struct node **hash;
	uint32_t hash_size, nr_nodes;
} table = { .lock = PTHREAD_MUTEX_INITIALIZER };

#define NO_SLOT		UINT32_MAX

void table_lock(void)
{
	pthread_mutex_lock(&table.lock);
}

void table_unlock(void)
{
	pthread_mutex_unlock(&table.lock);
}

static uint32_t hash_key(const struct fsys *fs, const uint8_t *key, uint32_t len)
{
	uint64_t h = (uintptr_t)fs;

	for (uint32_t i = 0; i < len; i++)
		h = (h ^ key[i]) * 0x100000001b3ull;
	return h ^ h >> 32;
}

static bool grow_slots(void)
{
	uint32_t old = table.nr_slots, nr = old ? old * 2 : 1024;
	struct node **slots = reallocarray(table.slots, nr, sizeof(*slots));
	uint32_t *generations, *next;

	if (slots)
		table.slots = slots;
	generations = reallocarray(table.generations, nr, sizeof(*generations));
	if (generations)
		table.generations = generations;
	next = reallocarray(table.free_next, nr, sizeof(*next));
	if (next)
		table.free_next = next;
	if (!slots || !generations || !next)
		return false;
	for (uint32_t i = nr; i-- > old;) {
		slots[i] = NULL;
		generations[i] = 1;
		next[i] = table.first_free;
		table.first_free = i;
	}
	table.nr_slots = nr;
	return true;
}

static bool grow_hash(void)
{
	uint32_t size = table.hash_size ? table.hash_size * 2 : 1024;
	struct node **hash = calloc(size, sizeof(*hash));

	if (!hash)
		return false;
	for (uint32_t i = 0; i < table.hash_size; i++) {
		struct node *n, *next;

		for (n = table.hash[i]; n; n = next) {
			next = n->next;
			n->next = hash[n->hash & (size - 1)];
			hash[n->hash & (size - 1)] = n;
		}
	}
	free(table.hash);
	table.hash = hash;
	table.hash_size = size;
	return true;
}

void nodes_init(unsigned int max_fds)
{
	table.first_free = NO_SLOT;
	node_fds_init(max_fds);
}

static struct node *table_find(const struct fsys *fs, uint32_t hash, const uint8_t *key,
			       uint32_t len)
{
	struct node *n;

	if (!table.hash_size)
		return NULL;
	for (n = table.hash[hash & (table.hash_size - 1)]; n; n = n->next)
		if (n->hash == hash && n->fs == fs && n->key_len == len &&
		    !memcmp(n->key, key, len))
			return n;
	return NULL;
}

static struct node *node_alloc(uint32_t key_len)
{
	struct node *n = calloc(1, sizeof(*n) + key_len);
	uint32_t slot;

	if (!n)
		return NULL;
	if (table.first_free == NO_SLOT && !grow_slots()) {
		free(n);
		return NULL;
	}
	slot = table.first_free;
	table.first_free = table.free_next[slot];
	table.slots[slot] = n;
	n->id = (uint64_t)table.generations[slot] << 32 | slot;
	n->fd = -1;
	n->path_fd = -1;
	n->key_len = key_len;
	return n;
}

static void slot_free(const struct node *n)
{
	uint32_t slot = (uint32_t)n->id;

	table.slots[slot] = NULL;
	table.generations[slot]++;
	table.free_next[slot] = table.first_free;
	table.first_free = slot;
}

static void chain_add(struct node *n, uint32_t hash)
{
	struct node **p = &table.hash[hash & (table.hash_size - 1)];

	n->hash = hash;
	n->next = *p;
	*p = n;
}

static void chain_remove(struct node *n)
{
	struct node **p = &table.hash[n->hash & (table.hash_size - 1)];

	while (*p != n)
		p = &(*p)->next;
	*p = n->next;
}

void table_rekey(struct node *n, const struct node_key *key)
{
	chain_remove(n);
	n->key_len = key->len;
	memcpy(n->key, key->bytes, key->len);
	chain_add(n, hash_key(n->fs, key->bytes, key->len));
}

void table_key_by_name(struct node *n)
{
	chain_remove(n);
	n->key_len = 0;
	chain_add(n, kept_hash(n));
}

static void table_remove(struct node *n)
{
	chain_remove(n);
	table.nr_nodes--;
	slot_free(n);
}

/* Remove the node from the table if it has no references.  True: removed.  Table locked. */
static bool remove_if_unused(struct node *n)
{
	if (n->nlookup || n->refs || n->role)
		return false;
	node_fd_uncache(n);
	table_remove(n);
	if (n->kept)
		kept_free(n);
	return true;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		lkl_sys_close(fd);
}

static void node_free(struct node *n)
{
	close_fd(n->fd);
	close_fd(n->path_fd);
	free(n);
}

struct node *node_ref(uint64_t id)
{
	struct node *n = NULL;
	uint32_t slot = (uint32_t)id;

	table_lock();
	if (id == FUSE_ROOT_ID)
		n = table.slots[0];
	else if (slot < table.nr_slots && table.generations[slot] == id >> 32)
		n = table.slots[slot];
	if (n)
		n->refs++;
	if (n && n->kept)
		kept_use(n);
	table_unlock();
	return n;
}

void node_put(struct node *n)
{
	bool gone;

	table_lock();
	n->refs--;
	gone = remove_if_unused(n);
	table_unlock();
	if (gone)
		node_free(n);
}

void node_forget(uint64_t id, uint64_t nlookup)
{
	struct node *n = node_ref(id);

	if (!n)
		return;
	if (!n->role) {
		table_lock();
		n->nlookup -= nlookup < n->nlookup ? nlookup : n->nlookup;
		table_unlock();
	}
	node_put(n);
}

void node_set_follower(uint64_t id, enum file_order order, uint64_t next)
{
	struct node *n = node_ref(id);

	if (!n)
		return;
	__atomic_store_n(&n->followers[order], next, __ATOMIC_RELAXED);
	node_put(n);
}

/* Make the node of @key.  NULL: out of memory.  Table locked. */
static struct node *insert_node(struct fsys *fs, struct node_key *key)
{
	struct node *n;

	if (table.nr_nodes >= table.hash_size && !grow_hash())
		return NULL;
	n = node_alloc(key->len);
	if (!n)
		return NULL;
	if (key->fd >= 0 && !kept_new(n)) {
		slot_free(n);
		free(n);
		return NULL;
	}
	n->fs = fs;
	n->type = key->type;
	memcpy(n->key, key->bytes, key->len);
	chain_add(n, hash_key(fs, key->bytes, key->len));
	table.nr_nodes++;
	return n;
}

/* Find a node without descriptor by its name.  Table locked. */
static struct node *find_by_name(const struct fsys *fs, const struct node_key *key)
{
	uint32_t hash;
	struct node *n;

	if (!fs->made_up_inos || !key->name || !table.hash_size)
		return NULL;
	hash = kept_hash_key(key);
	for (n = table.hash[hash & (table.hash_size - 1)]; n; n = n->next)
		if (n->hash == hash && n->fs == fs && !n->key_len && n->type == key->type &&
		    kept_has_name(n, key))
			return n;
	return NULL;
}

/* Find the node of @key, or make it.  Takes over key->fd.  Table locked. */
static struct node *find_node(struct fsys *fs, struct node_key *key, bool make)
{
	struct node *n = table_find(fs, hash_key(fs, key->bytes, key->len), key->bytes, key->len);

	if (!n) {
		n = find_by_name(fs, key);
		if (n)
			table_rekey(n, key);
	}
	if (!n && make)
		n = insert_node(fs, key);
	if (!n)
		return NULL;
	n->refs++;
	if (n->kept)
		kept_found(n, key);
	if (n->kept && n->path_fd < 0) {
		kept_give_fd(n, key->fd);
		key->fd = -1;
	}
	return n;
}

struct node *node_lookup(struct fsys *fs, struct node_key *key)
{
	struct node *n;
	int extra;

	table_lock();
	n = find_node(fs, key, true);
	if (n)
		n->nlookup++;
	extra = kept_shrink();
	table_unlock();
	close_fd(key->fd);
	close_fd(extra);
	return n;
}

struct node *node_find(struct fsys *fs, struct node_key *key)
{
	struct node *n;

	table_lock();
	n = find_node(fs, key, false);
	table_unlock();
	close_fd(key->fd);
	return n;
}

/* Table locked. */
static struct node *find_virtual(uint32_t hash, enum node_role role, const struct anyfs_node *shows)
{
	struct node *n = table.hash_size ? table.hash[hash & (table.hash_size - 1)] : NULL;

	while (n && (n->role != role || n->shows != shows))
		n = n->next;
	return n;
}

static struct node *insert_virtual(enum node_role role, struct node_key *key,
				 struct anyfs_node *shows)
{
	/* The first node gets slot 0, where node_ref() looks up FUSE_ROOT_ID. */
	bool root = !table.nr_nodes;
	struct node *n = insert_node(NULL, key);

	if (!n)
		return NULL;
	if (root)
		n->id = FUSE_ROOT_ID;
	n->role = role;
	n->shows = shows;
	return n;
}

struct node *node_virtual(enum node_role role, struct anyfs_node *shows)
{
	struct node_key key = {
		.len = sizeof(shows), .fd = -1,
		.type = role == NODE_TABLE ? S_IFREG : role == NODE_LINK ? S_IFLNK : S_IFDIR,
	};
	struct node *n;

	memcpy(key.bytes, &shows, sizeof(shows));
	table_lock();
	n = find_virtual(hash_key(NULL, key.bytes, key.len), role, shows);
	if (!n)
		n = insert_virtual(role, &key, shows);
	table_unlock();
	return n;
}

void nodes_close(void)
{
	for (uint32_t i = 0; i < table.nr_slots; i++) {
		struct node *n = table.slots[i];

		if (!n)
			continue;
		close_fd(n->fd);
		close_fd(n->path_fd);
		n->fd = n->path_fd = -1;
	}
}
