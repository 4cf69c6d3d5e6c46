#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Describe a tree, one line per file, so that two views of the tree can be compared.

    manifest.py tar TREE.tar XATTRS     the tree that went into the disk
    manifest.py dir DIRECTORY           a tree mounted on this machine (root)

A line: path, type, mode, uid, gid, mtime, size, device, links, target, xattrs,
separated by tabs and sorted by the path's bytes.  Backslash, tab and newline
in names are written \\\\, \\t, \\n; fields that do not apply are "-".  Links is
the number of names for a regular file; xattrs are name=hex, sorted.

tests/debian/walk.c prints the same through the library kernel.
"""
import os
import stat
import sys
import tarfile

KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "dir", stat.S_IFLNK: "link", stat.S_IFIFO: "fifo",
         stat.S_IFBLK: "block", stat.S_IFCHR: "char", stat.S_IFSOCK: "socket"}
TAR_KINDS = {tarfile.REGTYPE: "file", tarfile.AREGTYPE: "file", tarfile.DIRTYPE: "dir",
             tarfile.SYMTYPE: "link", tarfile.FIFOTYPE: "fifo", tarfile.BLKTYPE: "block",
             tarfile.CHRTYPE: "char"}


def escape(name):
    raw = name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name
    return raw.replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n")


def line(path, kind, mode, uid, gid, mtime, size, device, links, target, xattrs):
    fields = [escape(path), kind, f"{mode:04o}", str(uid), str(gid), str(int(mtime)),
              str(size) if kind in ("file", "link") else "-",
              "{}:{}".format(*device) if kind in ("block", "char") else "-",
              str(links) if kind == "file" else "-",
              escape(target) if kind == "link" else "-",
              ",".join(f"{n}={v.hex()}" for n, v in sorted(xattrs.items())) or "-"]
    return b"\t".join(f if isinstance(f, bytes) else f.encode() for f in fields)


def from_tar(tree, xattr_file):
    xattrs = {}
    with open(xattr_file, encoding="ascii") as lines:
        for path, name, value in (l.rstrip("\n").split("\t") for l in lines):
            xattrs.setdefault(path, {})[name] = bytes.fromhex(value)
    members = {}
    links = {}
    with tarfile.open(tree) as tar:
        for info in tar:
            path = info.name.removeprefix("./").strip("/")
            if path in ("", "."):
                continue
            first = info
            if info.islnk():
                first = members[info.linkname.removeprefix("./")]
            members[path] = first
            links.setdefault(id(first), []).append(path)
    for path, info in members.items():
        kind = TAR_KINDS[info.type]
        attributes = {}
        for name in links[id(info)]:
            attributes.update(xattrs.get(name, {}))
        size = len(info.linkname.encode()) if kind == "link" else info.size
        yield line(path, kind, info.mode & 0o7777, info.uid, info.gid, info.mtime, size,
                   (info.devmajor, info.devminor), len(links[id(info)]), info.linkname, attributes)


def from_directory(top):
    top = os.fsencode(top)
    for base, dirs, files in os.walk(top):
        for name in dirs + files:
            full = os.path.join(base, name)
            path = os.path.relpath(full, top)
            if path == b"lost+found":
                continue
            st = os.lstat(full)
            attributes = {n: os.getxattr(full, n, follow_symlinks=False)
                          for n in os.listxattr(full, follow_symlinks=False)}
            target = os.readlink(full) if stat.S_ISLNK(st.st_mode) else b""
            yield line(path, KINDS[stat.S_IFMT(st.st_mode)], stat.S_IMODE(st.st_mode), st.st_uid,
                       st.st_gid, st.st_mtime_ns // 10**9, st.st_size,
                       (os.major(st.st_rdev), os.minor(st.st_rdev)), st.st_nlink, target, attributes)


def main():
    lines = {"tar": from_tar, "dir": from_directory}[sys.argv[1]](*sys.argv[2:])
    ordered = sorted(lines, key=lambda l: l.split(b"\t", 1)[0])
    sys.stdout.buffer.write(b"".join(l + b"\n" for l in ordered))


main()
