/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hfs-catalog.h - read the catalog of an HFS or HFS+ volume
 */
#ifndef ANYFS_HFS_CATALOG_H
#define ANYFS_HFS_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file with a resource fork, or with content that macOS has compressed. */
struct hfs_file {
	uint32_t id;
	bool compressed;
	uint64_t fork_bytes;
};

/* The list of such files of a file system, sorted by id.  Zero it before the first use. */
struct hfs_catalog {
	struct hfs_file *files;
	size_t nr;
};

/*
 * Read the catalog of the HFS+ (@plus) or HFS volume on @fd, an open block device of the library
 * kernel.  0, -EUCLEAN if it is damaged, or another -errno; on an error @c is empty.
 */
long hfs_catalog_read(struct hfs_catalog *c, int fd, bool plus);
/* The file with the number @id, or NULL. */
const struct hfs_file *hfs_catalog_find(const struct hfs_catalog *c, uint64_t id);
void hfs_catalog_free(struct hfs_catalog *c);

#endif /* ANYFS_HFS_CATALOG_H */
