/* SPDX-License-Identifier: GPL-2.0 */
/*
 * network.h - the loopback network of the library kernel
 */
#ifndef ANYFS_NETWORK_H
#define ANYFS_NETWORK_H

#include <stddef.h>

/* Start the network; 127.0.0.1 can be used afterwards.  0 or -errno. */
int network_start(void);

/*
 * Write @len bytes of @text with one write(2) to the file @path of the library kernel.
 * 0 or -errno.
 */
int kernel_write(const char *path, const char *text, size_t len);

#endif /* ANYFS_NETWORK_H */
