# SPDX-License-Identifier: GPL-2.0
"""Print all metadata of the files below DIRECTORY, to compare two mounts.

It prints statx with all times, statfs, flags, generation and project, extended attributes
and ACLs, link targets, where data and holes are, and a checksum of the contents.
"""
import ctypes
import errno
import fcntl
import hashlib
import os
import stat
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD, AT_SYMLINK_NOFOLLOW = -100, 0x100
STATX_ALL = 0xfff
IOCTLS = {"flags": (0x80086601, 8), "generation": (0x80087601, 8), "fsxattr": (0x801c581f, 28)}


def statx(path):
    """The result of statx without the device number, which differs between mounts."""
    buf = ctypes.create_string_buffer(256)
    if libc.statx(AT_FDCWD, os.fsencode(path), AT_SYMLINK_NOFOLLOW, STATX_ALL, buf):
        raise OSError(ctypes.get_errno(), path)
    (_, blksize, _, nlink, uid, gid, mode, ino, size, blocks,
     _) = struct.unpack_from("<IIQIIIHxxQQQQ", buf)
    times = [struct.unpack_from("<qI", buf, 64 + 16 * n) for n in range(4)]
    rdev = struct.unpack_from("<II", buf, 128)
    fields = {"ino": ino, "mode": f"{mode:o}", "nlink": nlink, "owner": f"{uid}:{gid}",
              "size": size, "blocks": blocks, "blksize": blksize, "rdev": rdev}
    return fields | dict(zip(("atime", "btime", "ctime", "mtime"), times))


def ioctls(path):
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    results = {}
    for name, (number, size) in IOCTLS.items():
        buf = bytearray(size)
        try:
            fcntl.ioctl(fd, number, buf)
            results[name] = buf.hex()
        except OSError as e:
            results[name] = errno.errorcode[e.errno]
    os.close(fd)
    return results


def extents(fd, size):
    found, at = [], 0
    while at < size:
        try:
            data = os.lseek(fd, at, os.SEEK_DATA)
        except OSError as e:
            assert e.errno == errno.ENXIO
            break
        at = os.lseek(fd, data, os.SEEK_HOLE)
        found.append((data, at))
    return found


def contents(path, size):
    """Hash only the data: reading large holes would take long."""
    fd = os.open(path, os.O_RDONLY)
    total, found = hashlib.sha256(), extents(fd, size)
    for start, end in found:
        while start < end:
            piece = os.pread(fd, min(1 << 20, end - start), start)
            assert piece, f"{path}: ends at {start}"
            total.update(piece)
            start += len(piece)
    os.close(fd)
    return {"extents": found, "sha256": total.hexdigest()}


def read_metadata(path):
    metadata = statx(path)
    kind = stat.S_IFMT(int(metadata["mode"], 8))
    for name in sorted(os.listxattr(path, follow_symlinks=False)):
        metadata[name] = os.getxattr(path, name, follow_symlinks=False)
    if kind == stat.S_IFLNK:
        metadata["target"] = os.readlink(path)
    if kind in (stat.S_IFREG, stat.S_IFDIR):
        metadata |= ioctls(path)
    if kind == stat.S_IFREG:
        metadata |= contents(path, metadata["size"])
    return metadata


os.chdir(sys.argv[1])
fs = os.statvfs(".")
print("statfs", fs.f_bsize, fs.f_frsize, fs.f_blocks, fs.f_bfree, fs.f_bavail, fs.f_files,
      fs.f_ffree, fs.f_namemax)
paths = ["."]
for top, dirs, files in os.walk("."):
    paths += [os.path.join(top, name) for name in dirs + files]
for path in sorted(paths):
    print(repr(path))
    for key, value in read_metadata(path).items():
        print("   ", key, value)
