// SPDX-License-Identifier: GPL-2.0
/*
 * qemu.c - images that qemu-storage-daemon opens, because the library cannot read or write them
 *
 * The daemon runs in a separate process (tools/sources/source-qemu.c) and listens on a
 * socket that this file makes.  The name of the socket is removed before the daemon starts,
 * so that no other process can connect to it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "error.h"
#include "remote.h"
#include "socket.h"

struct sockets {
	int listening, connected;	/* -1: none */
};

static void close_sockets(struct sockets *s)
{
	if (s->listening >= 0)
		close(s->listening);
	if (s->connected >= 0)
		close(s->connected);
}

static int connect_at(struct sockets *s, const struct sockaddr_un *address)
{
	const struct sockaddr *a = (const struct sockaddr *)address;

	s->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	s->connected = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->listening < 0 || s->connected < 0 || bind(s->listening, a, sizeof(*address)))
		return -errno;
	socket_enlarge(s->connected);
	/* The connection waits until the daemon accepts it. */
	if (listen(s->listening, 1) || connect(s->connected, a, sizeof(*address)))
		return -errno;
	return 0;
}

/* A listening socket with one connection to it, and without a name. */
static int make_sockets(struct sockets *s, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *tmp = getenv("TMPDIR");
	char dir[64];
	int err;

	*s = (struct sockets){ -1, -1 };
	/* The name of a socket must be short. */
	if (!tmp || strlen(tmp) > sizeof(dir) - 16)
		tmp = "/tmp";
	snprintf(dir, sizeof(dir), "%s/anyfs-XXXXXX", tmp);
	if (!mkdtemp(dir))
		return error_set(error_host(errno), "%s: no temporary directory in %s: %s; set TMPDIR",
				 name, tmp, error_name(errno));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/nbd", dir);
	err = connect_at(s, &address);
	unlink(address.sun_path);
	rmdir(dir);
	if (!err)
		return 0;
	close_sockets(s);
	return error_set(error_host(-err), "%s: no socket for qemu-storage-daemon: %s", name,
			 error_name(-err));
}

static unsigned int fill_settings(struct child_setting *list, const char *path,
				  const struct qemu_options *o, unsigned int flags)
{
	unsigned int nr = 0;

	list[nr++] = (struct child_setting){ "path", path };
	list[nr++] = (struct child_setting){ "format", o->format };
	if (flags & BLOCKDEV_WRITE)
		list[nr++] = (struct child_setting){ "write", "" };
	if (o->root)
		list[nr++] = (struct child_setting){ "root", o->root };
	if (o->encryption) {
		list[nr++] = (struct child_setting){ "encryption", o->encryption };
		list[nr++] = (struct child_setting){ "password", o->password };
	}
	if (o->no_sandbox)
		list[nr++] = (struct child_setting){ "no-sandbox", "" };
	return nr;
}

int qemu_open(const char *path, const struct qemu_options *o, unsigned int flags,
	      struct blockdev **bd)
{
	struct nbd_server server = {
		.name = path, .export_name = "disk", .note = o->note, .note_data = o->note_data,
	};
	struct child_setting list[7];
	char *real = realpath(path, NULL);
	struct sockets s;
	int err;

	if (!real)
		return error_set(error_host(errno), "%s: %s", path, error_name(errno));
	err = make_sockets(&s, path);
	if (err) {
		free(real);
		return err;
	}
	err = child_start("anyfs-source-qemu", path, list, fill_settings(list, real, o, flags),
			  s.listening, &server.control);
	free(real);
	if (err) {
		close_sockets(&s);
		return err;
	}
	close(s.listening);
	server.fd = s.connected;
	err = nbd_open(&server, flags & BLOCKDEV_WRITE, bd);
	if (!err)
		(*bd)->is_remote = false;	/* requests cost no trip over a network */
	return err;
}
