#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Print the expected output of `anyfs hash` for a tree:	hashes.py tar TREE.tar | dir DIRECTORY

One line "path<TAB>size<TAB>sha256" for every regular file, sorted by bytes.
"""
import hashlib
import os
import sys
import tarfile


def escape(raw):
    return raw.replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n")


def from_tar(tree):
    seen = {}
    with tarfile.open(tree) as tar:
        for info in tar:
            path = info.name.removeprefix("./")
            if info.islnk():
                seen[path] = seen[info.linkname.removeprefix("./")]
            elif info.isreg():
                data = tar.extractfile(info).read()
                seen[path] = (len(data), hashlib.sha256(data).hexdigest())
    return {os.fsencode(p): v for p, v in seen.items()}


def from_directory(top):
    top = os.fsencode(top)
    seen = {}
    for base, _, files in os.walk(top):
        for name in files:
            full = os.path.join(base, name)
            if os.path.isfile(full) and not os.path.islink(full):
                with open(full, "rb") as f:
                    digest = hashlib.file_digest(f, "sha256").hexdigest()
                seen[os.path.relpath(full, top)] = (os.path.getsize(full), digest)
    return seen


def main():
    seen = {"tar": from_tar, "dir": from_directory}[sys.argv[1]](*sys.argv[2:])
    for path in sorted(seen):
        size, digest = seen[path]
        sys.stdout.buffer.write(escape(path) + f"\t{size}\t{digest}\n".encode())


main()
