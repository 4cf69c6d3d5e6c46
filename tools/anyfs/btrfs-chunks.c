// SPDX-License-Identifier: GPL-2.0
/*
 * btrfs-chunks.c - where the logical addresses of a btrfs are on its device
 *
 * On one device a chunk has one copy or two (DUP), each in one piece.  On several devices the
 * bytes of a chunk may alternate between them, which is not supported here.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include "btrfs-chunks.h"
#include "btrfs-search.h"

#define STRIPED	(LKL_BTRFS_BLOCK_GROUP_PROFILE_MASK & ~LKL_BTRFS_BLOCK_GROUP_DUP)

static long add_chunk(void *data, const struct lkl_btrfs_ioctl_search_header *h, const void *item)
{
	const struct lkl_btrfs_chunk *chunk = item;
	struct btrfs_chunks *c = data;
	struct btrfs_chunk *more;

	if (h->type != LKL_BTRFS_CHUNK_ITEM_KEY)
		return 0;
	if (h->len < sizeof(*chunk))
		return -EUCLEAN;
	if (le64toh(chunk->type) & STRIPED)
		return -EOPNOTSUPP;
	more = reallocarray(c->chunks, c->nr + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->chunks = more;
	c->chunks[c->nr++] = (struct btrfs_chunk){
		.logical = h->offset, .length = le64toh(chunk->length),
		.offset = le64toh(chunk->stripe.offset),
	};
	return 0;
}

static long need_one_device(int fd)
{
	struct lkl_btrfs_ioctl_fs_info_args info = { 0 };
	long rc = lkl_sys_ioctl(fd, LKL_BTRFS_IOC_FS_INFO, (long)&info);

	return rc >= 0 && info.num_devices != 1 ? -EOPNOTSUPP : rc;
}

long btrfs_chunks_get(int fd, struct btrfs_chunks *c)
{
	const struct lkl_btrfs_ioctl_search_key key = {
		.tree_id = LKL_BTRFS_CHUNK_TREE_OBJECTID,
		.min_objectid = LKL_BTRFS_FIRST_CHUNK_TREE_OBJECTID,
		.max_objectid = LKL_BTRFS_FIRST_CHUNK_TREE_OBJECTID,
		.min_type = LKL_BTRFS_CHUNK_ITEM_KEY, .max_type = LKL_BTRFS_CHUNK_ITEM_KEY,
		.max_offset = UINT64_MAX, .max_transid = UINT64_MAX,
	};
	long rc = need_one_device(fd);

	*c = (struct btrfs_chunks){ 0 };
	if (rc >= 0)
		rc = btrfs_search(fd, &key, add_chunk, c);
	if (rc < 0)
		btrfs_chunks_free(c);
	return rc;
}

uint64_t btrfs_chunks_find(const struct btrfs_chunks *c, uint64_t logical, uint64_t *offset)
{
	for (size_t i = 0; i < c->nr; i++) {
		const struct btrfs_chunk *chunk = &c->chunks[i];
		uint64_t at = logical - chunk->logical;

		if (logical < chunk->logical || at >= chunk->length)
			continue;
		*offset = chunk->offset + at;
		return chunk->length - at;
	}
	return 0;
}

void btrfs_chunks_free(struct btrfs_chunks *c)
{
	free(c->chunks);
	*c = (struct btrfs_chunks){ 0 };
}
