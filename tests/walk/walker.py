#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""stat every file below DIRECTORY; print their number, also after every thousand files.

    walker.py DIRECTORY
"""
import os
import sys


def fail(error):
    sys.exit(str(error))


def main():
    nr = 0
    for directory, _, files in os.walk(sys.argv[1], onerror=fail):
        for name in files:
            os.lstat(os.path.join(directory, name))
            nr += 1
            if nr % 1000 == 0:
                print(nr, flush=True)
    print(nr)


main()
