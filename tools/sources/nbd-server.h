/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nbd-server.h - the side of a source program that faces the library
 *
 * A source program is started by lib/block/child.c with a socket as descriptor
 * 3.  It receives its settings there, opens the image, reports the result, and serves the
 * image with the NBD protocol until the socket is closed.
 */
#ifndef ANYFS_NBD_SERVER_H
#define ANYFS_NBD_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
#include "nbd-protocol.h"
#include "sandbox.h"

#define SERVE_FD	3
/*
 * With the setting "download": the file for the image.  Else, for a program with a cache that is
 * not in a file: the memory that is shared with the library.  Else /dev/null.
 */
#define SERVE_EXTRA_FD	4

struct setting {
	const char *key, *value;
};

/* The connection to the library; a process has one. */
struct serve {
	const char *program;
	struct setting *settings;
	unsigned int nr_settings;
	uint64_t size;			/* of the export */
	uint16_t flags;			/* of the export, NBD_READ_ONLY ... */
	bool has_extents;
	const uint8_t *memory;		/* shared with the library, or NULL */
	pthread_mutex_t send_lock;
};

/* A command of the library; valid until serve_end() or serve_fail(). */
struct command {
	struct command *next;		/* for lists kept by the program */
	uint16_t type, flags;
	uint64_t cookie, offset;
	uint32_t len;
	uint8_t *data;			/* data of WRITE */
};

/* Go to the background and receive the settings.  Ends the process if the library has ended. */
void serve_start(struct serve *s, const char *program);
/* The @index-th value of @key, or NULL. */
const char *serve_setting(const struct serve *s, const char *key, unsigned int index);
/* The value of @key as a number; @otherwise if there is none. */
uint64_t serve_number(const struct serve *s, const char *key, uint64_t otherwise);
/* Elements of the paths for serve_sandbox(): libraries, name resolution, certificates. */
#define SERVE_NET_PATHS \
	{ .path = "/etc/resolv.conf" }, { .path = "/etc/hosts" }, { .path = "/etc/host.conf" }, \
	{ .path = "/etc/gai.conf" }, { .path = "/etc/nsswitch.conf" }, { .path = "/etc/services" }, \
	{ .path = "/run/systemd/resolve" }, { .path = "/run/resolvconf" }, \
	{ .path = "/etc/ssl" }, { .path = "/etc/pki" }, \
	{ .path = "/usr/lib" }, { .path = "/usr/lib64" }, { .path = "/lib" }, { .path = "/lib64" }, \
	{ .path = "/etc/ld.so.cache" }, { .path = "/dev/urandom" }, { .path = "/dev/null" }

/*
 * Leave the working directory, and enter the sandbox with @profile; @paths stay readable.
 * Ends the process on failure.
 */
void serve_sandbox(const struct serve *s, enum sandbox_profile profile,
		   const struct sandbox_path *paths, size_t nr_paths);
/* Report that the image cannot be opened, with errno @err, and end the process. */
void serve_refuse(const struct serve *s, int err, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));
/* True if the library has ended, or given up opening the image.  Does not wait. */
bool serve_is_over(void);
/* Report that the image is open; size and flags must be set. */
void serve_accept(struct serve *s);
/* Receive the next command; ends the process when the library has ended. */
struct command *serve_next(struct serve *s);
/* Send data of a READ: @iov is at @offset of the image.  May be called on any thread. */
void serve_data(struct serve *s, const struct command *c, uint64_t offset,
		const struct iovec *iov, int nr);
/*
 * The same for data in the shared memory.  They must stay there until the library sends the command
 * RELEASE with @token as its offset.
 */
void serve_memory(struct serve *s, const struct command *c, uint64_t token, uint64_t offset,
		  const struct iovec *iov, int nr);
/* Send the ranges of a BLOCK_STATUS: pairs of a length and NBD_STATE_*, in host byte order. */
void serve_status(struct serve *s, const struct command *c, const uint32_t *pairs, size_t nr);
/* Free @c without a reply. */
void serve_drop(struct command *c);
/* Report that @c has succeeded, and free it. */
void serve_end(struct serve *s, struct command *c);
/* Report that @c has failed with errno @err and the message @text, and free it. */
void serve_fail(struct serve *s, struct command *c, int err, const char *text);

#endif /* ANYFS_NBD_SERVER_H */
