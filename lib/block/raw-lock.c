// SPDX-License-Identifier: GPL-2.0
/*
 * raw-lock.c - who may use an image at the same time
 *
 * Readers share a lock, a writer has it alone.  The locks belong to the open
 * file description: two processes conflict, and so do two kernels in one
 * process.  Programs that use fcntl() locks (qemu does) are seen as well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "error.h"
#include "raw.h"

static int set_lock(int fd, short type)
{
	/* The whole file, however long it grows. */
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &lock) < 0 ? -errno : 0;
}

int raw_lock(int fd, const char *name, bool write, bool *locked)
{
	int err = set_lock(fd, write ? F_WRLCK : F_RDLCK);

	*locked = !err;
	if (!err)
		return 0;
	if (err == -EAGAIN || err == -EACCES)
		return error_set(-EBUSY, write ?
				 "%s: in use by another process or kernel; close it there, or open it read-only if it is only read there" :
				 "%s: being written by another process or kernel; close it there first",
				 name);
	if (!write)
		return 0;	/* a file system without locks: reading hurts nobody */
	return error_set(-ENOLCK, "%s: cannot be locked for writing: %s; make sure that nobody else uses it and open it with the NOLOCK flag",
			 name, error_name(err));
}

void raw_unlock(int fd)
{
	/* Matters where a caller's duplicate keeps the description open. */
	set_lock(fd, F_UNLCK);
}
