// SPDX-License-Identifier: GPL-2.0
/* The raw backend keeps the contract, on a disk file system and on tmpfs. */
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "contract.h"
#include "error.h"
#include "raw.h"

static char path[4096];

static struct blockdev *open_raw(bool write)
{
	struct blockdev *bd;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, CONTRACT_SIZE) < 0)
		return NULL;
	close(fd);
	if (raw_open(path, write ? BLOCKDEV_WRITE : 0, &bd) < 0) {
		print_error("%s\n", error_last());
		return NULL;
	}
	return bd;
}

/* All requests go to the pool, as on a slow file system. */
static struct blockdev *open_on_pool(bool write)
{
	struct blockdev *bd = open_raw(write);
	struct raw *raw = (struct raw *)bd;

	if (raw)
		raw->read.first = raw->write.first = RAW_POOL;
	return bd;
}

/* Behave as on a file system without RWF_NOWAIT that was slow recently. */
static struct blockdev *open_slow(bool write)
{
	struct blockdev *bd = open_raw(write);
	struct raw *raw = (struct raw *)bd;

	if (raw) {
		raw->read.first = raw->write.first = RAW_WHILE_QUICK;
		raw->read.slow_until = raw->write.slow_until = UINT64_MAX;
	}
	return bd;
}

static void clean(void)
{
	unlink(path);
}

static bool use_dir(const char *dir)
{
	snprintf(path, sizeof(path), "%s/contract-raw.%d.img", dir, getpid());
	return !access(dir, W_OK);
}

static bool is_tmpfs(const char *dir)
{
	struct statfs sfs;

	return !statfs(dir, &sfs) && sfs.f_type == TMPFS_MAGIC;
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	int failures = 0;

	if (!use_dir(tmp ? tmp : "."))
		return 1;
	failures += contract_run(&(struct contract){ "raw on a regular file", open_raw, clean });
	failures += contract_run(&(struct contract){ "raw on its pool", open_on_pool, clean });
	failures += contract_run(&(struct contract){ "raw while slow", open_slow, clean });
	if (is_tmpfs("/dev/shm") && use_dir("/dev/shm"))
		failures += contract_run(&(struct contract){ "raw on tmpfs", open_raw, clean });
	else
		puts("ok 1 - raw on tmpfs # SKIP /dev/shm is not a tmpfs that can be written");
	return failures;
}
