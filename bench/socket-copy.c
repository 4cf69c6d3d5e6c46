// SPDX-License-Identifier: GPL-2.0
/*
 * socket-copy.c - the cost of getting an image's bytes from another process
 *
 * One process sends blocks of 1 MiB to another: through a socket pair, like NBD, and
 * through shared memory, with a byte over the socket pair to announce each block.  Prints
 * GB/s of both.  The programs of tools/sources that have a cache share its memory, the others use
 * the socket.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BLOCK	(1u << 20)
#define BLOCKS	2048u
#define SLOTS	8u

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void must(int ok)
{
	if (!ok)
		abort();
}

static void read_all(int fd, char *buf, size_t len)
{
	while (len) {
		ssize_t n = read(fd, buf, len);

		must(n > 0);
		buf += n;
		len -= n;
	}
}

static void send_by_socket(int fd, const char *source)
{
	for (unsigned int i = 0; i < BLOCKS; i++)
		for (size_t done = 0; done < BLOCK;) {
			ssize_t n = write(fd, source + (i % SLOTS) * BLOCK + done, BLOCK - done);

			must(n > 0);
			done += n;
		}
}

/*
 * The sender copies from a buffer of its own into the shared slots, like a program that gets data
 * from a library.
 */
static void send_by_memory(int fd, const char *source, char *shared)
{
	char word;

	for (unsigned int i = 0; i < BLOCKS; i++) {
		if (i >= SLOTS)
			read_all(fd, &word, 1);
		memcpy(shared + (i % SLOTS) * BLOCK, source + (i % SLOTS) * BLOCK, BLOCK);
		must(write(fd, "", 1) == 1);
	}
}

static void take_by_memory(int fd, char *to, const char *shared)
{
	char word;

	for (unsigned int i = 0; i < BLOCKS; i++) {
		read_all(fd, &word, 1);
		memcpy(to, shared + (i % SLOTS) * BLOCK, BLOCK);
		must(i + SLOTS >= BLOCKS || write(fd, "", 1) == 1);
	}
}

static double run_copy(char *shared)
{
	char *source = malloc(SLOTS * BLOCK), *to = malloc(BLOCK);
	int pair[2], status;
	double start;
	pid_t pid;

	must(source && to && !socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	memset(source, 1, SLOTS * BLOCK);
	memset(to, 0, BLOCK);
	start = now();
	pid = fork();
	if (!pid) {
		if (shared)
			send_by_memory(pair[1], source, shared);
		else
			send_by_socket(pair[1], source);
		_exit(0);
	}
	if (shared)
		take_by_memory(pair[0], to, shared);
	else
		for (unsigned int i = 0; i < BLOCKS; i++)
			read_all(pair[0], to, BLOCK);
	must(waitpid(pid, &status, 0) == pid && !status);
	close(pair[0]);
	close(pair[1]);
	free(source);
	free(to);
	return BLOCKS * (double)BLOCK / 1e9 / (now() - start);
}

int main(void)
{
	char *shared = mmap(NULL, SLOTS * BLOCK, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	must(shared != MAP_FAILED);
	memset(shared, 0, SLOTS * BLOCK);
	printf("socket %.2f GB/s\n", run_copy(NULL));
	printf("shared memory %.2f GB/s\n", run_copy(shared));
	return 0;
}
