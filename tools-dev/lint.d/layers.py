#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The picture of ARCHITECTURE.md, checked over the #include lines.

Arrows point down only: a file may include headers of its own directory, of the
rooms listed for its room, and the system's.  lib/host uses ISO C and POSIX
threads alone; what differs between hosts is behind lib/host/os.h.
"""
import os
import pathlib
import re
import sys

MAY = {
    "tools": {"include"},
    "bench": {"include", "lib/block", "lib/host", "lib/util", "kernel/abi"},
    "lib/image": {"include", "lib/lkl", "lib/crypt", "lib/block", "lib/host", "lib/util",
                  "kernel/abi"},
    "lib/crypt": set(),
    "lib/lkl": {"include", "lib/block", "lib/host", "lib/util", "kernel/abi"},
    "lib/block": {"lib/host", "lib/util", "kernel/abi"},
    "lib/host": {"lib/util", "kernel/abi"},
    "lib/host/linux": {"lib/util", "kernel/abi"},
    "lib/util": set(),
    "include": set(),
    "kernel/abi": set(),
    "kernel/overlay": {"kernel/abi"},
}

# What a port implements: the one header of lib/host that lib/host/linux sees.
PORT, PORT_HEADER = "lib/host/linux", "os.h"
# The system's headers that the neutral files of lib/host may use.
NEUTRAL = {"errno.h", "limits.h", "pthread.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h",
           "stdlib.h", "string.h"}


def room_of(path):
    for room in sorted(MAY, key=len, reverse=True):
        if path.is_relative_to(room):
            return room
    return None


def main():
    sources = [p for room in MAY for p in pathlib.Path(room).rglob("*") if p.suffix in (".c", ".h", ".S")]
    # Where a header lives; the kernel's own headers are the kernel's business.
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
                # By a path that stays below the overlay: the kernel's own, laid under it.
                if quoted and ".." in name and \
                        room_of(pathlib.Path(os.path.normpath(p.parent / name))) == room:
                    continue
                if quoted or not re.match(r"(asm|linux|uapi|asm-generic|generated|vdso|trace|kunit)\b", name):
                    rooms = home.get(pathlib.Path(name).name, set())
                    if rooms - {"kernel/abi"}:
                        print(f"{p}:{number}: the kernel must not know {name}")
                        bad = 1
                continue
            if name.startswith("lkl/") or name == "lkl.h":
                rooms = {"include"}
            elif quoted:
                rooms = home.get(pathlib.Path(name).name, set())
                if not rooms:
                    print(f'{p}:{number}: "{name}" is nowhere: <> for the system\'s headers')
                    bad = 1
                    continue
            else:
                if room == "lib/host" and name not in NEUTRAL:
                    print(f"{p}:{number}: lib/host is the same on every host: <{name}> belongs below {PORT}")
                    bad = 1
                continue
            if room == PORT and name == PORT_HEADER:
                continue
            if not rooms & (MAY[room] | {room}):
                print(f"{p}:{number}: {room} must not include {name} of {', '.join(sorted(rooms))}")
                bad = 1
    sys.exit(bad)


main()
