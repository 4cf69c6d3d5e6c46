// SPDX-License-Identifier: GPL-2.0
/*
 * tune.c - what root may ask of the host for a mount
 *
 * For others, and where the host does not know of it, everything works all the
 * same, only slower: so nothing here has an error to tell.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "fusefs.h"

void tune_read_ahead(dev_t dev)
{
	char path[64], text[16];
	int fd, len;

	snprintf(path, sizeof(path), "/sys/class/bdi/%u:%u/read_ahead_kb", major(dev), minor(dev));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	len = snprintf(text, sizeof(text), "%u", FUSE_IO_MAX >> 10);
	len = write(fd, text, len);
	close(fd);
}

/*
 * To wake a processor that sleeps costs more than to answer a request, above all
 * on a virtual machine, and each answer wakes the program that asked.  While
 * requests follow each other the host can be told to keep its processors from
 * sleeping.  It then does so with all of them: only where there are no more than
 * the program's and ours.  When the descriptor is closed it forgets it.
 */
#define MAX_PROCESSORS	2

static int latency_fd = -1;

void tune_prepare(void)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) <= MAX_PROCESSORS)
		latency_fd = open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC);
}

void tune_awake(bool awake)
{
	static const int32_t microseconds = 0, any = -1;

	if (latency_fd >= 0 && write(latency_fd, awake ? &microseconds : &any, 4) != 4) {
		close(latency_fd);
		latency_fd = -1;
	}
}
