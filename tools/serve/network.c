// SPDX-License-Identifier: GPL-2.0
/*
 * network.c - start the loopback device, and write to files that control the kernel
 */
#include <string.h>
#include <sys/socket.h>
#include <lkl.h>
#include <lkl/linux/if.h>
#include <lkl/linux/sockios.h>
#include "network.h"

int network_start(void)
{
	struct lkl_ifreq request = { .lkl_ifr_name = "lo" };
	int fd = lkl_sys_socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	long rc;

	if (fd < 0)
		return fd;
	/* The kernel gives the device its address when it comes up. */
	request.lkl_ifr_flags = LKL_IFF_UP | LKL_IFF_RUNNING;
	rc = lkl_sys_ioctl(fd, LKL_SIOCSIFFLAGS, (unsigned long)&request);
	lkl_sys_close(fd);
	return rc;
}

int kernel_write(const char *path, const char *text, size_t len)
{
	int fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_WRONLY | LKL_O_CLOEXEC, 0);
	long rc;

	if (fd < 0)
		return fd;
	rc = lkl_sys_write(fd, text, len);
	lkl_sys_close(fd);
	if (rc < 0)
		return rc;
	return rc == len ? 0 : -LKL_EIO;
}
