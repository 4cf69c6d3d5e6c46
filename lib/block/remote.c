// SPDX-License-Identifier: GPL-2.0
/*
 * remote.c - images by address
 *
 * Each scheme has a program that reads it; schemes that are not listed here go to the program
 * with GLib.  The program gets the complete address; messages show it without passwords.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "error.h"
#include "nbd-protocol.h"
#include "remote.h"

#define SETTINGS_MAX	16u
#define DEFAULT_TIMEOUT_S	60u	/* of the programs */
#define MEMORY_MAX	(sizeof(size_t) > 4 ? 1ull << 42 : 1ull << 30)	/* bytes */

static const struct program {
	const char *schemes;		/* each followed by a space; "": all others */
	const char *name;
	bool can_write, has_cache, has_headers;
} programs[] = {
	{ "http https ", "anyfs-source-http", false, true, true },
	{ "nbd nbds nbd+unix nbds+unix ", "anyfs-source-nbd", true, false, false },
	{ "", "anyfs-source-gio", false, true, false },
};

bool remote_is_address(const char *path)
{
	const char *p = path;

	if (!isalpha((unsigned char)*p))
		return false;
	while (isalnum((unsigned char)*p) || *p == '+' || *p == '-' || *p == '.')
		p++;
	return !strncmp(p, "://", 3);
}

static const struct program *find_program(const char *address)
{
	const char *colon = strchr(address, ':');
	const struct program *p = programs;
	char scheme[32];

	if (colon - address < (int)sizeof(scheme) - 2) {
		snprintf(scheme, sizeof(scheme), "%.*s ", (int)(colon - address), address);
		for (char *c = scheme; *c; c++)
			*c = tolower((unsigned char)*c);
	} else {
		strcpy(scheme, "?");
	}
	for (; *p->schemes; p++) {
		const char *found = strstr(p->schemes, scheme);

		if (found && (found == p->schemes || found[-1] == ' '))
			return p;
	}
	return p;
}

/* @address without its password, to be freed. */
static char *make_name(const char *address)
{
	const char *host = strstr(address, "://") + 3;
	const char *end = host + strcspn(host, "/?#");
	const char *at = memrchr(host, '@', end - host), *colon;
	char *name;

	colon = at ? memchr(host, ':', at - host) : NULL;
	if (!colon)
		return strdup(address);
	return asprintf(&name, "%.*s%s", (int)(colon - address), address, at) < 0 ? NULL : name;
}

/* Reject options that the program for @address does not have. */
static int check_options(const struct program *p, const char *name,
			 const struct remote_options *o, unsigned int flags)
{
	if ((flags & BLOCKDEV_WRITE) && !p->can_write)
		return error_set(-EROFS, "%s: an image at such an address can only be read; keep changes in an overlay (--overlay FILE)",
				 name);
	if (!p->has_cache && (o->cache_file || o->cache_size || o->download))
		return error_set(-EINVAL, "%s: there is no cache for NBD: leave --cache-file, --cache-size and --download out",
				 name);
	if (!p->has_headers && o->nr_headers)
		return error_set(-EINVAL, "%s: --header is for http:// and https:// only", name);
	return 0;
}

/* Open an unnamed file for a complete image.  0, or -errno with error text. */
static int open_temporary(const char *name, int *file)
{
	const char *dir = getenv("TMPDIR");
	int fd;

	if (!dir || !*dir)
		dir = "/var/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(error_host(errno), "%s: no temporary file in %s: %s; set TMPDIR",
				 name, dir, error_name(errno));
	*file = fd;
	return 0;
}

/*
 * Make the memory for the program's cache, and map it.  Its size cannot be changed, so that the
 * program cannot take pages away that this process reads.  0, or -errno with error text.
 */
static int open_memory(struct nbd_server *server, uint64_t size, int *file)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	int fd = memfd_create("anyfs-source", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *memory = MAP_FAILED;

	if (!size)
		size = NBD_MEMORY_DEFAULT;
	size = size < NBD_MEMORY_LEAST ? NBD_MEMORY_LEAST : size > MEMORY_MAX ? MEMORY_MAX : size;
	if (fd >= 0 && !ftruncate(fd, size) && !fcntl(fd, F_ADD_SEALS, seals))
		memory = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (memory == MAP_FAILED) {
		int err = errno;

		if (fd >= 0)
			close(fd);
		return error_set(error_host(err), "%s: no memory for the cache: %s", server->name,
				 error_name(err));
	}
	server->memory = memory;
	server->memory_len = size;
	*file = fd;
	return 0;
}

/*
 * Open *@file for the program, if it needs one: for the complete image, or the memory of its
 * cache.  0, or -errno with error text.
 */
static int open_extra(const struct program *p, const struct remote_options *o,
		      struct nbd_server *server, int *file)
{
	if (o->download)
		return open_temporary(server->name, file);
	return p->has_cache && !o->cache_file ? open_memory(server, o->cache_size, file) : 0;
}

struct settings {
	struct child_setting list[SETTINGS_MAX];
	struct child_setting *all;	/* list, followed by the headers */
	unsigned int nr;
	char timeout[24], cache_size[24];
};

static int fill_settings(struct settings *s, const char *address,
			 const struct remote_options *o, unsigned int flags)
{
	struct child_setting *list;

	s->all = list = calloc(SETTINGS_MAX + o->nr_headers, sizeof(*list));
	if (!list)
		return -ENOMEM;
	snprintf(s->timeout, sizeof(s->timeout), "%u", o->timeout_s);
	snprintf(s->cache_size, sizeof(s->cache_size), "%llu", (unsigned long long)o->cache_size);
	list[s->nr++] = (struct child_setting){ "address", address };
	if (o->timeout_s)
		list[s->nr++] = (struct child_setting){ "timeout", s->timeout };
	if (o->cache_size)
		list[s->nr++] = (struct child_setting){ "cache-size", s->cache_size };
	if (o->cache_file)
		list[s->nr++] = (struct child_setting){ "cache-file", o->cache_file };
	if (o->no_sandbox)
		list[s->nr++] = (struct child_setting){ "no-sandbox", "" };
	if (flags & BLOCKDEV_WRITE)
		list[s->nr++] = (struct child_setting){ "write", "" };
	if (o->download)
		list[s->nr++] = (struct child_setting){ "download", "" };
	for (unsigned int i = 0; i < o->nr_headers; i++)
		list[s->nr++] = (struct child_setting){ "header", o->headers[i] };
	return 0;
}

/*
 * The program answers after it has written the complete image to @file.  The time of the download
 * is not that of the image: overlays take 0 as an unknown time.
 */
static int open_downloaded(int file, int fd, const char *name, struct blockdev **bd)
{
	const struct timespec unknown[2] = { { 0 } };

	close(fd);
	if (futimens(file, unknown))
		return error_set(error_host(errno), "%s: the temporary file: %s", name,
				 error_name(errno));
	return raw_open_fd(file, name, 0, bd);
}

static int open_named(const char *address, const char *name, const struct remote_options *o,
		      unsigned int flags, struct blockdev **bd)
{
	const struct program *p = find_program(address);
	struct settings s = { .nr = 0 };
	struct nbd_server server = {
		.control = -1, .name = name, .note = o->note, .note_data = o->note_data,
		/* The program itself gives up after timeout_s: more means that it hangs. */
		.silence_s = 4 * (o->timeout_s ? o->timeout_s : DEFAULT_TIMEOUT_S),
		.has_cache = p->has_cache,
	};
	int err = check_options(p, name, o, flags), file = -1;

	if (!err)
		err = open_extra(p, o, &server, &file);
	if (!err && fill_settings(&s, address, o, flags))
		err = error_set(-ENOMEM, "%s: out of memory", name);
	if (!err)
		err = child_start(p->name, name, s.all, s.nr, file, &server.fd);
	free(s.all);
	if (err && server.memory)
		munmap((void *)server.memory, server.memory_len);
	if (!err)
		err = o->download ? open_downloaded(file, server.fd, name, bd) :
		      nbd_open(&server, flags & BLOCKDEV_WRITE, bd);
	if (file >= 0)
		close(file);
	return err;
}

int remote_open(const char *address, const struct remote_options *options, unsigned int flags,
		struct blockdev **bd)
{
	char *name = make_name(address);
	int err = name ? open_named(address, name, options, flags, bd) :
		  error_set(-ENOMEM, "disk: out of memory");

	free(name);
	return err;
}
