// SPDX-License-Identifier: GPL-2.0
/*
 * files.c - see files.h
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "contract.h"
#include "files.h"
#include "overlay.h"

unsigned int threads_at_start;

const char *file_path(const char *name)
{
	static char paths[8][4096];
	static unsigned int next;
	const char *dir = getenv("TMPDIR");
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", dir ? dir : ".", name);
	return path;
}

const char *file_make(const char *name, uint64_t size)
{
	const char *path = file_path(name);
	char *data = malloc(size + 8);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	pattern_fill(data, size + 8, 0, 1);
	assert_int_equal(fwrite(data, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
	free(data);
	return path;
}

int file_open_overlaid(const char *image, const char *overlay, unsigned int flags,
		       struct blockdev **bd)
{
	struct blockdev *lower;
	int err;

	assert_int_equal(raw_open(image, 0, &lower), 0);
	err = overlay_open_file(lower, overlay, flags, bd);
	blockdev_close(lower);
	return err;
}

void file_uncache(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fsync(fd), 0);
	assert_int_equal(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	close(fd);
}

unsigned int thread_count(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	unsigned int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void *get_thread_id(void *id)
{
	*(pid_t *)id = gettid();
	return NULL;
}

int count_threads_at_start(void **state)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };
	char path[64];
	pthread_t thread;
	pid_t id;

	/* With the program's first thread ThreadSanitizer starts one of its own. */
	if (pthread_create(&thread, NULL, get_thread_id, &id) || pthread_join(thread, NULL))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/task/%d", id);
	while (!access(path, F_OK))
		nanosleep(&pause, NULL);
	threads_at_start = thread_count();
	return 0;
}

bool thread_count_becomes(unsigned int count, unsigned int seconds)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	for (unsigned int i = 0; i < seconds * 100; i++) {
		if (thread_count() == count)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}
