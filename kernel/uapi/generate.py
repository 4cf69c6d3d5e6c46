#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""generate.py - write the kernel's user-space interface with prefixed names

    generate.py KERNEL_SRC HEADERS OUT_INCLUDE OUT_C

HEADERS is the output directory of `make headers`.  Writes OUT_INCLUDE/lkl/, and into OUT_C
the functions that OUT_INCLUDE/lkl/syscalls.h declares.  The same input gives
the same output, and files whose content stays the same are not written.
"""
import pathlib
import sys

import headers
import syscalls

SOURCE_HEAD = "/* Made by kernel/uapi/generate.py: by-hand.c, then a function for each system call. */\n"
HERE = pathlib.Path(__file__).resolve().parent


def main():
    if len(sys.argv) != 5:
        sys.exit("usage: generate.py KERNEL_SRC HEADERS OUT_INCLUDE OUT_C")
    src, installed, include, out_c = map(pathlib.Path, sys.argv[1:])
    numbers = installed / "asm/unistd_64.h"
    if not numbers.exists():
        sys.exit(f"generate.py: {numbers} not found: run make headers first")
    calls = syscalls.table(src, numbers.read_text())

    tree = headers.Tree()
    tree.add_directory(installed)
    tree.add_directory(HERE / "extra")
    header = tree.add("syscalls.h", syscalls.header_text(calls))
    header.names.ordinary |= {f"sys_{name}" for name, _ in syscalls.functions(calls)}
    tree.prepare()
    tree.write(include / "lkl")

    by_hand = (HERE / "by-hand.c").read_text()
    source = headers.Header("syscalls.c", syscalls.source_text(calls, by_hand))
    text = headers.Writer(tree, source).text()
    headers.write_if_changed(out_c, SOURCE_HEAD + by_hand + "\n/* generated */\n\n" + text)


if __name__ == "__main__":
    try:
        main()
    except ValueError as err:
        sys.exit(f"generate.py: {err}")
