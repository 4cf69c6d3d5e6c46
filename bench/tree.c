// SPDX-License-Identifier: GPL-2.0
/*
 * tree.c - read all files of a directory tree
 *
 * See side.h for the arguments.  Prints nanoseconds, the number of files and of bytes.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include "side.h"

#define DEPTH_MAX	64

struct entry {				/* as returned by getdents64(2) */
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

static struct side side;
static char data[1 << 20] __attribute__((aligned(4096)));
static double files, bytes;

static void read_file(int dirfd, const char *name)
{
	long fd = side.openat(dirfd, name, O_RDONLY | O_NOFOLLOW, 0), n;

	NEED(fd >= 0);
	while ((n = side.read(fd, data, sizeof(data))) > 0)
		bytes += n;
	NEED(n == 0);
	side.close(fd);
	files++;
}

static void read_dir(int fd, int depth)
{
	char *buf = malloc(32768);
	long n;

	NEED(buf && depth < DEPTH_MAX);
	while ((n = side.getdents(fd, buf, 32768)) > 0) {
		struct entry *e;

		for (long at = 0; at < n; at += e->reclen) {
			e = (struct entry *)(buf + at);
			if (e->type == DT_REG) {
				read_file(fd, e->name);
			} else if (e->type == DT_DIR && strcmp(e->name, ".") && strcmp(e->name, "..")) {
				long child = side.openat(fd, e->name, O_RDONLY | O_DIRECTORY, 0);

				NEED(child >= 0);
				read_dir(child, depth + 1);
				side.close(child);
			}
		}
	}
	NEED(n == 0);
	free(buf);
}

int main(int argc, char **argv)
{
	double start;

	memset(data, 1, sizeof(data));
	start = now_ns(CLOCK_MONOTONIC);
	side = side_open(argc, argv, ANYFS_DISK_READONLY);
	read_dir(side.root, 0);
	printf("%.0f ", now_ns(CLOCK_MONOTONIC) - start);
	printf("%.0f %.0f\n", files, bytes);
	side_close(&side);
	return 0;
}
