# SPDX-License-Identifier: GPL-2.0
"""Check locks of three kinds between two processes: locks.py FILE."""
import errno
import fcntl
import os
import struct
import sys


def flock(fd, kind):
    fcntl.flock(fd, kind | fcntl.LOCK_NB)


def posix(fd, kind):
    fcntl.lockf(fd, kind if kind == fcntl.LOCK_UN else kind | fcntl.LOCK_NB, 10, 100)


def ofd(fd, kind):
    kinds = {fcntl.LOCK_SH: fcntl.F_RDLCK, fcntl.LOCK_EX: fcntl.F_WRLCK,
             fcntl.LOCK_UN: fcntl.F_UNLCK}
    fcntl.fcntl(fd, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", kinds[kind], os.SEEK_SET, 100, 10, 0))


def other_gets(path, lock, kind):
    """Whether another process, with its own open file, gets the lock."""
    pid = os.fork()
    if not pid:
        try:
            lock(os.open(path, os.O_RDWR), kind)
        except OSError as e:
            os._exit(1 if e.errno in (errno.EAGAIN, errno.EACCES) else 2)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, 1), f"{lock.__name__}: not a refusal"
    return not code


path = sys.argv[1]
for lock in flock, posix, ofd:
    fd = os.open(path, os.O_RDWR)
    lock(fd, fcntl.LOCK_EX)
    assert not other_gets(path, lock, fcntl.LOCK_EX), f"{lock.__name__}: two processes have the lock"
    assert not other_gets(path, lock, fcntl.LOCK_SH), f"{lock.__name__}: shared and exclusive"
    lock(fd, fcntl.LOCK_UN)
    assert other_gets(path, lock, fcntl.LOCK_EX), f"{lock.__name__}: the lock was not released"
    lock(fd, fcntl.LOCK_SH)
    assert other_gets(path, lock, fcntl.LOCK_SH), f"{lock.__name__}: not shared"
    assert not other_gets(path, lock, fcntl.LOCK_EX), f"{lock.__name__}: exclusive and shared"
    os.close(fd)
    assert other_gets(path, lock, fcntl.LOCK_EX), f"{lock.__name__}: close did not release the lock"
