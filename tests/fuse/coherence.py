# SPDX-License-Identifier: GPL-2.0
"""Check that changes are visible at once: coherence.py DIRECTORY [fold].

A change by one name, descriptor or mapping of a file is visible through every other at
once, although the host may have cached the old state: each test reads, changes, and reads
again.  "fold": the file system ignores the case of names.
"""
import ctypes
import errno
import fcntl
import mmap
import os
import struct
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD, AT_SYMLINK_FOLLOW = -100, 0x400
NOREPLACE, EXCHANGE = 1, 2
KEEP_SIZE, PUNCH, ZERO = 1, 2, 16
IO_SETUP, IO_GETEVENTS, IO_SUBMIT, IOCB_CMD_PWRITE = 206, 208, 209, 1   # of x86-64
FS_IOC_GETFLAGS, FS_IOC_SETFLAGS = 0x80086601, 0x40086602
FS_IMMUTABLE_FL, FS_NODUMP_FL = 0x10, 0x40
ACL = "system.posix_acl_access"
RW, NEW = os.O_RDWR, os.O_RDWR | os.O_CREAT | os.O_EXCL


def call(function, *args):
    if getattr(libc, function)(*args) < 0:
        err = ctypes.get_errno()
        raise OSError(err, f"{function}: {os.strerror(err)}")


def renameat2(old, new, flags):
    call("renameat2", AT_FDCWD, old.encode(), AT_FDCWD, new.encode(), flags)


def fallocate(fd, mode, start, length):
    call("fallocate", fd, mode, ctypes.c_long(start), ctypes.c_long(length))


def is_(got, want, what):
    if got != want:
        sys.exit(f"{test.__name__}: {what}: {got!r} and should be {want!r}")


def refused(err, what, function, *args):
    try:
        function(*args)
    except OSError as e:
        is_(errno.errorcode[e.errno], errno.errorcode[err], what)
    else:
        sys.exit(f"{test.__name__}: {what}: it worked")


def missing(path):
    refused(errno.ENOENT, f"{path} is there", os.lstat, path)


def make(path, data=b""):
    fd = os.open(path, NEW, 0o644)
    os.write(fd, data)
    return fd


def content(path):
    with open(path, "rb") as f:
        return f.read()


def listed(directory, *want):
    is_(sorted(os.listdir(directory)), sorted(want), f"names in {directory}")


# ---- Two names of a file ----

def hard_links():
    fd = make("a", b"one")
    os.link("a", "b")
    is_(content("b"), b"one", "content")
    is_(os.stat("b").st_nlink, 2, "links")
    other = os.open("b", RW)
    os.write(fd, b" two")
    is_(os.pread(other, 99, 0), b"one two", "content by the other name")
    is_(os.fstat(other).st_size, 7, "size by the other name")
    os.chmod("a", 0o600)
    is_(os.stat("b").st_mode & 0o777, 0o600, "mode by the other name")
    os.utime("b", ns=(5, 7))
    is_(os.fstat(fd).st_mtime_ns, 7, "time by the other name")
    os.setxattr("a", "user.x", b"y")
    is_(os.getxattr("b", "user.x"), b"y", "attribute by the other name")
    os.unlink("a")
    is_(os.fstat(fd).st_nlink, 1, "links")
    os.truncate("b", 1)
    is_(os.pread(fd, 99, 0), b"o", "content after truncate")
    os.unlink("b")
    is_(os.fstat(fd).st_nlink, 0, "link count of a file without a name")


def unlinked():
    fd = make("gone", b"old")
    missing("no")
    os.unlink("gone")
    missing("gone")
    new = make("gone", b"new")
    os.write(fd, b"er")
    is_(os.pread(fd, 9, 0), b"older", "the old file")
    is_(os.pread(new, 9, 0), b"new", "the new file")
    is_(os.stat("gone").st_size, 3, "size of the new file")


def reused_numbers():
    for n in range(200):
        data = b"%d" % n * 100
        fd = make("f", data)
        if n % 50 == 0:
            os.fsync(fd)
        os.close(fd)
        is_(content("f"), data, "content")
        is_(os.listxattr("f"), [], "attributes")
        os.setxattr("f", "user.n", b"x")
        os.unlink("f")


# ---- Two descriptors, and mappings ----

def open_twice():
    one, two = make("f", b"0123456789"), os.open("f", RW)
    is_(os.pread(two, 99, 0), b"0123456789", "before")
    os.ftruncate(one, 5)
    is_(os.pread(two, 99, 0), b"01234", "after ftruncate")
    os.ftruncate(one, 8)
    is_(os.pread(two, 99, 0), b"01234\0\0\0", "after the file became longer")
    os.close(os.open("f", os.O_WRONLY | os.O_TRUNC))
    is_(os.fstat(two).st_size, 0, "size after O_TRUNC")
    is_(os.pread(two, 99, 0), b"", "content after O_TRUNC")
    for fd in os.open("f", os.O_WRONLY | os.O_APPEND), os.open("f", os.O_WRONLY | os.O_APPEND):
        os.write(fd, b"end")
    is_(os.pread(two, 99, 0), b"endend", "after appending by two descriptors")


def memory():
    fd = make("f", b"x" * 8192)
    mem, other = mmap.mmap(fd, 8192), os.open("f", RW)
    mem[0:3] = b"mem"
    is_(os.pread(other, 4, 0), b"memx", "read after a store to the mapping")
    os.pwrite(other, b"file", 4096)
    is_(mem[4096:4100], b"file", "mapping after a write")
    fallocate(fd, PUNCH | KEEP_SIZE, 0, 4096)
    is_(mem[0:4], b"\0" * 4, "mapping after a hole was punched")
    fallocate(fd, ZERO, 4096, 8192)
    is_(mem[4096:4100], b"\0" * 4, "mapping after zeroing")
    is_(os.fstat(other).st_size, 12288, "size after zeroing")


def direct():
    fd = make("f", b"x" * 8192)
    raw = os.open("f", RW | os.O_DIRECT)
    page, mem = mmap.mmap(-1, 4096), mmap.mmap(fd, 8192)
    is_(mem[0:1], b"x", "before")
    page[:] = b"d" * 4096
    os.pwritev(raw, [page], 0)
    is_(os.pread(fd, 2, 0), b"dd", "read after a direct write")
    is_(mem[0:2], b"dd", "mapping after a direct write")
    mem[4096:4099] = b"mem"
    os.preadv(raw, [page], 4096)
    is_(page[0:4], b"memx", "direct read after a store to the mapping")
    os.pwritev(raw, [page], 8192)
    is_(os.stat("f").st_size, 12288, "size after a direct write")


class Iocb(ctypes.Structure):
    """struct iocb of the kernel, without the fields that a write does not need."""
    _fields_ = [("data", ctypes.c_uint64), ("key", ctypes.c_uint64), ("opcode", ctypes.c_uint16),
                ("prio", ctypes.c_int16), ("fd", ctypes.c_uint32), ("buf", ctypes.c_uint64),
                ("nbytes", ctypes.c_uint64), ("offset", ctypes.c_int64), ("rest", ctypes.c_uint64 * 2)]


def asynchronous():
    size = 16 << 20
    end = size - 4096
    fd = make("f", b"x" * size)
    os.fsync(fd)
    raw = os.open("f", RW | os.O_DIRECT)
    page = mmap.mmap(-1, size)
    context, event = ctypes.c_ulong(), (ctypes.c_uint64 * 4)()
    call("syscall", IO_SETUP, 1, ctypes.byref(context))
    iocb = Iocb(opcode=IOCB_CMD_PWRITE, fd=raw, nbytes=size,
                buf=ctypes.addressof(ctypes.c_char.from_buffer(page)))
    done = []
    # A thread reads all the time, which may put old pages into the cache.
    reader = threading.Thread(target=lambda: [os.pread(fd, 4096, end) for _ in iter(done.copy, [1])])
    reader.start()
    try:
        for i in range(40):
            page[:] = bytes([i]) * size
            call("syscall", IO_SUBMIT, context, 1, ctypes.byref(ctypes.pointer(iocb)))
            call("syscall", IO_GETEVENTS, context, 1, 1, ctypes.byref(event), None)
            is_(event[2], size, "bytes written")
            is_(os.pread(fd, 1, end), bytes([i]), "read after the write has ended")
    finally:
        done.append(1)
        reader.join()


def copied():
    source, fd = make("from", b"new " * 4096), make("to", b"old " * 4096)
    mem = mmap.mmap(fd, 16384)
    is_(mem[8192:8195], b"old", "before")
    is_(os.copy_file_range(source, fd, 8192, 0, 8192), 8192, "bytes copied")
    is_(mem[8192:8195], b"new", "memory")
    is_(os.pread(fd, 3, 0), b"old", "before the copy")
    is_(os.copy_file_range(source, fd, 4096, 0, 16384), 4096, "bytes copied")
    is_(os.stat("to").st_size, 20480, "size")


def room():
    fd = make("f", b"x" * (1 << 20))
    os.fsync(fd)
    is_(os.stat("f").st_blocks >= 2048, True, "blocks of a megabyte")
    fallocate(fd, PUNCH | KEEP_SIZE, 0, 1 << 20)
    is_(os.stat("f").st_blocks < 64, True, "few blocks of a hole")
    fallocate(fd, KEEP_SIZE, 0, 1 << 20)
    is_(os.stat("f").st_blocks >= 2048, True, "blocks after fallocate")


# ---- Attributes ----

def set_id():
    fd = make("f")
    os.chmod("f", 0o6755)
    is_(os.stat("f").st_mode & 0o7777, 0o6755, "mode")
    os.chown("f", 1234, 1234)
    is_(os.fstat(fd).st_mode & 0o7777, 0o755, "mode after chown")


def acl_is_mode():
    fd = make("f")
    is_(os.stat("f").st_mode & 0o777, 0o644, "mode")
    entries = (1, 7, -1), (2, 6, 1234), (4, 0, -1), (16, 6, -1), (32, 0, -1)
    os.setxattr("f", ACL, struct.pack("<I", 2) +
                b"".join(struct.pack("<HHi", *e) for e in entries))
    is_(os.fstat(fd).st_mode & 0o777, 0o760, "mode after an ACL was set")
    os.chmod("f", 0o740)
    is_(struct.unpack_from("<HHi", os.getxattr("f", ACL), 4 + 3 * 8)[:2], (16, 4), "the mask")
    os.removexattr("f", ACL)
    is_(os.stat("f").st_mode & 0o777, 0o740, "mode after the ACL was removed")


def flags_of(fd):
    flags = bytearray(8)
    fcntl.ioctl(fd, FS_IOC_GETFLAGS, flags)
    return struct.unpack("q", flags)[0]


def set_flags(fd, flags):
    fcntl.ioctl(fd, FS_IOC_SETFLAGS, struct.pack("q", flags))


def immutable():
    fd = make("f", b"kept")  # the host checks when the file becomes immutable
    before = flags_of(fd)
    set_flags(fd, before | FS_IMMUTABLE_FL)
    refused(errno.EPERM, "an immutable file was opened for writing", os.open, "f", RW)
    refused(errno.EPERM, "unlinked", os.unlink, "f")
    os.fsync(fd)
    is_(content("f"), b"kept", "content")
    is_(flags_of(fd), before | FS_IMMUTABLE_FL, "flags")
    set_flags(fd, before)
    os.unlink("f")


def flags_change_time():
    os.mkdir("d")
    fd, then = os.open("d", os.O_RDONLY), os.stat("d").st_ctime_ns
    while time.time_ns() < then + 40000000:  # by the host's clock and the kernel's
        time.sleep(0.002)
    set_flags(fd, flags_of(fd) | FS_NODUMP_FL)
    is_(os.stat("d").st_ctime_ns > then, True, "the time of change is later")


def attributes():
    make("f")
    refused(errno.ENODATA, "there before", os.getxattr, "f", "user.a")
    os.setxattr("f", "user.a", b"1")
    is_(os.getxattr("f", "user.a"), b"1", "after the attribute was set")
    os.setxattr("f", "user.a", b"22")
    is_(os.getxattr("f", "user.a"), b"22", "after the attribute was changed")
    is_(os.listxattr("f"), ["user.a"], "the list")
    os.removexattr("f", "user.a")
    is_(os.listxattr("f"), [], "the list")


# ---- Names ----

def appearing():
    made = {
        "file": lambda n: os.close(make(n)), "dir": os.mkdir, "fifo": os.mkfifo,
        "link": lambda n: os.symlink("x", n), "hard": lambda n: os.link("file", n),
        "moved": lambda n: os.rename("fifo", n), "unnamed": from_tmpfile,
    }
    for name, how in made.items():
        missing(name)
        how(name)
        os.lstat(name)
    missing("fifo")
    listed(".", *(n for n in made if n != "fifo"))


def from_tmpfile(name):
    fd = os.open(".", os.O_TMPFILE | RW, 0o600)
    os.write(fd, b"text")
    is_(os.fstat(fd).st_nlink, 0, "links of a file without a name")
    call("linkat", AT_FDCWD, f"/proc/self/fd/{fd}".encode(), AT_FDCWD, name.encode(),
         AT_SYMLINK_FOLLOW)
    is_(os.fstat(fd).st_nlink, 1, "links")
    is_(content(name), b"text", "content")


def listings():
    os.mkdir("d")
    before = os.stat("d")
    fd = os.open("d", os.O_RDONLY)
    listed(fd)
    make("d/a")
    listed("d", "a")
    listed(fd, "a")
    is_(os.stat("d").st_mtime_ns >= before.st_mtime_ns, True, "time of the directory")
    os.rename("d/a", "d/b")
    listed(fd, "b")
    os.unlink("d/b")
    listed(fd)
    os.mkdir("d/sub")
    listed(fd, "sub")
    os.rename("d", "e")
    listed(fd, "sub")
    missing("d/sub")
    os.rmdir("e/sub")
    os.rmdir("e")
    listed(fd)


def directory_links():
    os.mkdir("d")
    before = os.stat("d").st_nlink
    os.mkdir("d/sub")
    after = os.stat("d").st_nlink
    os.rmdir("d/sub")
    is_(os.stat("d").st_nlink, before, f"links ({after} with one subdirectory)")


def moved_directory():
    os.makedirs("one/d")
    os.mkdir("two")
    fd = os.open("one/d", os.O_RDONLY)
    os.rename("one/d", "two/e")
    is_(os.stat("..", dir_fd=fd).st_ino, os.stat("two").st_ino, "the parent")
    os.close(os.open("f", NEW, 0o600, dir_fd=fd))
    is_(os.path.exists("two/e/f"), True, "a file made in the directory")
    missing("one/d")


def renames():
    one, two = make("a", b"one"), make("b", b"two")
    is_((content("a"), content("b")), (b"one", b"two"), "before")
    renameat2("a", "b", EXCHANGE)
    is_((content("a"), content("b")), (b"two", b"one"), "after the exchange")
    refused(errno.EEXIST, "replaced", renameat2, "a", "b", NOREPLACE)
    os.rename("a", "b")
    is_(content("b"), b"two", "after the rename")
    missing("a")
    is_((os.fstat(one).st_nlink, os.fstat(two).st_nlink), (0, 1), "links")


def links_replaced():
    os.symlink("first", "l")
    is_(os.readlink("l"), "first", "before")
    os.unlink("l")
    os.symlink("second target", "l")
    is_(os.readlink("l"), "second target", "after")
    is_(os.lstat("l").st_size, 13, "size")
    os.symlink("third", "new")
    os.rename("new", "l")
    is_(os.readlink("l"), "third", "after rename")


def folded():
    missing("Name")
    missing("NAME")
    make("name", b"text")
    is_(content("NAME"), b"text", "by the name in another case")
    is_(os.stat("Name").st_ino, os.stat("name").st_ino, "one file")
    refused(errno.EEXIST, "made twice", make, "nAME")
    os.unlink("NAME")
    missing("name")
    missing("Name")
    make("a", b"a")
    is_(content("A"), b"a", "before")
    make("b", b"b")
    os.rename("B", "A")
    missing("b")
    is_((content("A"), content("a")), (b"b", b"b"), "after the file was replaced")
    os.rename("A", "c")
    missing("a")
    is_(content("C"), b"b", "after the file was renamed")
    listed(".", "c")
    os.mkdir("dir")
    make("DIR/f", b"f")
    is_(content("dir/F"), b"f", "below")
    os.rename("dir", "other")
    missing("DIR/f")
    missing("dir/F")
    is_(content("OTHER/f"), b"f", "below the new name")


TESTS = [hard_links, unlinked, reused_numbers, open_twice, memory, direct, asynchronous, copied,
           room, set_id,
           acl_is_mode, immutable, flags_change_time, attributes, appearing, listings, directory_links,
           moved_directory, renames, links_replaced]
FOLDED = [unlinked, open_twice, listings, directory_links, moved_directory, folded]

os.umask(0o022)
os.chdir(sys.argv[1])
for test in FOLDED if sys.argv[2:] == ["fold"] else TESTS:
    os.mkdir(test.__name__)
    os.chdir(test.__name__)
    test()
    os.chdir("..")
