#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Add kinds of files to a Debian tree that a minimal system lacks.

    extras.py IN.tar OUT.tar XATTRS

OUT.tar is IN.tar plus /anyfs-extras: odd names, special files, hard links,
sparse and empty files, long symbolic links, far times.  XATTRS gets the
extended attributes of the tree, one "path<TAB>name<TAB>hex" a line; they
are not in the tar file, because only root could set some of them while unpacking.
"""
import copy
import io
import sys
import tarfile

ROOT = "./anyfs-extras"
T0 = 1704067200		# 2024-01-01

XATTRS = [
    ("anyfs-extras/xattr-user", "user.comment", b"a word about this file"),
    ("anyfs-extras/xattr-user", "user.empty", b""),
    ("anyfs-extras/xattr-user", "user.binary", bytes(range(256))),
    ("anyfs-extras/xattr-trusted", "trusted.overlay.opaque", b"y"),
    # VFS_CAP_REVISION_2 with the effective bit, CAP_NET_RAW permitted
    ("anyfs-extras/xattr-caps", "security.capability",
     bytes.fromhex("0100000200200000000000000000000000000000")),
    ("anyfs-extras/xattr-big", "user.big", b"x" * 3000),
    ("anyfs-extras", "user.on-a-directory", b"1"),
]


def pattern(n):
    """Bytes that differ from block to block."""
    return b"".join(b"%015d\n" % i for i in range(n // 16))


def entry(name, kind, mode=0o644, uid=0, gid=0, mtime=T0, **more):
    info = tarfile.TarInfo(f"{ROOT}/{name}" if name else ROOT)
    info.type, info.mode, info.uid, info.gid, info.mtime = kind, mode, uid, gid, mtime
    for key, value in more.items():
        setattr(info, key, value)
    return info


def extras():
    reg, sym, link, directory = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE
    yield entry("", directory, 0o755), None
    for name in ("xattr-user", "xattr-trusted", "xattr-caps", "xattr-big"):
        yield entry(name, reg), b"has extended attributes\n"
    yield entry("empty", reg), b""
    yield entry("big", reg), pattern(8 << 20)
    yield entry("not-a-block", reg, mtime=1), pattern(8192) + b"tail"
    yield entry("secret", reg, 0o000, 1000, 1000), b"mode 0000\n"
    yield entry("setuid", reg, 0o4755, 0, 42), b"#!/bin/true\n"
    yield entry("setgid-sticky", directory, 0o3770, 65534, 65534), None
    yield entry("large-ids", reg, uid=2000000000, gid=3000000000), b"32-bit owners\n"
    yield entry("before-1970", reg, mtime=-86400), b"old\n"
    yield entry("after-2038", reg, mtime=4102444800), b"2100\n"
    for name in ("a space", "tab\there", "new\nline", "back\\slash", "quote\"'", "\u00fcml\u00e4ut-\u65e5\u672c",
                 "-dash", "n" * 255):
        yield entry(f"setgid-sticky/{name}", reg), name.encode()
    yield entry("hard-1", reg, 0o600), b"three names\n"
    yield entry("hard-2", link, linkname=f"{ROOT}/hard-1"), None
    yield entry("setgid-sticky/hard-3", link, linkname=f"{ROOT}/hard-1"), None
    yield entry("link-dangling", sym, 0o777, linkname="nowhere"), None
    yield entry("link-absolute", sym, 0o777, linkname="/etc/os-release"), None
    yield entry("link-up", sym, 0o777, linkname="../../../../etc/passwd"), None
    yield entry("link-loop", sym, 0o777, linkname="link-loop"), None
    yield entry("link-long", sym, 0o777, linkname="x/" * 500 + "end"), None
    yield entry("link-owned", sym, 0o777, 1000, 1001, linkname="empty"), None
    yield entry("fifo", tarfile.FIFOTYPE, 0o622), None
    yield entry("block", tarfile.BLKTYPE, 0o660, 0, 6, devmajor=8, devminor=17), None
    yield entry("char", tarfile.CHRTYPE, 0o600, devmajor=240, devminor=70000), None
    yield entry("many", directory, 0o755), None
    for i in range(1200):
        yield entry(f"many/file-with-a-longish-name-{i:05}", reg), b"%d\n" % i


def main():
    source, dest, xattrs = sys.argv[1:]
    with tarfile.open(source) as old, tarfile.open(dest, "w", format=tarfile.PAX_FORMAT) as new:
        for info in old:
            new.addfile(copy.copy(info), old.extractfile(info) if info.isreg() else None)
        for info, data in extras():
            if data is not None:
                info.size = len(data)
            new.addfile(info, io.BytesIO(data) if data is not None else None)
    with open(xattrs, "w", encoding="ascii") as out:
        for path, name, value in XATTRS:
            out.write(f"{path}\t{name}\t{value.hex()}\n")


main()
