// SPDX-License-Identifier: GPL-2.0
/*
 * host-settings.c - settings of the host that make a mount faster and need root
 *
 * Without root, or where the host lacks a setting, the mount works and is slower.  So
 * the functions here report no errors.
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
 * Waking a sleeping processor takes longer than answering a request, above all on a
 * virtual machine, and each answer wakes the program that made the request.  A process
 * that writes 0 to /dev/cpu_dma_latency keeps all processors of the host from sleeping
 * until it closes the descriptor.  Do this only on hosts with two processors or fewer,
 * which the program and this process use anyway.
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
