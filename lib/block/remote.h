/* SPDX-License-Identifier: GPL-2.0 */
/*
 * remote.h - images that another process reads for the library
 *
 * A program that may use the network, in a process and a sandbox of its own, reads images at
 * addresses (http://, sftp:// ...).  For writing to formats that only QEMU can write,
 * qemu-storage-daemon serves the image.  Both speak NBD over a socket.
 */
#ifndef ANYFS_BLOCK_REMOTE_H
#define ANYFS_BLOCK_REMOTE_H

#include "blockdev.h"

/* nbd.c */

struct nbd_server {
	int fd;				/* connected stream socket; the blockdev takes it over */
	int control;			/* closing it ends the program that serves; -1: none */
	const char *name;		/* for messages */
	const char *export_name;	/* NULL: "" */
	/* Memory shared with the server, which the blockdev unmaps; NULL: none. */
	const uint8_t *memory;
	uint64_t memory_len;
	unsigned int silence_s;		/* seconds to wait for an answer; 0: no limit */
	bool has_cache;			/* see struct blockdev */
	/* Called from any thread with the text of an error, "name: text"; may be NULL. */
	void (*note)(void *data, const char *text);
	void *note_data;
};

/*
 * A blockdev over @server, whose descriptors are closed on failure too.  0, -EROFS,
 * -EPROTO (no NBD server), -ENODATA (empty), or -errno; with error text.
 */
int nbd_open(const struct nbd_server *server, bool write, struct blockdev **bd);

/* remote.c */

/* Options for a program that reads an image.  Zero means default, for every member. */
struct remote_options {
	const char *cache_file;		/* for HTTP and GIO: file that keeps data for later runs */
	uint64_t cache_size;		/* bytes of the cache, in memory or in the file */
	const char *const *headers;	/* of HTTP requests */
	unsigned int nr_headers;
	bool download;			/* first fetch the complete image into a temporary file */
	unsigned int timeout_s;		/* seconds for a network operation, with all retries */
	bool no_sandbox;		/* the program enters no sandbox */
	void (*note)(void *data, const char *text);
	void *note_data;
};

/* Whether @path is an address, "scheme://...", not the name of a file. */
bool remote_is_address(const char *path);

/*
 * Open the image at @address.  @flags are BLOCKDEV_*.  0, or -errno with error text: -EIO
 * (network), -ENOENT, -EACCES, -EROFS (only NBD can write), -EOPNOTSUPP
 * (no such scheme, no ranges), -EBUSY (the cache file is in use).
 */
int remote_open(const char *address, const struct remote_options *options, unsigned int flags,
		struct blockdev **bd);

/* qemu.c */

struct qemu_options {
	const char *format;		/* QEMU's name of the format */
	const char *root;		/* directory of files that the image may name; NULL: none */
	const char *encryption;		/* QEMU's name of the method, or NULL */
	const char *password;		/* of the encryption */
	bool no_sandbox;		/* the daemon enters no sandbox */
	void (*note)(void *data, const char *text);	/* see struct nbd_server */
	void *note_data;
};

/*
 * Open the image @path of the host by qemu-storage-daemon.  @flags are BLOCKDEV_*.  0, or
 * -errno with error text: -ENOPKG (the daemon is not installed), -EBUSY (in use),
 * -EKEYREJECTED (the password is wrong), -EIO (the daemon cannot open it).
 */
int qemu_open(const char *path, const struct qemu_options *o, unsigned int flags,
	      struct blockdev **bd);

/* child.c: programs in libexec/anyfs */

/* A setting for a program; a program rejects settings that it does not know. */
struct child_setting {
	const char *key, *value;
};

/*
 * Start the program @program, with one end of a socket pair as its descriptor 3 and
 * @extra (-1: none) as 4, send it the settings and wait for its answer.  *@fd gets the
 * other end; closing it ends the program.  0, or -errno with the text of the program.
 */
int child_start(const char *program, const char *name, const struct child_setting *settings,
		unsigned int nr, int extra, int *fd);

#endif /* ANYFS_BLOCK_REMOTE_H */
