#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Archives for the tests of tar-in, written without root.

    make-tar.py full FILE       one of everything
    make-tar.py hostile FILE    entries that try to escape from the destination
    make-tar.py names FILE      long and odd names
    make-tar.py show FILE       print the entries of an archive, a line each, sorted
"""
import hashlib
import io
import struct
import sys
import tarfile

ACL = struct.pack("<I" + "HHI" * 5, 2, 1, 7, 0xffffffff, 2, 6, 1234, 4, 5, 0xffffffff,
                  16, 7, 0xffffffff, 32, 4, 0xffffffff)


def entry(name, kind=tarfile.REGTYPE, mode=0o644, data=b"", **more):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.mode = mode
    info.size = len(data)
    info.mtime = 1000000000
    for key, value in more.items():
        setattr(info, key, value)
    return info, io.BytesIO(data)


def write(path, entries):
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT, errors="surrogateescape") as tar:
        for info, data in entries:
            tar.addfile(info, data if info.isreg() else None)


def raw(value):
    return value.decode("utf-8", "surrogateescape")


def full(path):
    times = {"mtime": "1234567890.123456789", "atime": "1111111111.987654321"}
    attributes = {"SCHILY.xattr.user.colour": "blue", "SCHILY.xattr.trusted.t": "x",
                  "SCHILY.xattr.security.selinux": "system_u:object_r:etc_t:s0",
                  "SCHILY.acl.access": "user::rw-,user:1234:rw-,group::r--,mask::rw-,other::r--"}
    write(path, [
        entry("./", tarfile.DIRTYPE, 0o755, uid=0, gid=0),
        entry("dir/", tarfile.DIRTYPE, 0o2750, uid=10, gid=20,
              pax_headers={"SCHILY.acl.default": "user::rwx,user:1234:rw-,group::r-x,mask::rwx,other::r--"}),
        entry("dir/file", data=b"content\n" * 1000, mode=0o640, uid=4242, gid=100000,
              pax_headers=times),
        entry("dir/plain", data=b"inherits nothing\n"),
        entry("dir/suid", data=b"x", mode=0o4755, uid=77, gid=88),
        entry("dir/hard", tarfile.LNKTYPE, linkname="dir/file"),
        entry("soft", tarfile.SYMTYPE, 0o777, linkname="dir/file", uid=5, gid=6),
        entry("dangling", tarfile.SYMTYPE, 0o777, linkname="/nowhere/at all"),
        entry("null", tarfile.CHRTYPE, 0o666, devmajor=1, devminor=3),
        entry("disk", tarfile.BLKTYPE, 0o660, devmajor=259, devminor=70000, gid=6),
        entry("fifo", tarfile.FIFOTYPE, 0o600),
        entry("attributes", data=b"a", pax_headers=attributes),
        entry("empty"),
        entry("no/parents/here", data=b"p"),
    ])


def hostile(path):
    write(path, [
        entry("/absolute", data=b"evil"),
        entry("../dotdot", data=b"evil"),
        entry("a/../../dotdot", data=b"evil"),
        entry("out", tarfile.SYMTYPE, linkname="../../../../.."),
        entry("out/via-link", data=b"evil"),
        entry("abs", tarfile.SYMTYPE, linkname="/"),
        entry("abs/via-absolute", data=b"evil"),
        entry("up", tarfile.SYMTYPE, linkname=".."),
        entry("up/outside", data=b"evil"),
        entry("hard", tarfile.LNKTYPE, linkname="../secret"),
        entry("hard2", tarfile.LNKTYPE, linkname="/secret"),
        entry("loop", tarfile.SYMTYPE, linkname="loop"),
        entry("loop/x", data=b"evil"),
        entry("good", data=b"good"),
    ])


def names(path):
    long = "/".join(["d" * 200] * 12)
    deep = "/".join(["n" * 250] * 20)
    write(path, [
        entry("x" * 255, data=b"255"),
        entry("y" * 256, data=b"256"),
        entry(long + "/end", data=b"long"),
        entry(deep + "/end", data=b"deep"),
        entry(raw(b"bad\xff\xfebyte"), data=b"b"),
        entry("new\nline and tab\t", data=b"n"),
        entry("n\u00e4me \u4e2d\u6587", data=b"u"),
        entry("-r", data=b"-"),
    ])


def digest(tar, info):
    if not info.isreg():
        return "-"
    return hashlib.sha256(tar.extractfile(info).read()).hexdigest()[:16]


def show(path):
    lines = []
    with tarfile.open(path, errors="surrogateescape") as tar:
        for info in tar:
            more = {k: v for k, v in info.pax_headers.items()
                    if k.startswith(("SCHILY.xattr", "SCHILY.acl")) and "posix_acl" not in k}
            # "user:1234:rw-:1234": the number once more, which only some programs write
            more = {k: ",".join(sorted(":".join(e.split(":")[:3]) for e in v.split(",")))
                    if "acl" in k else v for k, v in more.items()}
            mode = "acl" if "SCHILY.acl.access" in more else f"{info.mode & 0o7777:o}"
            name = info.name.rstrip("/") or "."
            lines.append(f"{name!r} {info.type} {mode} {info.uid}:{info.gid} "
                         f"{info.pax_headers.get('mtime', int(info.mtime))} {info.linkname!r} "
                         f"{info.devmajor}:{info.devminor} {info.size if info.isreg() else 0} "
                         f"{digest(tar, info)} {sorted(more.items())}"
                         if not info.islnk() else f"{name!r} = {info.linkname!r}")
    print("\n".join(sorted(lines)))


{"full": full, "hostile": hostile, "names": names, "show": show}[sys.argv[1]](sys.argv[2])
