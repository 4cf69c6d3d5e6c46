// SPDX-License-Identifier: GPL-2.0
/*
 * backends.c - read one image through each backend
 *
 *	bench_backends IMAGE FSTYPE [PART]
 *
 * Mounts partition PART (default 0, the whole disk) read-only through each backend and
 * reads its largest file: up to 1 GiB from the beginning, then blocks of 4 KiB at random
 * offsets.  Before each of the two, no part of the file is in the cache of the library's kernel.
 * Prints a line for each backend, and exits with 1 if one of them could not read the image.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bench.h"

#define BLOCK		4096u
#define BLOCKS		2000
#define SEQUENTIAL_MAX	(1ull << 30)
#define DEPTH_MAX	16
#define KERNEL_MB	128

static char buf[1 << 20] __attribute__((aligned(4096)));

static struct {
	char path[PATH_MAX];
	uint64_t size;
} largest;

/* ---- backends ------------------------------ */

static int open_file(const char *image, struct anyfs_source **source)
{
	struct anyfs_disk_opts opts = { .struct_size = sizeof(opts), .flags = ANYFS_DISK_READONLY };

	return anyfs_source_open(image, &opts, source);
}

static int open_gio(const char *image, struct anyfs_source **source)
{
	char full[PATH_MAX], address[PATH_MAX + 8];

	if (!realpath(image, full))
		return -errno;
	snprintf(address, sizeof(address), "file://%s", full);
	return open_file(address, source);
}

static int read_callback(void *data, void *to, size_t len, uint64_t offset)
{
	ssize_t n = pread((int)(intptr_t)data, to, len, offset);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

static void close_callback(void *data)
{
	close((int)(intptr_t)data);
}

static int open_callback(const char *image, struct anyfs_source **source)
{
	struct anyfs_disk_opts opts = { .struct_size = sizeof(opts), .flags = ANYFS_DISK_READONLY };
	int fd = open(image, O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	struct anyfs_custom_disk disk = {
		.struct_size = sizeof(disk), .name = image, .capacity = size, .threads = 2,
		.read = read_callback, .close = close_callback, .data = (void *)(intptr_t)fd,
	};

	if (size < 0)
		return -errno;
	return anyfs_source_custom(&disk, &opts, source);
}

static const struct backend {
	const char *name;
	int (*open)(const char *image, struct anyfs_source **source);
} backends[] = {
	{ "file", open_file },
	{ "gio", open_gio },
	{ "callback", open_callback },
};

/* ---- the largest file ------------------------------ */

static void find_largest(const char *dir, int depth)
{
	struct lkl_dir *d;
	struct lkl_linux_dirent64 *entry;
	int rc;

	d = lkl_opendir(dir, &rc);
	NEED(d);
	while ((entry = lkl_readdir(d))) {
		struct lkl_stat st;
		char path[PATH_MAX];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (lkl_sys_lstat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode) && depth)
			find_largest(path, depth - 1);
		if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > largest.size) {
			largest.size = st.st_size;
			memcpy(largest.path, path, sizeof(path));
		}
	}
	lkl_closedir(d);
}

/* ---- reads ------------------------------ */

/* Megabytes per second. */
static double read_sequentially(int fd)
{
	double start = now_ns(CLOCK_MONOTONIC);
	uint64_t at = 0;
	long n = 0;

	while (at < SEQUENTIAL_MAX && (n = lkl_sys_pread64(fd, buf, sizeof(buf), at)) > 0)
		at += n;
	NEED(n >= 0 && at);
	return at / 1e6 / ((now_ns(CLOCK_MONOTONIC) - start) / 1e9);
}

/* Microseconds per block. */
static double read_blocks(int fd)
{
	uint64_t blocks = largest.size / BLOCK;
	double start;

	NEED(!lkl_sys_fadvise64_64(fd, 0, 0, POSIX_FADV_DONTNEED));
	NEED(!lkl_sys_fadvise64_64(fd, 0, 0, POSIX_FADV_RANDOM));
	srandom(1);
	start = now_ns(CLOCK_MONOTONIC);
	for (int i = 0; i < BLOCKS; i++) {
		uint64_t at = random() % blocks * BLOCK;

		NEED(lkl_sys_pread64(fd, buf, BLOCK, at) == BLOCK);
	}
	return (now_ns(CLOCK_MONOTONIC) - start) / BLOCKS / 1e3;
}

static int measure(const struct backend *backend, const char *path, const char *fstype, int part)
{
	struct anyfs_source *source;
	struct anyfs_image *image;
	AnyfsMount mount;
	double speed, block;
	int rc, fd;

	rc = backend->open(path, &source);
	if (!rc)
		rc = anyfs_image_open_source(NULL, source, &image);
	if (rc)
		return rc;
	rc = anyfs_mount(anyfs_image_disk(image), part, fstype, LKL_MS_RDONLY, NULL, &mount);
	if (rc)
		goto out;
	if (!largest.size)
		find_largest(mount.mount_point, DEPTH_MAX);
	NEED(largest.size >= BLOCK);
	fd = lkl_sys_open(largest.path, LKL_O_RDONLY, 0);
	NEED(fd >= 0);
	speed = read_sequentially(fd);
	block = read_blocks(fd);
	lkl_sys_close(fd);
	printf("%-10s %8.0f MB/s %8.1f us per 4 KiB\n", backend->name, speed, block);
	rc = anyfs_umount(mount.mount_point);
out:
	return anyfs_image_close(image) ?: rc;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: bench_backends IMAGE FSTYPE [PART]\n");
		return 2;
	}
	boot(KERNEL_MB);
	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
		if (!measure(&backends[i], argv[1], argv[2], argc > 3 ? atoi(argv[3]) : 0))
			continue;
		fprintf(stderr, "%s: %s\n", backends[i].name, anyfs_strerror_last());
		status = 1;
	}
	return anyfs_kernel_halt() ? 1 : status;
}
