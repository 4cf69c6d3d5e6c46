// SPDX-License-Identifier: GPL-2.0
/*
 * source-qemu.c - anyfs-source-qemu: let qemu-storage-daemon serve an image to the library
 *
 * The daemon writes formats that the library only reads, and reads rare and encrypted ones.  It
 * serves NBD on a listening socket that the library made, to which only the library is connected.
 * This program carries no data: it starts the daemon in a sandbox, reports whether the daemon could
 * open the image, and ends the daemon when the library closes the image or ends.  When this
 * program is killed, the daemon gets SIGTERM, too, and writes everything back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "nbd-server.h"
#include "program-sandbox.h"

#define DAEMON		"qemu-storage-daemon"
#define MESSAGE_MAX	900u
#define WRITEBACK_MS	50		/* from a write to the write-back that it starts */
#define BUFFER_KEPT	"33554432"	/* bytes: the data of the longest request */
#define BUFFERS_KEPT	"67108864"	/* bytes of free memory that the daemon keeps */
#define MONITOR_FD	5
#define PASSWORD_FD	6

static struct serve serve;
static int messages[2];			/* a pipe: standard error of the daemon */
static int monitor[2];			/* a socket pair: the daemon says there that it is ready */

static const char *need_setting(const char *key)
{
	const char *value = serve_setting(&serve, key, 0);

	if (!value)
		serve_refuse(&serve, EINVAL, "the setting %s is missing", key);
	return value;
}

/*
 * Lock the image against processes of anyfs that write to it or, with @write, against all of
 * them.  QEMU locks other bytes.  Returns the descriptor, which must stay open.
 */
static int lock_image(const char *path, bool write)
{
	struct flock lock = {
		.l_type = write ? F_WRLCK : F_RDLCK, .l_whence = SEEK_SET, .l_len = 1,
	};
	int fd = open(path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);

	if (fd < 0)
		serve_refuse(&serve, errno, "%s", strerror(errno));
	if (fcntl(fd, F_OFD_SETLK, &lock) < 0)
		serve_refuse(&serve, EBUSY, "in use by another process or kernel; close it there");
	return fd;
}

/* @text as a string of JSON, with its quotes; to be freed. */
static char *json_string(const char *text)
{
	char *out = malloc(6 * strlen(text) + 3), *p = out;

	if (!out)
		serve_refuse(&serve, ENOMEM, "out of memory");
	*p++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*p++ = '\\';
		if ((unsigned char)*text < 0x20)
			p += sprintf(p, "\\u%04x", *text);
		else
			*p++ = *text;
	}
	strcpy(p, "\"");
	return out;
}

static bool can_have_backing(const char *format)
{
	return !strcmp(format, "qcow2") || !strcmp(format, "vmdk") || !strcmp(format, "qcow") ||
	       !strcmp(format, "qed");
}

/* Member of --blockdev that names the password of an encrypted image; to be freed. */
static char *encryption_option(void)
{
	const char *method = serve_setting(&serve, "encryption", 0);
	char *option = NULL;

	if (method && asprintf(&option, "\"encrypt\":{\"format\":\"%s\",\"key-secret\":\"password\"},",
			       method) < 0)
		serve_refuse(&serve, ENOMEM, "out of memory");
	return option;
}

/* Make the option of --blockdev.  Without permission the image has no backing file. */
static char *block_option(void)
{
	const char *format = need_setting("format");
	bool cow = can_have_backing(format);
	char *name = json_string(need_setting("path")), *encryption = encryption_option(), *option;

	if (asprintf(&option, "{\"driver\":\"%s\",\"node-name\":\"disk\",\"discard\":\"unmap\",%s%s"
		     "\"read-only\":%s,\"file\":{\"driver\":\"file\",\"discard\":\"unmap\",\"filename\":%s}}",
		     format, cow && !serve_setting(&serve, "root", 0) ? "\"backing\":null," : "",
		     encryption ? encryption : "",
		     serve_setting(&serve, "write", 0) ? "false" : "true", name) < 0)
		serve_refuse(&serve, ENOMEM, "out of memory");
	free(name);
	free(encryption);
	return option;
}

/* A file in memory with the password, from which the daemon reads it; -1: there is none. */
static int password_file(void)
{
	const char *password = serve_setting(&serve, "password", 0);
	int fd;

	if (!password)
		return -1;
	fd = memfd_create("password", MFD_CLOEXEC);
	if (fd < 0 || write(fd, password, strlen(password)) != (ssize_t)strlen(password))
		serve_refuse(&serve, errno, "%s", strerror(errno));
	return fd;
}

/*
 * The daemon allocates a buffer for each request.  By default the C library returns large
 * ones to the host at once, which has to clear the memory for the next request.
 */
static void keep_buffers(void)
{
	setenv("MALLOC_MMAP_THRESHOLD_", BUFFER_KEPT, 1);
	setenv("MALLOC_TRIM_THRESHOLD_", BUFFERS_KEPT, 1);
}

/* Runs in the child.  Reports failures on standard error, like the daemon. */
static void run_daemon(char *block, char *export, int password)
{
	char *args[] = {
		(char *)DAEMON, (char *)"--object",
		(char *)"secret,id=password,file=/proc/self/fd/6", (char *)"--blockdev", block,
		(char *)"--nbd-server", (char *)"addr.type=fd,addr.str=4", (char *)"--export", export,
		/*
		 * Options are processed in order, so the monitor's greeting comes when
		 * everything is ready.
		 */
		(char *)"--chardev", (char *)"socket,id=m,fd=5", (char *)"--monitor",
		(char *)"chardev=m", NULL,
	}, **used = args;
	const struct program_sandbox sandbox = {
		.image = need_setting("path"), .readonly = !serve_setting(&serve, "write", 0),
		.root = serve_setting(&serve, "root", 0),
	};
	const char *why;

	if (dup2(messages[1], STDERR_FILENO) < 0 || dup2(monitor[1], MONITOR_FD) < 0 ||
	    (password >= 0 && dup2(password, PASSWORD_FD) < 0))
		_exit(1);
	if (password < 0) {
		used += 2;
		used[0] = args[0];
	}
	fcntl(SERVE_EXTRA_FD, F_SETFD, 0);
	if (!serve_setting(&serve, "no-sandbox", 0) && program_sandbox_enter(&sandbox, &why)) {
		dprintf(STDERR_FILENO, "%s: %s; --no-sandbox starts it with all rights", why,
			strerror(errno));
		_exit(1);
	}
	keep_buffers();
	execvp(DAEMON, used);
	dprintf(STDERR_FILENO, errno == ENOENT ?
		"%s this format needs " DAEMON ", which is not installed (Debian package qemu-system-common)" :
		"%s this format: " DAEMON " cannot be run: %s",
		sandbox.readonly ? "reading" : "writing to", strerror(errno));
	_exit(1);
}

/* Move *@fd to a number that run_daemon() does not overwrite with one of its descriptors. */
static void raise_fd(int *fd)
{
	int moved = fcntl(*fd, F_DUPFD_CLOEXEC, 16);

	if (moved < 0)
		serve_refuse(&serve, errno, "%s", strerror(errno));
	close(*fd);
	*fd = moved;
}

static pid_t start_daemon(void)
{
	bool write = serve_setting(&serve, "write", 0);
	char *block = block_option();
	int password = password_file();
	pid_t us = getpid(), pid;

	if (pipe2(messages, O_CLOEXEC) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, monitor))
		serve_refuse(&serve, errno, "%s", strerror(errno));
	raise_fd(&messages[1]);
	raise_fd(&monitor[1]);
	if (password >= 0)
		raise_fd(&password);
	pid = fork();
	if (pid < 0)
		serve_refuse(&serve, errno, "%s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != us)
			_exit(1);
		run_daemon(block, write ? (char *)"type=nbd,id=disk,node-name=disk,name=disk,writable=on" :
			   (char *)"type=nbd,id=disk,node-name=disk,name=disk,writable=off", password);
	}
	close(messages[1]);
	close(monitor[1]);
	close(SERVE_EXTRA_FD);
	if (password >= 0)
		close(password);
	free(block);
	return pid;
}

/* Refuse with the last line of the daemon's messages. */
static void report_failure(void)
{
	char text[MESSAGE_MAX], *line, *reason;
	size_t len = 0;
	ssize_t n;

	while ((n = read(messages[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	while (len && text[len - 1] == '\n')
		len--;
	text[len] = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	/* The message repeats the option, an object of JSON. */
	reason = strstr(line, "}: ");
	line = reason ? reason + 3 : line;
	if (strstr(line, "Failed to get"))
		serve_refuse(&serve, EBUSY, "in use by another program (%s)", line);
	if (strstr(line, "Invalid password"))
		serve_refuse(&serve, EKEYREJECTED, "is an encrypted image, and the key opens none of its keyslots");
	serve_refuse(&serve, strstr(line, "not installed") ? ENOPKG : EIO, "%s",
		     *line ? line : DAEMON " has ended");
}

/* The greeting of the monitor says that the image is open. */
static void wait_until_ready(void)
{
	char greeting[256];
	ssize_t n;

	do
		n = read(monitor[0], greeting, sizeof(greeting));
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		report_failure();
	if (send(SERVE_FD, "K", 1, MSG_NOSIGNAL) != 1)
		_exit(0);
}

/* A descriptor that is readable after the image was written to; -1: there is none. */
static int watch_writes(const char *path)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd >= 0 && inotify_add_watch(fd, path, IN_MODIFY) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/*
 * Let the host store what the daemon has written, while the daemon writes more.  Otherwise the
 * host begins when the image is flushed.
 */
static void begin_writeback(int watch, int image)
{
	char events[1024];

	while (read(watch, events, sizeof(events)) > 0)
		;
	sync_file_range(image, 0, 0, SYNC_FILE_RANGE_WRITE);
}

/* Wait for one of @fds.  True: the library has closed the image, or the daemon has ended. */
static bool must_end(struct pollfd *fds, nfds_t nr, int timeout)
{
	char junk[1024];

	while (poll(fds, nr, timeout) < 0)
		;
	/* Discard later messages of the daemon, which a full pipe would block. */
	return fds[0].revents || (fds[1].revents && read(messages[0], junk, sizeof(junk)) <= 0);
}

static void wait_for_end(int watch, int image)
{
	struct pollfd fds[] = {
		{ SERVE_FD, POLLIN, 0 }, { messages[0], POLLIN, 0 }, { watch, POLLIN, 0 },
	};

	while (!must_end(fds, 3, -1)) {
		if (!fds[2].revents)
			continue;
		if (must_end(fds, 2, WRITEBACK_MS))
			break;
		begin_writeback(watch, image);
	}
}

static void end_daemon(pid_t daemon)
{
	kill(daemon, SIGTERM);
	while (waitpid(daemon, NULL, 0) < 0 && errno == EINTR)
		;
}

int main(void)
{
	const char *path;
	bool write;
	pid_t daemon;
	int image;

	serve_start(&serve, "anyfs-source-qemu");
	if (chdir("/"))
		serve_refuse(&serve, errno, "/: %s", strerror(errno));
	path = need_setting("path");
	write = serve_setting(&serve, "write", 0);
	image = lock_image(path, write);
	daemon = start_daemon();
	wait_until_ready();
	wait_for_end(write ? watch_writes(path) : -1, image);
	end_daemon(daemon);
	return 0;
}
