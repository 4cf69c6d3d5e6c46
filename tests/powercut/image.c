// SPDX-License-Identifier: GPL-2.0
/*
 * image.c - disks in memory, and the file systems' own mkfs and fsck on them
 *
 * A disk is a memfd, so that nothing is written to the host's disks; the tools
 * get it as /proc/PID/fd/N.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "powercut.h"

#define MIB	(1ull << 20)
#define CHUNK	(64u << 10)

extern char **environ;

static const struct fs all[] = {
	{
		.name = "ext4", .size = 64 * MIB, .atom = 1024, .ordered = true,
		.mkfs = { { "mkfs.ext4", "-q", "-F", "-b", "4096" },
			  { "mkfs.ext4", "-q", "-F", "-b", "1024" } },
		.fsck = { "e2fsck", "-fn" },
	},
	{
		.name = "xfs", .size = 300 * MIB, .atom = SECTOR, .ordered = true,
		.mkfs = { { "mkfs.xfs", "-q", "-f" },
			  { "mkfs.xfs", "-q", "-f", "-b", "size=1024" } },
		.fsck = { "xfs_repair", "-n", "-f" },
	},
	{
		.name = "btrfs", .size = 128 * MIB, .atom = 4096, .ordered = true,
		.mkfs = { { "mkfs.btrfs", "-q", "-f" },
			  { "mkfs.btrfs", "-q", "-f", "-M", "-n", "4096" } },
		.fsck = { "btrfs", "check", "--force" },
	},
	{
		.name = "f2fs", .size = 96 * MIB, .atom = 4096, .ordered = false,
		.mkfs = { { "mkfs.f2fs", "-q", "-f" },
			  { "mkfs.f2fs", "-q", "-f", "-O", "extra_attr,inode_checksum,sb_checksum" } },
		.fsck = { "fsck.f2fs", "--dry-run" },
	},
};

const struct fs *fs_find(const char *name)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(all[i].name, name))
			return &all[i];
	return NULL;
}

int image_new(uint64_t size)
{
	int fd = memfd_create("powercut", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, size) < 0)
		die("cannot make a disk in memory: %s", strerror(errno));
	return fd;
}

static bool is_zero(const char *p, size_t len)
{
	return !*p && !memcmp(p, p + 1, len - 1);
}

void image_copy(int to, int from)
{
	static char buf[CHUNK];
	off_t data = 0, end = lseek(from, 0, SEEK_END);

	if (ftruncate(to, 0) < 0 || ftruncate(to, end) < 0)
		die("cannot empty a disk in memory: %s", strerror(errno));
	while ((data = lseek(from, data, SEEK_DATA)) >= 0) {
		ssize_t n;

		data -= data % CHUNK;
		n = pread(from, buf, CHUNK, data);
		if (n <= 0 || (!is_zero(buf, n) && pwrite(to, buf, n, data) != n))
			die("cannot copy a disk in memory: %s", strerror(errno));
		data += n;
	}
}

/* Run @args on the disk; returns the exit status.  *@output is a descriptor with the output. */
static int run_program(const char *const *args, int fd, int *output)
{
	posix_spawn_file_actions_t actions;
	char *argv[TOOL_ARGS + 2];
	char path[64];
	int n, err, status;
	pid_t pid;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), fd);
	for (n = 0; n < TOOL_ARGS && args[n]; n++)
		argv[n] = (char *)args[n];
	argv[n++] = path;
	argv[n] = NULL;
	*output = image_new(0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
	posix_spawn_file_actions_adddup2(&actions, *output, 1);
	posix_spawn_file_actions_adddup2(&actions, *output, 2);
	err = posix_spawnp(&pid, args[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		die("%s: cannot be run: %s; install the packages of tools-dev/packages",
		    args[0], strerror(err));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid: %s", strerror(errno));
	return status;
}

#define MKFS_TRIES	50

static void show_output(int output)
{
	char buf[4096];
	ssize_t n;

	for (off_t pos = 0; (n = pread(output, buf, sizeof(buf), pos)) > 0; pos += n)
		fwrite(buf, 1, n, stderr);
}

void image_mkfs(int fd, const struct fs *fs, uint64_t seed)
{
	int output, status = run_program(fs->mkfs[seed % 2], fd, &output);

	/* mkfs.btrfs fails while another test has a loop device mounted. */
	for (int tries = 0; status && tries < MKFS_TRIES; tries++) {
		close(output);
		usleep(100000);
		status = run_program(fs->mkfs[seed % 2], fd, &output);
	}
	if (status) {
		show_output(output);
		die("%s: status %d", fs->mkfs[seed % 2][0], status);
	}
	close(output);
}

bool image_fsck(int fd, const struct fs *fs)
{
	int output, status = run_program(fs->fsck, fd, &output);

	if (status)
		show_output(output);
	close(output);
	return !status;
}
