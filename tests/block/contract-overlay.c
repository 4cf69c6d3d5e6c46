// SPDX-License-Identifier: GPL-2.0
/*
 * The overlay keeps the blockdev contract: in memory, in a file, over a slow disk, and if it
 * already contains some blocks in every 64 KiB.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "contract.h"
#include "fault.h"
#include "files.h"
#include "overlay.h"

#define LIMIT	(64u << 20)

static struct blockdev *open_sparse(bool write)
{
	struct blockdev *bd;

	if (sparse_open(CONTRACT_SIZE, 512, LIMIT, &bd))
		return NULL;
	bd->can_write = write;
	return bd;
}

static struct blockdev *open_memory(bool write)
{
	struct blockdev *lower, *bd;
	int err;

	if (memory_open(CONTRACT_SIZE, &lower))
		return NULL;
	err = overlay_open_memory(lower, LIMIT, &bd);
	blockdev_close(lower);
	if (err)
		return NULL;
	bd->can_write = write;
	return bd;
}

/* Formatting the file calls fsync, which is slow on a busy disk: only one run uses a disk. */
static bool in_memory;

static const char *overlay_path(void)
{
	static char path[64];

	if (!in_memory || access("/dev/shm", W_OK))
		return file_path("contract.ovl");
	snprintf(path, sizeof(path), "/dev/shm/contract-overlay.%d.ovl", getpid());
	return path;
}

/* The overlay takes over the reference to @lower. */
static struct blockdev *open_file_over(struct blockdev *lower, bool write)
{
	struct blockdev *bd = NULL;
	int err = 0;

	/* A read-only overlay needs an existing file. */
	if (!write)
		err = overlay_open_file(lower, overlay_path(), BLOCKDEV_WRITE, &bd);
	blockdev_close(bd);
	if (!err)
		err = overlay_open_file(lower, overlay_path(), write ? BLOCKDEV_WRITE : 0, &bd);
	blockdev_close(lower);
	return err ? NULL : bd;
}

static struct blockdev *open_file(bool write)
{
	struct blockdev *lower;

	return memory_open(CONTRACT_SIZE, &lower) ? NULL : open_file_over(lower, write);
}

/* The overlay contains 2 KiB of every 64 KiB, so large requests are split. */
static struct blockdev *open_striped(bool write)
{
	struct blockdev *bd = open_file(true);
	static const char zeros[2048];

	for (uint64_t pos = 1024; bd && pos < CONTRACT_SIZE; pos += 64 << 10)
		if (blockdev_pwrite(bd, zeros, sizeof(zeros), pos))
			return NULL;
	if (bd)
		bd->can_write = write;
	return bd;
}

static struct blockdev *open_over_slow(bool write)
{
	struct blockdev *lower, *slow;

	if (memory_open(CONTRACT_SIZE, &lower) || fault_open(lower, &slow))
		return NULL;
	fault_set(slow, &(struct fault_rules){
		.delay_ops = FAULT_ALL_OPS, .delay_max_us = 300,
	});
	return open_file_over(slow, write);
}

static void clean_file(void)
{
	unlink(overlay_path());
}

int main(void)
{
	int failures = 0;

	failures += contract_run(&(struct contract){ "sparse memory", open_sparse, NULL });
	failures += contract_run(&(struct contract){ "overlay in memory", open_memory, NULL });
	failures += contract_run(&(struct contract){ "overlay in a file", open_file, clean_file });
	in_memory = true;
	failures += contract_run(&(struct contract){ "overlay in stripes", open_striped,
						     clean_file });
	failures += contract_run(&(struct contract){ "overlay over slow disk", open_over_slow,
						     clean_file });
	return failures;
}
