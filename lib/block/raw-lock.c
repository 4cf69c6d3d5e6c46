// SPDX-License-Identifier: GPL-2.0
/*
 * raw-lock.c - locks on images
 *
 * Readers share a lock; a writer has an exclusive one.  The locks belong to the open
 * file description, so two processes conflict, and so do two kernels in one
 * process.  The fcntl() locks of other programs, such as qemu, conflict as well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "error.h"
#include "raw.h"

static int set_lock(int fd, short type)
{
	/* The whole file, even if it grows. */
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &lock) < 0 ? error_host(errno) : 0;
}

/*
 * True if the conflicting lock is the program's own: either a lock of this process
 * (F_SETLK), or an F_OFD_SETLK lock on the file description of @given, the descriptor
 * that the program passed: such a lock does not conflict with one on @given.  *@held gets
 * the type of the lock.
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
			return 0;	/* the program's lock serves the same purpose */
		return error_set(-EBUSY, "%s: this program itself holds a read lock on descriptor %d; release it or take a write lock",
				 name, given);
	}
	if (err == -EAGAIN || err == -EACCES)
		return error_set(-EBUSY, write ?
				 "%s: in use by another process or kernel; close it there, or open it read-only if it is only read there" :
				 "%s: open for writing in another process or kernel; close it there first",
				 name);
	if (!write)
		return 0;	/* the host file system has no locks; reading needs none */
	return error_set(-ENOLCK, "%s: cannot be locked for writing: %s; make sure that no other program uses it and open it with the NOLOCK flag",
			 name, error_name(err));
}

void raw_unlock(int fd)
{
	/* Needed if a duplicate of the caller keeps the file description open. */
	set_lock(fd, F_UNLCK);
}
