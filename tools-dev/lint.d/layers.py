#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check the layers of ARCHITECTURE.md on the #include lines.

A file may include headers of its own directory, of the directories that MAY lists for that
directory, and of the system.  lib/host uses only ISO C and POSIX threads; everything that differs
between hosts is behind lib/host/os.h.
"""
import os
import pathlib
import re
import sys

MAY = {
    # The library does not export lib/util: only inline functions can be used.
    "tools": {"include", "lib/util"},
    "tools/sources": {"tools", "lib/util"},
    "bindings/node": {"include"},
    "bindings/node/worker": {"bindings/node", "include", "tools"},
    "bench": {"include", "lib/block", "lib/host", "lib/util", "kernel/abi"},
    "lib/image": {"include", "lib/lkl", "lib/crypt", "lib/block", "lib/host", "lib/util",
                  "kernel/abi"},
    # crypt.so is a separate shared object: it may use only headers of lib/util.
    "lib/crypt": {"lib/util"},
    "lib/codecs": set(),
    "lib/lkl": {"include", "lib/block", "lib/host", "lib/util", "kernel/abi"},
    "lib/block": {"lib/codecs", "lib/host", "lib/util", "kernel/abi"},
    "lib/host": {"lib/util", "kernel/abi"},
    "lib/host/linux": {"lib/util", "kernel/abi"},
    "lib/util": set(),
    "include": set(),
    "kernel/abi": set(),
    "kernel/overlay": {"kernel/abi"},
}

# The only header of lib/host that lib/host/linux may include: the interface of a port.
PORT, PORT_HEADER = "lib/host/linux", "os.h"
# The system headers that the portable files of lib/host may include.
NEUTRAL = {"errno.h", "limits.h", "pthread.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h",
           "stdlib.h", "string.h"}


def room_of(path):
    for room in sorted(MAY, key=len, reverse=True):
        if path.is_relative_to(room):
            return room
    return None


def main():
    sources = [p for room in MAY for p in pathlib.Path(room).rglob("*") if p.suffix in (".c", ".h", ".S")]
    # The directories of each header; the kernel's own headers are not checked.
    home = {}
    for p in sources:
        if p.suffix == ".h" and room_of(p) != "kernel/overlay":
            home.setdefault(p.name, set()).add(room_of(p))
    bad = 0
    for p in sorted(sources):
        room = room_of(p)
        for number, line in enumerate(p.read_text().splitlines(), 1):
            m = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
            if not m:
                continue
            quoted, name = m[1] == '"', m[2]
            if (p.parent / name).exists() and quoted:
                continue
            if room == "kernel/overlay":
                # A relative path within the overlay means a header of the kernel source.
                if quoted and ".." in name and \
                        room_of(pathlib.Path(os.path.normpath(p.parent / name))) == room:
                    continue
                if quoted or not re.match(r"(asm|linux|uapi|asm-generic|generated|vdso|trace|kunit)\b", name):
                    rooms = home.get(pathlib.Path(name).name, set())
                    if rooms - {"kernel/abi"}:
                        print(f"{p}:{number}: the kernel must not include {name}")
                        bad = 1
                continue
            if name.startswith("lkl/") or name == "lkl.h":
                rooms = {"include"}
            elif quoted:
                rooms = home.get(pathlib.Path(name).name, set())
                if not rooms:
                    print(f'{p}:{number}: "{name}" does not exist: use <> for system headers')
                    bad = 1
                    continue
            else:
                if room == "lib/host" and name not in NEUTRAL:
                    print(f"{p}:{number}: lib/host is portable: include <{name}> only in {PORT}")
                    bad = 1
                continue
            if room == PORT and name == PORT_HEADER:
                continue
            if not rooms & (MAY[room] | {room}):
                print(f"{p}:{number}: {room} must not include {name} of {', '.join(sorted(rooms))}")
                bad = 1
    sys.exit(bad)


main()
