// SPDX-License-Identifier: GPL-2.0
/*
 * child.c - start a helper program that reads an image for the library
 *
 * The helpers are in libexec/anyfs.  A helper detaches itself, so that the program that uses
 * this library has no child process to wait for.  It ends when its socket is closed.  It
 * inherits only the socket, and only the environment variables that the network needs,
 * because others may contain keys of encrypted volumes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "error.h"
#include "kernel.h"
#include "nbd-protocol.h"
#include "remote.h"
#include "socket.h"

#define CHILD_FD	3
#define EXTRA_FD	4
#define TEXT_MAX	1024u

/* Environment variables to keep, by name or by prefix ("XDG_"). */
static const char *const kept_variables[] = {
	"PATH=", "HOME=", "USER=", "LOGNAME=", "LANG=", "LC_", "TMPDIR=", "XDG_",
	"DBUS_SESSION_BUS_ADDRESS=", "http_proxy=", "https_proxy=", "HTTPS_PROXY=", "all_proxy=",
	"ALL_PROXY=", "no_proxy=", "NO_PROXY=", "NETRC=", "CURL_CA_BUNDLE=", "SSL_CERT_FILE=",
	"SSL_CERT_DIR=", "SSH_AUTH_SOCK=", "ASAN_OPTIONS=", "TSAN_OPTIONS=", "GIO_",
};

extern char **environ;

/* Make the environment of the helper, an array to be freed.  NULL: out of memory. */
static char **make_environment(void)
{
	size_t nr = 0, n = 0;
	char **env;

	while (environ[nr])
		nr++;
	env = calloc(nr + 1, sizeof(*env));
	for (size_t i = 0; env && i < nr; i++)
		for (size_t p = 0; p < sizeof(kept_variables) / sizeof(kept_variables[0]); p++)
			if (!strncmp(environ[i], kept_variables[p], strlen(kept_variables[p])))
				env[n++] = environ[i];
	return env;
}

/*
 * Make the path PREFIX/libexec/anyfs/PROGRAM from that of PREFIX/lib/anyfs/kernel.so.  The path
 * of the kernel may contain "..", so components cannot simply be cut off.
 */
static int find_program(const char *program, char *path, size_t len)
{
	char object[PATH_MAX];
	int err = host_kernel_object(object, sizeof(object));
	char *slash = err ? NULL : strrchr(object, '/');

	if (err)
		return err;
	if (!slash)
		strcpy(object, ".");
	else
		*slash = '\0';
	if ((size_t)snprintf(path, len, "%s/../../libexec/anyfs/%s", object, program) >= len)
		return error_set(-ENAMETOOLONG, "%s: the path is too long", program);
	if (access(path, X_OK))
		return error_set(-ENOENT, "%s: %s; is anyfs installed completely?", path,
				 error_name(errno));
	return 0;
}

/*
 * Use a separate process group: ^C must only reach the reading program, which then closes the
 * image.
 */
static int spawn(const char *path, int fd, int extra, pid_t *pid)
{
	char *args[] = { (char *)path, NULL }, **env = make_environment();
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	if (!env)
		return ENOMEM;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fd, CHILD_FD);
	/* The helper closes all descriptors above this one. */
	posix_spawn_file_actions_adddup2(&actions, extra >= 0 ? extra : STDIN_FILENO, EXTRA_FD);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
				 POSIX_SPAWN_SETPGROUP);
	err = posix_spawn(pid, path, &actions, &attr, args, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	free(env);
	return err;
}

/* Send the length, then for each setting "key", 0, "value", 0. */
static int send_settings(int fd, const struct child_setting *settings, unsigned int nr)
{
	size_t len = 0, at = 4;
	char *data;
	int err;

	for (unsigned int i = 0; i < nr; i++)
		len += strlen(settings[i].key) + strlen(settings[i].value) + 2;
	data = malloc(4 + len);
	if (!data)
		return -ENOMEM;
	nbd_put32((uint8_t *)data, len);
	for (unsigned int i = 0; i < nr; i++) {
		at = stpcpy(data + at, settings[i].key) + 1 - data;
		at = stpcpy(data + at, settings[i].value) + 1 - data;
	}
	err = socket_send(fd, data, at);
	explicit_bzero(data, at);	/* headers may be passwords */
	free(data);
	return err;
}

/* Read the answer: 'K', or 'E' with an error number and a text. */
static int receive_answer(int fd, const char *program, const char *name)
{
	uint8_t head[6];
	char kind, text[TEXT_MAX];
	uint16_t len;
	int err = socket_receive(fd, &kind, 1);

	if (!err && kind == 'K')
		return 0;
	if (!err)
		err = socket_receive(fd, head, sizeof(head));
	len = err ? 0 : get_be16(head + 4);
	if (!err && len < sizeof(text))
		err = socket_receive(fd, text, len);
	if (err || len >= sizeof(text))
		return error_set(-EIO, "%s: %s, which should read it, has ended", name, program);
	text[len] = '\0';
	err = error_host(get_be32(head));
	return error_set(err, "%s: %s", name, text);
}

static int start(const char *program, const char *name, int theirs, int extra)
{
	char path[PATH_MAX];
	int err = find_program(program, path, sizeof(path)), status;
	pid_t pid;

	if (err)
		return err;
	err = spawn(path, theirs, extra, &pid);
	if (err)
		return error_set(error_host(err), "%s: %s cannot be run: %s", name, path,
				 error_name(err));
	/* The helper detaches itself: this process ends at once. */
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return 0;
}

/* Move @fd to a number above those of the helper's descriptors; -1 and errno on failure. */
static int raise_fd(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, 16);

	if (fd >= 0)
		close(fd);
	return moved;
}

int child_start(const char *program, const char *name, const struct child_setting *settings,
		unsigned int nr, int extra, int *fd)
{
	int pair[2], err;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return error_set(error_host(errno), "%s: %s", name, error_name(errno));
	socket_enlarge(pair[0]);
	socket_enlarge(pair[1]);
	/* The child's descriptors 3 and 4 must not overwrite those that they are copied from. */
	pair[1] = raise_fd(pair[1]);
	extra = extra < 0 ? -1 : fcntl(extra, F_DUPFD_CLOEXEC, 16);
	err = pair[1] < 0 ? error_set(-EMFILE, "%s: too many open files", name) :
	      start(program, name, pair[1], extra);
	if (pair[1] >= 0)
		close(pair[1]);
	if (extra >= 0)
		close(extra);
	if (!err && send_settings(pair[0], settings, nr))
		err = error_set(-EIO, "%s: %s, which should read it, has ended", name, program);
	if (!err)
		err = receive_answer(pair[0], program, name);
	if (err) {
		close(pair[0]);
		return err;
	}
	*fd = pair[0];
	return 0;
}
