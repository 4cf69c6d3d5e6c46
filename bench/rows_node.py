# SPDX-License-Identifier: GPL-2.0
"""Rows of the package for Node.js, compared with node:fs on the files themselves."""
import os
import random

from measure import BUILD, TOP, Skip, out, quiet

ENTRIES = 10_000
LARGE = 1 << 30

COMPARED = [
    ("node: readFileSync, 4 KiB", "readFileSync", 1.0),
    ("node: promises.readFile, 4 KiB", "readFile", 1.0),
    ("node: 64 promises.readFile at once", "readFile64", 1.0),
    ("node: readdirSync with types, 10,000", "readdir", 0.7),
    ("node: promises.readdir with types, 10,000", "readdirAsync", 0.7),
    ("node: statSync", "statSync", 1.0),
    ("node: createReadStream, 1 GiB", "stream", 1.2),
]


def add(t, scratch):
    made = {}

    def image():
        if not (BUILD / "lib/node_modules/@anyfs/native/index.js").exists():
            raise Skip("the package is not built: make node")
        if not made:
            made["tree"] = make_tree(scratch / "node")
            made["image"] = scratch / "node.img"
            quiet("truncate", "-s", "1300M", made["image"])
            quiet("mkfs.ext4", "-q", "-d", made["tree"], made["image"])
        return made["image"], made["tree"]

    def numbers(row):
        os.environ["NODE_PATH"] = str(BUILD / "lib/node_modules")
        return out("node", TOP / "bench/node.js", row, *image())

    for name, row, target in COMPARED:
        t.row(name, "s", target, lambda row=row: numbers(row))
    t.row("node: require to the first byte", "s", 0.060,
          lambda: (min(numbers("first-byte")[0] for _ in range(5)), None))
    t.row("node: memory of an open disk", "MiB", 40,
          lambda: (numbers("memory")[0] / (1 << 20), None))


def make_tree(top):
    rng = random.Random(1)
    (top / "many").mkdir(parents=True)
    for n in range(ENTRIES):
        (top / "many" / f"file-{n}").touch()
    (top / "small").write_bytes(rng.randbytes(4096))
    with open(top / "large", "wb") as f:
        for _ in range(LARGE >> 20):
            f.write(rng.randbytes(1 << 20))
    return top
