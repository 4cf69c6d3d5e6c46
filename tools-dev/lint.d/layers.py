#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The picture of ARCHITECTURE.md, checked over the #include lines.

Arrows point down only: a file may include headers of its own folder, of the
rooms listed for its room, and the system's.
"""
import os
import pathlib
import re
import sys

MAY = {
    "tools": {"include"},
    "bench": {"include", "lib/block", "lib/host", "lib/util", "kernel/abi"},
    "lib/image": {"include", "lib/lkl", "lib/block", "lib/host", "lib/util", "kernel/abi"},
    "lib/lkl": {"include", "lib/block", "lib/host", "lib/util", "kernel/abi"},
    "lib/block": {"lib/host", "lib/util", "kernel/abi"},
    "lib/host": {"lib/util", "kernel/abi"},
    "lib/util": set(),
    "include": set(),
    "kernel/abi": set(),
    "kernel/overlay": {"kernel/abi"},
}


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
                continue
            if not rooms & (MAY[room] | {room}):
                print(f"{p}:{number}: {room} must not include {name} of {', '.join(sorted(rooms))}")
                bad = 1
    sys.exit(bad)


main()
