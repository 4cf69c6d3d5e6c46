// SPDX-License-Identifier: GPL-2.0
/*
 * files.c - write and check files whose content is computed from a seed
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fs.h"

#define CHUNK	(256u << 10)

const char *tree_path(const struct fs_tree *t, const char *name)
{
	static char paths[4][4096];
	static unsigned int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", t->top, name);
	return path;
}

int report_error(const char *name, const char *what, long err)
{
	fprintf(stderr, "%s: %s: %s\n", name, what, err < 0 ? strerror(-err) : "wrong");
	return err < 0 ? err : -EUCLEAN;
}

/*
 * Text that compresses to about half of its size, so that a file system with compression does
 * not store it uncompressed.
 */
static void pattern(unsigned char *buf, size_t len, unsigned int seed, uint64_t off)
{
	for (size_t i = 0; i < len; i++) {
		uint64_t at = off + i;
		uint64_t x = (at >> 4) * 0x9e3779b97f4a7c15u + seed * 0xd1342543de82ef95u;

		x ^= x >> 29;
		x *= 0xbf58476d1ce4e5b9u;
		buf[i] = at & 8 ? 'a' + (at & 7) : (unsigned char)(x >> (8 * (at & 7)));
	}
}

int file_write(const struct fs_tree *t, const char *name, unsigned int seed, uint64_t off,
	       size_t len)
{
	unsigned char *buf = malloc(CHUNK);
	long fd = buf ? t->ops->open(tree_path(t, name), true) : -ENOMEM;
	long rc = fd < 0 ? fd : 0, err;

	for (size_t done = 0; !rc && done < len;) {
		size_t n = len - done < CHUNK ? len - done : CHUNK;
		long wrote;

		pattern(buf, n, seed, off + done);
		wrote = t->ops->pwrite(fd, buf, n, off + done);
		if (wrote != (long)n)
			rc = wrote < 0 ? wrote : -ENOSPC;
		done += n;
	}
	err = fd < 0 ? 0 : t->ops->close(fd);
	free(buf);
	if (!rc)
		rc = err;
	return rc ? report_error(name, "writing", rc) : 0;
}

static long compare(const struct fs_tree *t, int fd, unsigned int seed, uint64_t off, size_t len)
{
	unsigned char *buf = malloc(2 * CHUNK);
	long rc = buf ? 0 : -ENOMEM;

	for (size_t done = 0; !rc && done < len;) {
		size_t n = len - done < CHUNK ? len - done : CHUNK;
		long got = t->ops->pread(fd, buf, n, off + done);

		pattern(buf + CHUNK, n, seed, off + done);
		if (got < 0)
			rc = got;
		else if (!got || memcmp(buf, buf + CHUNK, got))
			rc = -EUCLEAN;
		else
			done += got;
	}
	free(buf);
	return rc;
}

int file_check(const struct fs_tree *t, const char *name, unsigned int seed, uint64_t off,
	       size_t len, uint64_t size)
{
	struct fs_stat st;
	long fd = t->ops->open(tree_path(t, name), false);
	long rc = fd < 0 ? fd : t->ops->stat(tree_path(t, name), &st);

	if (rc < 0)
		return report_error(name, "opening", rc);
	if (st.size != size) {
		fprintf(stderr, "%s: %llu bytes, not %llu\n", name, (unsigned long long)st.size,
			(unsigned long long)size);
		rc = -EUCLEAN;
	} else {
		rc = compare(t, fd, seed, off, len);
		if (rc)
			report_error(name, "its contents", rc);
	}
	t->ops->close(fd);
	return rc;
}
