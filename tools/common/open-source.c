// SPDX-License-Identifier: GPL-2.0
/*
 * open-source.c - open the file of an image: wait for its lock, and unlock an encrypted image
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "keys.h"
#include "messages.h"
#include "run.h"

static int open_or_wait(struct tool *t, const char *path, const struct anyfs_disk_opts *disk,
			struct anyfs_source **source)
{
	int rc;

	do
		rc = anyfs_source_open(path, disk, source);
	while (rc == -EBUSY && tool_wait_lock(t, path));
	return rc;
}

static int open_with_key(struct tool *t, const char *path, const struct anyfs_disk_opts *disk,
			 const struct anyfs_key *key, struct anyfs_source **source)
{
	struct anyfs_disk_opts with_key = *disk;
	char *password;
	int rc;

	if (memchr(key->data, 0, key->len)) {
		tool_error(t, "%s: the key of an encrypted qcow2 image must be text, and this one contains a NUL byte",
			   path);
		t->status = EXIT_KEY;
		tool_finish(t);
	}
	password = strndup(key->data, key->len);
	if (!password)
		tool_no_memory(t);
	with_key.password = password;
	rc = open_or_wait(t, path, &with_key, source);
	explicit_bzero(password, key->len);
	free(password);
	return rc;
}

int tool_open_source(struct tool *t, const char *path, const struct anyfs_disk_opts *disk,
		     struct anyfs_source **source)
{
	int rc = open_or_wait(t, path, disk, source);

	for (unsigned int i = 0; tool_is_key_error(rc); i++) {
		struct anyfs_key key = { .struct_size = sizeof(key) };

		if (keys_choose(t, path, "/", i, &key))
			break;
		rc = open_with_key(t, path, disk, &key, source);
		if (key.free)
			key.free(&key);
	}
	return rc;
}
