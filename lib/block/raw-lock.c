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

	return fcntl(fd, F_OFD_SETLK, &lock) < 0 ? error_host(errno) : 0;
}

/*
 * Whether the lock in the way of @fd is this program's own, on the descriptor @given that
 * it handed over: by F_SETLK, which is the process's, or by F_OFD_SETLK on the
 * description, in whose way it is not.
 */
static bool is_own_lock(int fd, int given, short type, short *held)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET }, same = lock;

	if (given < 0 || fcntl(fd, F_OFD_GETLK, &lock) || lock.l_type == F_UNLCK)
		return false;
	*held = lock.l_type;
	return lock.l_pid == getpid() ||
	       (lock.l_pid == -1 && !fcntl(given, F_OFD_GETLK, &same) && same.l_type == F_UNLCK);
}

int raw_lock(int fd, int given, const char *name, bool write, bool *locked)
{
	short type = write ? F_WRLCK : F_RDLCK, held;
	int err = set_lock(fd, type);

	*locked = !err;
	if (!err)
		return 0;
	if ((err == -EAGAIN || err == -EACCES) && is_own_lock(fd, given, type, &held)) {
		if (!write || held == F_WRLCK)
			return 0;	/* keeps others out as well */
		return error_set(-EBUSY, "%s: this program itself holds a lock for reading on descriptor %d; release it, or take one for writing",
				 name, given);
	}
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
