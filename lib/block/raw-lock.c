// SPDX-License-Identifier: GPL-2.0
/*
 * raw-lock.c - locks on images
 *
 * Readers share a lock; a writer has an exclusive one.  The locks belong to the open
 * file description, so two processes conflict, and so do two kernels in one
 * process.  The fcntl() locks of other programs conflict as well.
 *
 * QEMU has read locks only, each on one byte: on byte 100 + N while it uses permission
 * N, on byte 200 + N while it forbids other programs to use permission N.  Before it uses
 * a permission it looks for locks on the opposite byte (block/file-posix.c of QEMU).  Our
 * writer locks all of these bytes.  Our reader leaves out the bytes that would say that it
 * writes or that it forbids reading, and looks for writers of QEMU itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "error.h"
#include "raw.h"

#define QEMU_USES	100
#define QEMU_FORBIDS	200
#define QEMU_END	300

/* Permissions of QEMU, include/block/block-common.h */
enum { QEMU_READ, QEMU_WRITE, QEMU_WRITE_UNCHANGED, QEMU_RESIZE, QEMU_NR };

/* @len 0: up to the end of the file, even if it grows. */
static int set_lock(int fd, short type, off_t start, off_t len)
{
	struct flock lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len,
	};

	return fcntl(fd, F_OFD_SETLK, &lock) < 0 ? error_host(errno) : 0;
}

/* True if another program has a read lock on @byte that is inside [@start, @end), like QEMU's. */
static bool qemu_has_lock(int fd, off_t byte, off_t start, off_t end)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1,
	};

	return !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type == F_RDLCK &&
	       lock.l_start >= start && lock.l_len && lock.l_start + lock.l_len <= end;
}

static bool qemu_writes(int fd)
{
	return qemu_has_lock(fd, QEMU_USES + QEMU_WRITE, QEMU_USES, QEMU_FORBIDS) ||
	       qemu_has_lock(fd, QEMU_USES + QEMU_RESIZE, QEMU_USES, QEMU_FORBIDS) ||
	       qemu_has_lock(fd, QEMU_FORBIDS + QEMU_READ, QEMU_FORBIDS, QEMU_END);
}

static int lock_for_reading(int fd)
{
	const off_t first = QEMU_USES + QEMU_WRITE, after = QEMU_USES + QEMU_NR;
	int err = set_lock(fd, F_RDLCK, 0, first);

	if (!err)
		err = set_lock(fd, F_RDLCK, after, QEMU_FORBIDS + QEMU_READ - after);
	if (!err)
		err = set_lock(fd, F_RDLCK, QEMU_FORBIDS + QEMU_READ + 1, 0);
	if (!err && qemu_writes(fd))
		err = -EAGAIN;
	if (err)
		raw_unlock(fd);
	return err;
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
	int err = write ? set_lock(fd, F_WRLCK, 0, 0) : lock_for_reading(fd);

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
	set_lock(fd, F_UNLCK, 0, 0);
}
