// SPDX-License-Identifier: GPL-2.0
/*
 * session.c - open and close the sessions of anyfs_session.h, and their last error
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "session-slots.h"

#define BACKENDS	(ANYFS_BACKEND_RAW | ANYFS_BACKEND_GIO | ANYFS_BACKEND_QEMU)
#define FLAGS		(ANYFS_SESSION_READONLY | ANYFS_SESSION_SNAPSHOT | BACKENDS)

/* ---- The last error ------------------------------------------------------ */

void anyfs_set_last_error(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (!fmt) {
		error_clear();
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	error_set(0, "%s", text);
}

const char *anyfs_get_last_error(void)
{
	const char *text = error_last();

	return *text ? text : NULL;
}

/* ---- Opening ------------------------------------------------------------- */

/* Boot a kernel unless the calling thread has one. */
static int need_kernel(void)
{
	int rc = anyfs_kernel_current() ? 0 : anyfs_kernel_init(NULL);

	return rc == -EALREADY ? 0 : rc;
}

/* The address of the file @path ("file:///a%20b"), to be freed; NULL with error text. */
static char *file_address(const char *path)
{
	char *real = realpath(path, NULL), *address, *to;

	if (!real) {
		error_set(error_host(errno), "%s: %s", path, error_name(errno));
		return NULL;
	}
	address = malloc(strlen("file://") + 3 * strlen(real) + 1);
	to = address ? stpcpy(address, "file://") : NULL;
	for (const unsigned char *p = (unsigned char *)real; to && *p; p++)
		to += sprintf(to, strchr("%?#", *p) || *p <= ' ' || *p >= 127 ? "%%%02X" : "%c", *p);
	if (!address)
		error_set(-ENOMEM, "%s: out of memory", path);
	free(real);
	return address;
}

static int open_image(const char *path, uint32_t flags, struct anyfs_image **image)
{
	const struct anyfs_disk_opts opts = {
		.struct_size = sizeof(opts),
		.flags = (flags & ANYFS_SESSION_READONLY ? ANYFS_DISK_READONLY : 0) |
			 (flags & ANYFS_SESSION_SNAPSHOT ? ANYFS_DISK_SNAPSHOT : 0),
		.format = flags & ANYFS_BACKEND_RAW ? "raw" : NULL,
	};
	char *address;
	int rc;

	if (!(flags & ANYFS_BACKEND_GIO) || anyfs_path_is_address(path))
		return anyfs_image_open_with(NULL, path, &opts, image);
	address = file_address(path);
	if (!address)
		return -ENOENT;
	rc = anyfs_image_open_with(NULL, address, &opts, image);
	free(address);
	/* The file exists, so the program that reads files with GIO is missing. */
	return rc == -ENOENT ? -ENOTSUP : rc;
}

static int check_flags(const char *path, uint32_t flags)
{
	uint32_t backends = flags & BACKENDS;

	if (flags & ~FLAGS)
		return error_set(-EINVAL, "%s: unknown flags 0x%x", path, flags & ~FLAGS);
	if (backends & (backends - 1))
		return error_set(-EINVAL, "%s: choose one backend only", path);
	return 0;
}

/* Implements key of struct anyfs_image_opts, with the tree locked. */
static int find_key(void *data, const struct anyfs_node *node, unsigned int attempt,
		    struct anyfs_key *key)
{
	const struct AnyfsSession *s = data;

	for (const struct session_key *k = s->keys; k; k = k->next) {
		if (strcmp(k->node_path, anyfs_node_path(node)) || attempt--)
			continue;
		key->data = k->key.data;
		key->len = k->key.len;
		return 0;
	}
	return -ENOKEY;
}

static int open_session(struct AnyfsSession *s, const char *path, uint32_t flags)
{
	const struct anyfs_image_opts opts = {
		.struct_size = sizeof(opts), .key = find_key, .key_data = s,
	};
	int rc = open_image(path, flags, &s->image);

	if (!rc)
		rc = anyfs_image_configure(s->image, &opts);
	return rc ? rc : slots_open(s);
}

int anyfs_session_open(const char *path, uint32_t flags, AnyfsSession **session)
{
	struct AnyfsSession *s;
	int rc;

	if (!path || !session)
		return error_set(-EINVAL, "anyfs_session_open: no path, or no place for the session");
	*session = NULL;
	rc = check_flags(path, flags);
	if (!rc)
		rc = need_kernel();
	if (rc)
		return rc;
	s = calloc(1, sizeof(*s));
	if (!s)
		return error_set(-ENOMEM, "%s: out of memory", path);
	pthread_mutex_init(&s->work, NULL);
	pthread_mutex_init(&s->lock, NULL);
	rc = open_session(s, path, flags);
	if (rc) {
		anyfs_session_close(s);
		return rc;
	}
	*session = s;
	return 0;
}

void anyfs_session_close(AnyfsSession *s)
{
	if (!s)
		return;
	if (s->image)
		anyfs_image_close(s->image);
	slots_free(s);
	anyfs_free(s->parts);
	pthread_mutex_destroy(&s->work);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

const char *anyfs_session_display(const AnyfsSession *s)
{
	return image_name(s->image);
}

int anyfs_session_id(const AnyfsSession *s)
{
	return anyfs_image_disk(s->image);
}
