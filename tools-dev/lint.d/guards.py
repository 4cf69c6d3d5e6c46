#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check the include guards of headers outside the kernel.

A guard is unique, ends with the name of its file, and its other words are ANYFS or words of the
path: lib/block/nbd.h has ANYFS_BLOCK_NBD_H.
"""
import pathlib
import re
import subprocess
import sys

homes, bad = {}, 0
for path in subprocess.check_output(["git", "ls-files", "*.h"], text=True).split():
    header = pathlib.Path(path)
    if path.startswith(("kernel/", "ts/kernel/")) or not header.exists():
        continue
    m = re.search(r"^#ifndef (\w+_H)$", header.read_text(), re.M)
    if not m:
        continue
    words = re.sub(r"\W", "_", path.upper()).split("_")
    name = re.sub(r"\W", "_", header.name.upper())
    before = re.fullmatch(rf"((?:[A-Z0-9]+_)*){name}", m[1])
    if not before or not set(before[1].split("_")) <= {"", "ANYFS", *words}:
        print(f"{path}: the include guard {m[1]} does not follow the path")
        bad = 1
    if homes.setdefault(m[1], path) != path:
        print(f"{path}: {homes[m[1]]} has the same include guard")
        bad = 1
sys.exit(bad)
