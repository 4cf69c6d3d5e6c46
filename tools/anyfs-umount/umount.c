// SPDX-License-Identifier: GPL-2.0
/*
 * umount.c - anyfs-umount: unmount, and wait until everything is in the image
 *
 * umount(8) and fusermount3 -u return when the host has let go of the mount;
 * the process behind it then still writes.  Its helper says when that is done.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "control.h"
#include "standard-fds.h"
#include "tool.h"

static struct tool tool = { .program = "anyfs-umount" };

/* A mount that /proc/self/mountinfo tells of. */
struct mount_info {
	char point[4096];
	dev_t dev;
	uid_t user;			/* who mounted */
};

/* Blanks and the like are \040 there. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned int code;

		if (*text == '\\' && sscanf(text, "\\%3o", &code) == 1) {
			*to++ = code;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS ... - TYPE SOURCE SUPER-OPTIONS" */
static bool parse_line(const char *line, struct mount_info *m)
{
	const char *rest = strstr(line, " - "), *user;
	unsigned int ma, mi;

	if (!rest || strncmp(rest, " - fuse.anyfs ", 14) ||
	    sscanf(line, "%*u %*u %u:%u %*s %4095s", &ma, &mi, m->point) != 3)
		return false;
	unescape(m->point);
	m->dev = makedev(ma, mi);
	user = strstr(rest, "user_id=");
	m->user = user ? strtoul(user + 8, NULL, 10) : 0;
	return true;
}

/* The last mount at @path, which the path itself need not answer for. */
static bool find_mount(const char *path, struct mount_info *found)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	struct mount_info m;
	char *line = NULL;
	size_t size = 0;
	bool any = false;

	if (!f)
		return false;
	while (getline(&line, &size, f) > 0) {
		if (!parse_line(line, &m) || strcmp(m.point, path))
			continue;
		*found = m;
		any = true;
	}
	free(line);
	fclose(f);
	return any;
}

/* Reach the mount's helper; anyone may take a name, so see who answers.  -1: nobody. */
static int connect_helper(const struct mount_info *m)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un addr;
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (fd < 0)
		return -1;
	if (!connect(fd, (struct sockaddr *)&addr, control_address(m->dev, &addr)) &&
	    !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) && peer.uid == m->user)
		return fd;
	close(fd);
	return -1;
}

static bool unmount(const char *path)
{
	int status;
	pid_t pid;

	if (geteuid() == 0) {
		if (!umount2(path, UMOUNT_NOFOLLOW))
			return true;
		if (errno == EBUSY)
			tool_error(&tool, "%s: busy; fuser -vm names who uses it", path);
		else
			tool_errno(&tool, path, -errno);
		return false;
	}
	pid = fork();
	if (!pid) {
		execlp("fusermount3", "fusermount3", "-u", "--", path, (char *)NULL);
		fprintf(stderr, "anyfs-umount: fusermount3: %m: install fuse3\n");
		_exit(127);
	}
	if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	tool.status = EXIT_FAILED;	/* fusermount3 has said why */
	return false;
}

static void unmount_and_wait(const char *path)
{
	struct mount_info m;
	char *real = realpath(path, NULL), result = 0;
	int fd;

	/* A mount whose process was killed cannot be looked at, but unmounted. */
	if (!real && errno == ENOTCONN)
		real = strdup(path);
	if (!real) {
		tool_errno(&tool, path, -errno);
		return;
	}
	if (!find_mount(real, &m)) {
		tool_error(&tool, "%s: no file system of anyfs-fuse is mounted there", path);
		free(real);
		return;
	}
	fd = connect_helper(&m);
	if (unmount(real)) {
		if (fd < 0)
			tool_error(&tool, "%s: unmounted, but its process cannot be asked whether everything was written", path);
		else if (recv(fd, &result, 1, 0) != 1)
			tool_error(&tool, "%s: its process was killed: the image may miss what was written last", path);
		else if (result != CONTROL_FLUSHED)
			tool_error(&tool, "%s: not everything could be written to the image", path);
	}
	if (fd >= 0)
		close(fd);
	free(real);
}

int main(int argc, char **argv)
{
	standard_fds_open(tool.program);
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("anyfs-umount %s\n", anyfs_version());
		tool_finish(&tool);
	}
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("usage: anyfs-umount MOUNTPOINT...\n"
		       "Unmount what anyfs-fuse has mounted, and wait until everything is in the image.\n");
		tool_finish(&tool);
	}
	if (argc < 2)
		tool_usage(&tool, "no mount point given");
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-')
			tool_usage(&tool, "unknown option %s", argv[i]);
		unmount_and_wait(argv[i]);
	}
	tool_finish(&tool);
}
