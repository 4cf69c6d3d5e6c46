// SPDX-License-Identifier: GPL-2.0
/*
 * clients.c - version, name and open files of the clients of the NFS server
 *
 * The directory of a client in the server's control file system has a file "info" with lines
 * "key: value", and a file "states" with a line for each open file, lock and delegation.
 * A client that has several connections is reported with its first one.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <lkl.h>
#include "nfsd.h"
#include "status.h"

#define CLIENTS		NFSD_CONTROL "/clients"
#define FILE_MAX	(4u << 20)	/* bytes of a file that are read */

/* Read the file @name of the client @id.  Returns text, to be freed, or NULL. */
static char *read_file(const char *id, const char *name)
{
	char path[sizeof(CLIENTS) + 300], buf[4096], *text = NULL;
	size_t size;
	FILE *out;
	long n;
	int fd;

	snprintf(path, sizeof(path), CLIENTS "/%s/%s", id, name);
	fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_RDONLY | LKL_O_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	out = open_memstream(&text, &size);
	while (out && (n = lkl_sys_read(fd, buf, sizeof(buf))) > 0 && ftell(out) < FILE_MAX)
		fwrite(buf, 1, n, out);
	if (out)
		fclose(out);
	lkl_sys_close(fd);
	return text;
}

static const char *next_line(const char *text)
{
	const char *end = strchr(text, '\n');

	return end ? end + 1 : NULL;
}

/* The text after "key: " at the beginning of a line, or NULL. */
static const char *value_of(const char *info, const char *key)
{
	size_t len = strlen(key);

	for (; info; info = next_line(info))
		if (!strncmp(info, key, len) && !strncmp(info + len, ": ", 2))
			return info + len + 2;
	return NULL;
}

/* The port of the line `address: "127.0.0.1:1234"`; 0: there is none. */
static unsigned int port_of(const char *info)
{
	const char *address = value_of(info, "address");
	unsigned int port;

	return address && sscanf(address, "\"127.0.0.1:%u\"", &port) == 1 ? port : 0;
}

/* Lines of open files begin with "- 0x...: { type: open,". */
static long count_open(const char *states)
{
	long nr = 0;

	for (; states; states = next_line(states)) {
		const char *colon = strncmp(states, "- 0x", 4) ? NULL : strchr(states, ':');

		nr += colon && !strncmp(colon, ": { type: open,", 15);
	}
	return nr;
}

/* The name that a client has given itself.  It is in quotes, and quotes in it are escaped. */
static char *name_of(const char *info)
{
	const char *name = value_of(info, "name");

	return name && *name == '"' ? strndup(name + 1, strcspn(name + 1, "\"\n")) : NULL;
}

static void describe(struct status_client *c, const char *id, const char *info)
{
	const char *minor = value_of(info, "minor version");
	char *states = read_file(id, "states");

	if (minor)
		snprintf(c->splice.version, sizeof(c->splice.version), "4.%lu",
			 strtoul(minor, NULL, 10) % 10);
	free(c->name);
	c->name = name_of(info);
	if (states)
		c->open_files = count_open(states);
	free(states);
}

static void find_and_describe(const char *id, struct status_client *list, size_t nr)
{
	char *info = read_file(id, "info");
	unsigned int port = info ? port_of(info) : 0;

	for (size_t i = 0; port && i < nr; i++)
		if (list[i].splice.own_port == port)
			describe(&list[i], id, info);
	free(info);
}

void clients_describe(struct serve *s, struct status_client *list, size_t nr)
{
	struct lkl_dir *dir;
	struct lkl_linux_dirent64 *d;
	int err;

	dir = lkl_opendir(CLIENTS, &err);
	if (!dir)
		return;
	while ((d = lkl_readdir(dir)))
		if (*d->d_name != '.')
			find_and_describe(d->d_name, list, nr);
	lkl_closedir(dir);
}
