/* SPDX-License-Identifier: GPL-2.0 */
/*
 * btrfs-chunks.h - where the logical addresses of a btrfs are on its device
 */
#ifndef ANYFS_BTRFS_CHUNKS_H
#define ANYFS_BTRFS_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

/* A range of logical addresses that is contiguous on the device, at @offset. */
struct btrfs_chunk {
	uint64_t logical, length, offset;
};

struct btrfs_chunks {
	struct btrfs_chunk *chunks;
	size_t nr;
};

/*
 * Read the chunks of the btrfs on which @fd is open, a descriptor of the library kernel.  0;
 * -EOPNOTSUPP: it has several devices; or another -errno.
 */
long btrfs_chunks_get(int fd, struct btrfs_chunks *c);
/*
 * Set *@offset to the offset on the device of the first copy of the bytes at @logical.  Returns how
 * many bytes are contiguous there, 0 if @logical is in no chunk.
 */
uint64_t btrfs_chunks_find(const struct btrfs_chunks *c, uint64_t logical, uint64_t *offset);
void btrfs_chunks_free(struct btrfs_chunks *c);

#endif /* ANYFS_BTRFS_CHUNKS_H */
