/* SPDX-License-Identifier: GPL-2.0 */
/*
 * control.h - how anyfs-umount finds the process behind a mount
 *
 * The helper process listens on an abstract socket whose name contains the mount's
 * device number.  A program that connects before unmounting gets one byte when the
 * mount has ended: CONTROL_FLUSHED, CONTROL_FAILED, or CONTROL_DELETED (flushed to a
 * file that has lost its name).  It gets no byte if the server was killed.
 */
#ifndef ANYFS_FUSE_CONTROL_H
#define ANYFS_FUSE_CONTROL_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/un.h>

#define CONTROL_FLUSHED	'y'
#define CONTROL_FAILED	'n'
#define CONTROL_DELETED	'x'

/* Fill in the socket's address for the mount with st_dev @dev; returns its length. */
static inline socklen_t control_address(dev_t dev, struct sockaddr_un *addr)
{
	memset(addr, 0, sizeof(*addr));
	addr->sun_family = AF_UNIX;
	return offsetof(struct sockaddr_un, sun_path) + 1 +
	       snprintf(addr->sun_path + 1, sizeof(addr->sun_path) - 1, "anyfs-fuse/%u:%u",
			major(dev), minor(dev));
}

#endif /* ANYFS_FUSE_CONTROL_H */
